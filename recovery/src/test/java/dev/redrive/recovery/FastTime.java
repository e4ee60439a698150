package dev.redrive.recovery;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** A clock that a sleep moves on at once; other threads get a chance to do real work meanwhile. */
final class FastTime implements TimeSource {
  private final Instant start;
  private long nanos;

  FastTime(Instant start) {
    this.start = start;
  }

  @Override
  public synchronized Instant now() {
    return start.plusNanos(nanos);
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    synchronized (this) {
      nanos += Math.max(0, duration.toNanos());
    }
    LockSupport.parkNanos(200_000);
  }

  synchronized void advance(Duration duration) {
    nanos += duration.toNanos();
  }
}
