package dev.redrive.http;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The permits for requests under way, given in the order in which they are asked for. */
final class Permits {
  /** More than threads can wait. */
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
   * Takes one. No time bounds the wait: every permit is given back by the end of its request's
   * timeout, and behind a queue of one's own a request has not failed.
   *
   * @return how long it took
   */
  Duration take() throws InterruptedException {
    long start = time.nanoTime();
    free.acquire();
    return Duration.ofNanos(time.nanoTime() - start);
  }

  /** Takes one, and returns how long it took; null if none comes free in time. */
  @Nullable Duration take(Duration most) throws InterruptedException {
    long start = time.nanoTime();
    return free.tryAcquire(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS)
        ? Duration.ofNanos(time.nanoTime() - start)
        : null;
  }

  /** Whether one could be taken at once. */
  boolean isFree() {
    return free.availablePermits() > 0;
  }

  void giveBack() {
    free.release();
  }

  /** Ends every wait, those to come too: the client is closed. */
  void letAllThrough() {
    free.release(ENOUGH_FOR_ALL);
  }

  /** What a request did for so long, in words. */
  String waited(Duration time) {
    return "waited "
        + (time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms")
        + " for one of the client's "
        + count
        + (count == 1 ? " permit" : " permits")
        + " (concurrency)";
  }
}
