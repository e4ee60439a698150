package dev.redrive.baanx;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Stands still until a test moves it, or something sleeps. */
final class TestTime implements TimeSource {
  private final Instant start;
  private Duration passed = Duration.ZERO;

  TestTime(Instant start) {
    this.start = start;
  }

  @Override
  public synchronized Instant now() {
    return start.plus(passed);
  }

  @Override
  public synchronized long nanoTime() {
    return passed.toNanos();
  }

  @Override
  public void sleep(Duration duration) {
    pass(duration);
  }

  synchronized void pass(Duration duration) {
    passed = passed.plus(duration);
  }
}
