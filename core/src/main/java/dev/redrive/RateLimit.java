package dev.redrive;

import java.time.Duration;
import java.util.Objects;

/**
 * A documented limit on requests, per account. Its constructor throws {@link
 * IllegalArgumentException} unless it allows at least one request in a positive window.
 *
 * @param scope which requests count
 * @param requests how many are allowed in each window
 * @param window the length of the window
 */
public record RateLimit(Scope scope, int requests, Duration window) {
  /** Which requests count towards a limit. */
  public enum Scope {
    /** Requests that retry many deliveries at once. */
    BULK_RETRY,
    /** Requests that retry a single delivery. */
    SINGLE_RETRY,
    /** All retry requests. */
    RETRY,
    /** All requests, including reads. */
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
