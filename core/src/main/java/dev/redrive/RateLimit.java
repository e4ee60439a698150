package dev.redrive;

import java.time.Duration;
import java.util.Objects;

/**
 * A limit on retry requests that a provider documents, per account.
 *
 * @param scope which requests it counts
 * @param requests how many of them are allowed in each window
 * @param window the window's length
 */
public record RateLimit(Scope scope, int requests, Duration window) {
  /** Which requests a limit counts. */
  public enum Scope {
    /** Requests that retry many deliveries at once. */
    BULK_RETRY,
    /** Requests that retry a single delivery. */
    SINGLE_RETRY,
    /** All retry requests. */
    RETRY,
    /** All requests, reads too. */
    ALL
  }

  public RateLimit {
    Objects.requireNonNull(scope, "scope");
    if (requests < 1 || window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException(
          "A rate limit allows at least 1 request in a positive window, not "
              + requests
              + " in "
              + window);
    }
  }
}
