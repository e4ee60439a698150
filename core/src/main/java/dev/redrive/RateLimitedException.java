package dev.redrive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The provider asks to slow down (429, or any other {@code Retry-After} in answer to a read), for
 * longer than this client waits by itself.
 */
public final class RateLimitedException extends RedriveException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  /**
   * @param call the failed call
   * @param retryAfter how long the provider asks to wait; null if it does not say
   */
  public RateLimitedException(FailedCall call, @Nullable Duration retryAfter) {
    super(
        call,
        retryAfter == null
            ? "Wait and try again at a lower rate."
            : "Try again in " + retryAfter.toSeconds() + " s.",
        true,
        null);
    this.retryAfter = retryAfter;
  }

  /** How long the provider asks to wait; null if it does not say. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
