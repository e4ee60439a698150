package dev.redrive.recovery;

import dev.redrive.TimeSource;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** A clock that a sleep moves on at once; other threads get a chance to do real work meanwhile. */
public final class FastTime implements TimeSource {
  private static final long A_CHANCE_NANOS = 200_000;

  private final ManualTime time;

  public FastTime(MutableClock clock) {
    this.time = ManualTime.of(clock);
  }

  /** Lets time go by without anyone sleeping. */
  public void advance(Duration by) {
    time.advance(by);
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    time.sleep(duration);
    LockSupport.parkNanos(A_CHANCE_NANOS);
  }
}
