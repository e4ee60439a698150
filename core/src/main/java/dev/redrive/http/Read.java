package dev.redrive.http;

/**
 * A read of a provider's API, as declared in its Retrofit interface: sent again on I/O errors, 408,
 * 429 and 5xx until it succeeds or the client's deadline passes.
 *
 * @param <T> the body of a 2xx answer
 */
@FunctionalInterface
public interface Read<T> {
  /**
   * The answer.
   *
   * @throws dev.redrive.RedriveException if there is none
   */
  T get();
}
