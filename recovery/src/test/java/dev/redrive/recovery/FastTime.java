package dev.redrive.recovery;

import dev.redrive.TimeSource;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A clock that a sleep moves on at once; other threads get a chance to do real work meanwhile. */
public final class FastTime implements TimeSource {
  private static final long A_CHANCE_NANOS = 200_000;

  /** As long as a run takes at the most to notice what depends on time alone. */
  private static final Duration STEP = Duration.ofMillis(100);

  private static final long A_MOMENT_NANOS = 5_000_000;

  private final ManualTime time;
  private final Duration step;
  private volatile @Nullable Thread slow;

  public FastTime(MutableClock clock) {
    this(clock, STEP);
  }

  /** {@code step} is what goes by at the most before other threads get their chance. */
  public FastTime(MutableClock clock, Duration step) {
    this.time = ManualTime.of(clock);
    this.step = step;
  }

  /** Lets time go by without anyone sleeping. */
  public void advance(Duration by) {
    time.advance(by);
  }

  /** From now on a thread takes a real moment whenever it asks what time it is. */
  public void holdUp(Thread thread) {
    slow = thread;
  }

  @Override
  public Instant now() {
    if (Thread.currentThread() == slow) {
      LockSupport.parkNanos(A_MOMENT_NANOS);
    }
    return time.now();
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Duration left = duration;
    do {
      Duration part = left.compareTo(step) < 0 ? left : step;
      time.sleep(part);
      LockSupport.parkNanos(A_CHANCE_NANOS);
      left = left.minus(part);
    } while (left.compareTo(Duration.ZERO) > 0);
  }
}
