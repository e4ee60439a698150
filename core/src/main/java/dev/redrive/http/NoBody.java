package dev.redrive.http;

/**
 * The body of a 2xx response that says nothing: none at all, or a JSON object whose fields do not
 * matter. Anything else, such as a login page or broken JSON, is not the provider's response.
 */
public enum NoBody {
  /** The only value. */
  NO_BODY
}
