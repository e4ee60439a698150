package dev.redrive.chatt2me;

import dev.redrive.TimeSource;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;

/** Time that passes only when somebody sleeps, or a test moves its clock. */
final class ManualTime implements TimeSource {
  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    clock.advance(duration);
  }
}
