package dev.redrive.http;

/**
 * A key or token that may change while a client is open, such as a token that expires.
 * Implementations must be thread-safe.
 */
@FunctionalInterface
public interface Credentials {
  /**
   * Returns the key for the next request, without a prefix such as {@code Bearer}. It is called
   * before each request, on the caller's thread: cache a key that takes long to get.
   *
   * @throws dev.redrive.RedriveException if there is no key now. The request was not sent then, and
   *     is tried again if the exception is retryable
   */
  String current();

  /**
   * Called when the provider refused a request with 401. If {@link #current} then returns another
   * key, the request is sent once more with it.
   *
   * @param credential the key of that request; {@link #current} may have returned others since
   */
  default void refused(String credential) {}
}
