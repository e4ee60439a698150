package dev.redrive;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The provider asks to wait (429, or {@code Retry-After} in any other response to a read), for
 * longer than the client waits by itself. If a 429 does not say for how long, the provider's
 * documented limit applies.
 */
public final class RateLimitedException extends RedriveException {
  private static final long serialVersionUID = 1L;

  private static final String NO_TIME =
      "the provider returned 429 and did not say how long to wait";

  private final @Nullable Duration retryAfter;
  private final String waitReason;

  /**
   * @param call the failed call
   * @param retryAfter how long the provider asks to wait; null if it does not say
   */
  public RateLimitedException(FailedCall call, @Nullable Duration retryAfter) {
    this(
        call,
        retryAfter == null
            ? "Wait and try again at a lower rate."
            : "Try again in " + retryAfter.toSeconds() + " s.",
        retryAfter,
        retryAfter == null
            ? NO_TIME
            : "the provider asked for it ("
                + Objects.requireNonNullElse(call.httpStatus(), 429)
                + ")");
  }

  /**
   * A 429 that does not say how long to wait.
   *
   * @param call the failed call
   * @param window the window of the provider's documented limit
   * @param limit that limit, in words, such as {@code 5 calls per 15 min}
   */
  public RateLimitedException(FailedCall call, Duration window, String limit) {
    this(
        new FailedCall(
            call.provider(),
            call.operation(),
            call.httpStatus(),
            call.code(),
            (call.message() == null || call.message().isBlank() ? "" : call.message() + "; ")
                + documented(limit),
            call.requestId()),
        "Try again in " + window.toSeconds() + " s.",
        window,
        documented(limit));
  }

  private RateLimitedException(
      FailedCall call, String advice, @Nullable Duration retryAfter, String waitReason) {
    super(call, advice, true, null);
    this.retryAfter = retryAfter;
    this.waitReason = waitReason;
  }

  private static String documented(String limit) {
    return NO_TIME + "; its documented limit is " + limit;
  }

  /**
   * Returns how long to wait: what the provider asked for or, if it did not say, the window of its
   * documented limit; null if there is neither.
   */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Returns, in words, where {@link #retryAfter()} comes from: the response or a documented limit.
   */
  public String waitReason() {
    return waitReason;
  }
}
