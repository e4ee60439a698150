package dev.redrive.http;

import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read, as declared in a provider's Retrofit interface. It is repeated after I/O errors, 408, 429
 * and 5xx, until it succeeds, the attempts are used up or the client's deadline passes.
 *
 * @param <T> the body of a 2xx response
 */
public interface Read<T> {
  /**
   * Makes the request and returns the body of the response.
   *
   * @throws dev.redrive.RedriveException if the read fails
   */
  T get();

  /**
   * Makes the request for one thing; empty if the provider does not have it. A 404 without a
   * message of the API may come from a proxy, so it is a failure.
   *
   * @throws dev.redrive.RedriveException if the read fails
   */
  default Optional<T> find() {
    try {
      return Optional.of(get());
    } catch (NotFoundException e) {
      if (e.call().message() == null) {
        throw new MalformedResponseException(e.call(), e);
      }
      return Optional.empty();
    }
  }

  /**
   * Makes the request and returns the response with the information from its headers.
   *
   * @throws dev.redrive.RedriveException if the read fails
   */
  Answer<T> answer();

  /**
   * A 2xx response.
   *
   * @param body its body
   * @param clock the provider's clock when it responded; null if the response has no {@code Date}
   * @param nextPage returns the value of a query parameter in the URL of the next page ({@code
   *     Link} header, {@code rel="next"}); null if no next page is named. Throws {@link
   *     dev.redrive.MalformedResponseException} if the URL lacks that parameter
   */
  record Answer<T>(
      T body, @Nullable ProviderClock clock, Function<String, @Nullable String> nextPage) {}

  /**
   * The provider's clock and the client's clock at the same moment. Only durations of the two are
   * compared, never times, because the clocks may differ.
   *
   * @param provider the time by the provider's clock, in whole seconds
   * @param client the time by the client's clock when the response had arrived
   */
  record ProviderClock(Instant provider, Instant client) {
    /** Returns the provider's time for a time by the client's clock. */
    public Instant at(Instant clientTime) {
      return provider.minus(Duration.between(clientTime, client));
    }
  }
}
