package dev.redrive.voiso;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rounds the bounds of a period to whole seconds, as in all examples of Voiso's documentation. The
 * period never gets smaller.
 */
final class WholeSeconds {
  private WholeSeconds() {}

  /** Rounds a lower bound down. */
  static @Nullable Instant down(@Nullable Instant from) {
    return from == null ? null : from.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Rounds an upper bound up. */
  static @Nullable Instant up(@Nullable Instant until) {
    Instant second = down(until);
    return second == null || second.equals(until) ? second : second.plusSeconds(1);
  }
}
