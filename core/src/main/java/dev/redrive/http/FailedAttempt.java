package dev.redrive.http;

import dev.redrive.AuthenticationException;
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

  /** Whether the request may have left; false means that it certainly did not. */
  boolean sent() {
    return sent;
  }

  /** How long to wait before the next try, by the provider's answer or documents; null if open. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the provider refused the key itself, and may take another one. */
  boolean isKeyRefused() {
    Integer status = error.call().httpStatus();
    return error instanceof AuthenticationException && status != null && status == 401;
  }

  /** Whether the provider certainly did no work. */
  boolean notDone() {
    return !sent || error instanceof RateLimitedException;
  }
}
