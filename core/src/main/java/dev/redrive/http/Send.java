package dev.redrive.http;

/**
 * A request that changes something, as declared in a provider's Retrofit interface. It goes out
 * once: it is sent again only when the provider certainly did not get it, or answered 429.
 *
 * @param <T> the body of a 2xx answer
 */
@FunctionalInterface
public interface Send<T> {
  /** Sends it; never throws for what the provider or the network does. */
  Sent<T> once();
}
