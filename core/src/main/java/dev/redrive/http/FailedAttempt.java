package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failed attempt to send a request, and whether the provider may have received it. */
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

  /** Whether the request may have been sent; false means that it certainly was not. */
  boolean sent() {
    return sent;
  }

  /**
   * Returns how long to wait before the next attempt, as the response or the provider's
   * documentation says; null if neither does.
   */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the provider refused the key itself, and may accept another one. */
  boolean isKeyRefused() {
    Integer status = error.call().httpStatus();
    return error instanceof AuthenticationException && status != null && status == 401;
  }

  /** Whether the provider certainly did not process the request. */
  boolean notDone() {
    return !sent || error instanceof RateLimitedException;
  }
}
