package dev.redrive.keycloak;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that the extension makes by itself after one that was answered with a failure: each
 * pause is five times as long as the one before, from 500 ms up to 3 min, give or take half of it.
 * It begins no attempt later than 15 min after the first (the extension's source, {@code
 * HttpSenderEventListenerProvider}). A resend begins anew.
 */
final class OwnRetries {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(3);
  private static final int FACTOR = 5;

  /** For the endpoint to answer, and for the record to be written. */
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  /** After this time without another attempt, there will be none. */
  static final Duration LONGEST_PAUSE = longest(MOST_PAUSE);

  /** How long after a resend the extension may still be making attempts. */
  static final Duration LONGEST_TRYING =
      Duration.ofMinutes(15).plus(LONGEST_PAUSE).plus(LONGEST_PAUSE);

  private OwnRetries() {}

  /**
   * Returns how long after a failed attempt another one may still come. There may have been one
   * more attempt than was recorded.
   *
   * @param recorded how many attempts were recorded, those of earlier resends included: the pause
   *     is never longer than after so many
   */
  static Duration pauseAfter(@Nullable Integer recorded) {
    Duration pause = FIRST_PAUSE;
    for (int i = 0; recorded != null && i < recorded; i++) {
      pause = pause.multipliedBy(FACTOR);
      if (pause.compareTo(MOST_PAUSE) >= 0) {
        return LONGEST_PAUSE;
      }
    }
    return recorded == null || recorded < 1 ? LONGEST_PAUSE : longest(pause);
  }

  private static Duration longest(Duration pause) {
    return pause.plus(pause.dividedBy(2)).plus(ATTEMPT);
  }
}
