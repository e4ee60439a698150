package dev.redrive.http;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only by sleeping, which takes none. */
final class ManualTime implements TimeSource {
  private final List<Duration> sleeps = new ArrayList<>();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private Runnable onSleep = () -> {};

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanoTime() {
    return Duration.between(Instant.EPOCH, now).toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    onSleep.run();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    synchronized (this) {
      sleeps.add(duration);
      now = now.plus(duration);
    }
  }

  synchronized List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  synchronized Duration slept() {
    return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
  }

  synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  void onSleep(Runnable action) {
    onSleep = action;
  }
}
