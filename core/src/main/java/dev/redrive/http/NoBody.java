package dev.redrive.http;

/**
 * The body of a 2xx response whose content does not matter: it is not parsed. But an HTML page,
 * such as a login page, is not the provider's response.
 */
public enum NoBody {
  /** The only value. */
  NO_BODY
}
