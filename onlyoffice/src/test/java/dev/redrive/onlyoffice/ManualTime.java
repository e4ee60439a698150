package dev.redrive.onlyoffice;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that moves only when told to, or when somebody sleeps by it. */
final class ManualTime implements TimeSource {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private long nanos;

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    pass(duration);
  }

  synchronized void pass(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }
}
