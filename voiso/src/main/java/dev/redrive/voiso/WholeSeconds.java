package dev.redrive.voiso;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Bounds in whole seconds, as all times of Voiso's documentation are; never narrower. */
final class WholeSeconds {
  private WholeSeconds() {}

  /** A lower bound. */
  static @Nullable Instant down(@Nullable Instant from) {
    return from == null ? null : from.truncatedTo(ChronoUnit.SECONDS);
  }

  /** An upper bound. */
  static @Nullable Instant up(@Nullable Instant until) {
    Instant second = down(until);
    return second == null || second.equals(until) ? second : second.plusSeconds(1);
  }
}
