package dev.redrive.http;

/** A 2xx answer that tells all by its status: whatever its body holds is not read. */
public enum NoBody {
  /** The one there is. */
  NO_BODY
}
