package dev.redrive.http;

/** The body of a 2xx response whose content does not matter: it is not parsed. */
public enum NoBody {
  /** The only value. */
  NO_BODY
}
