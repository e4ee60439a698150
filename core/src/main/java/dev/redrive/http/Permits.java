package dev.redrive.http;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Limits the requests in flight. Permits are given in the order in which they are requested. */
final class Permits {
  /** More permits than threads can wait for one. */
  private static final int ENOUGH_FOR_ALL = 1 << 24;

  private final int count;
  private final TimeSource time;
  private final Semaphore free;

  Permits(int count, TimeSource time) {
    this.count = count;
    this.time = time;
    this.free = new Semaphore(count, true);
  }

  /**
   * Takes a permit. The wait has no limit: every permit is given back at the latest when its
   * request times out, and waiting in the client's own queue is not a failure.
   *
   * @return how long the wait was
   */
  Duration take() throws InterruptedException {
    long start = time.nanoTime();
    free.acquire();
    return Duration.ofNanos(time.nanoTime() - start);
  }

  /** Takes a permit, and returns how long the wait was; null if none became free in time. */
  @Nullable Duration take(Duration most) throws InterruptedException {
    long start = time.nanoTime();
    return free.tryAcquire(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS)
        ? Duration.ofNanos(time.nanoTime() - start)
        : null;
  }

  /** Whether a permit is free. */
  boolean isFree() {
    return free.availablePermits() > 0;
  }

  void giveBack() {
    free.release();
  }

  /** Ends all present and future waits, because the client is closed. */
  void letAllThrough() {
    free.release(ENOUGH_FOR_ALL);
  }

  /** Describes a wait, for messages. */
  String waited(Duration time) {
    return "waited "
        + (time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms")
        + " for one of the client's "
        + count
        + (count == 1 ? " permit" : " permits")
        + " (concurrency)";
  }
}
