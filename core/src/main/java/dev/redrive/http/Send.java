package dev.redrive.http;

/**
 * A request that changes something, as declared in a provider's Retrofit interface. It is sent
 * once. It is sent again only if the provider certainly did not receive it, or returned 429.
 *
 * @param <T> the body of a 2xx response
 */
@FunctionalInterface
public interface Send<T> {
  /** Sends the request. Failures of the provider or the network are returned, not thrown. */
  Sent<T> once();
}
