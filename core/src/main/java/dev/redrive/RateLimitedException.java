package dev.redrive;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The provider asks to slow down (429, or any other {@code Retry-After} in answer to a read), for
 * longer than this client waits by itself. Where a 429 does not say for how long, the limit that
 * the provider documents is taken.
 */
public final class RateLimitedException extends RedriveException {
  private static final long serialVersionUID = 1L;

  private static final String NO_TIME = "the provider answered 429 without saying for how long";

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
            : "the provider asks for it ("
                + Objects.requireNonNullElse(call.httpStatus(), 429)
                + ")");
  }

  /**
   * A 429 that does not say for how long.
   *
   * @param call the failed call
   * @param window how long the provider's documented limit holds
   * @param limit that limit, in words: {@code 5 calls per 15 min}
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
   * How long to wait: what the provider asks for, or where it does not say, what it documents; null
   * if it does neither.
   */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Where {@link #retryAfter()} comes from, in words: the provider's answer or its documents. */
  public String waitReason() {
    return waitReason;
  }
}
