package dev.redrive.voiso;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Time that passes only when a test or a sleep says so. */
final class ManualTime implements TimeSource {
  private Instant now;

  ManualTime(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanoTime() {
    return Duration.between(Instant.EPOCH, now).toNanos();
  }

  @Override
  public synchronized void sleep(Duration duration) {
    now = now.plus(duration);
  }

  synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }
}
