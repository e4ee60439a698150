package dev.redrive.recovery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many retry requests may be under way at once, for the receiver's sake: starts at one, doubles
 * while outcomes are good, halves when they are bad.
 */
final class Throttle {
  private static final Duration MOST_WAIT = Duration.ofMillis(20);

  private final int most;
  private int allowed = 1;
  private int underWay;

  Throttle(int most) {
    this.most = most;
  }

  /** Takes a place, waiting a moment for one; false if there is none. */
  synchronized boolean tryAcquire() {
    long end = System.nanoTime() + MOST_WAIT.toNanos();
    while (underWay >= allowed) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        throw new IllegalStateException("A recovery's own thread was interrupted", e);
      }
    }
    underWay++;
    return true;
  }

  synchronized void release() {
    underWay--;
    notifyAll();
  }

  /** Outcomes came in. */
  synchronized void feedBack(long delivered, long failed) {
    if (failed > delivered) {
      allowed = Math.max(1, allowed / 2);
    } else if (delivered > 0) {
      allowed = Math.min(most, allowed * 2);
      notifyAll();
    }
  }
}
