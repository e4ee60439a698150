package dev.redrive.http;

import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One try of a request that failed, and whether the provider may have got it. */
final class FailedAttempt extends Exception {
  private static final long serialVersionUID = 1L;

  private final RedriveException error;
  private final boolean sent;
  private final @Nullable Duration retryAfter;

  FailedAttempt(RedriveException error, boolean sent, @Nullable Duration retryAfter) {
    super(error.getMessage(), error, false, false);
    this.error = error;
    this.sent = sent;
    this.retryAfter = retryAfter;
  }

  RedriveException error() {
    return error;
  }

  /** Whether the request may have left; false means that it surely did not. */
  boolean sent() {
    return sent;
  }

  /** How long the provider asks to wait; null if it does not say. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  boolean surelyUndone() {
    return !sent || error instanceof RateLimitedException;
  }
}
