package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Limits how long one call of a ledger retries temporary failures, with growing pauses. */
final class Patience {
  /**
   * No attempt starts later than this. It equals the silence after which a run counts as dead, and
   * is less than a third of the usual lease: a claim that takes longer is not sent.
   */
  static final Duration MOST = Duration.ofSeconds(15);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final TimeSource time;
  private final BooleanSupplier isClosed;
  private final long start;
  private Duration pause = FIRST_PAUSE;

  /** {@code isClosed} returns whether the ledger is closed, so that no retry is needed. */
  Patience(TimeSource time, BooleanSupplier isClosed) {
    this.time = time;
    this.isClosed = isClosed;
    this.start = time.nanoTime();
  }

  /** Waits for the next attempt. Returns false if it is too late for one. */
  boolean awaitNext() {
    // Random, so that processes that were in each other's way do not meet again.
    Duration next = pause.dividedBy(2).plus(random(pause.dividedBy(2)));
    Duration gone = Duration.ofNanos(time.nanoTime() - start);
    if (isClosed.getAsBoolean() || gone.plus(next).compareTo(MOST) > 0) {
      return false;
    }
    try {
      time.sleep(next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    return !isClosed.getAsBoolean();
  }

  private static Duration random(Duration most) {
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most.toNanos() + 1));
  }
}
