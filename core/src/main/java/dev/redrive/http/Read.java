package dev.redrive.http;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read of a provider's API, as declared in its Retrofit interface: sent again on I/O errors, 408,
 * 429 and 5xx until it succeeds or the client's deadline passes.
 *
 * @param <T> the body of a 2xx answer
 */
public interface Read<T> {
  /**
   * The answer's body.
   *
   * @throws dev.redrive.RedriveException if there is none
   */
  T get();

  /**
   * The answer, with what its headers tell.
   *
   * @throws dev.redrive.RedriveException if there is none
   */
  Answer<T> answer();

  /**
   * A 2xx answer.
   *
   * @param body its body
   * @param clock the provider's clock when it answered; null if the answer has no date
   * @param nextPage gives, for the name of a query parameter, its value in the address of the next
   *     page ({@code Link} header, {@code rel="next"}); null if no next page is named. Throws
   *     {@link dev.redrive.MalformedResponseException} if one is named without that parameter
   */
  record Answer<T>(
      T body, @Nullable ProviderClock clock, Function<String, @Nullable String> nextPage) {}

  /**
   * A provider's clock beside the client's. Times of the two are never compared, only durations.
   *
   * @param provider what the provider's clock showed, in whole seconds
   * @param client what the client's clock showed once the answer was there
   */
  record ProviderClock(Instant provider, Instant client) {
    /** What the provider's clock showed when the client's showed {@code clientTime}. */
    public Instant at(Instant clientTime) {
      return provider.minus(Duration.between(clientTime, client));
    }
  }
}
