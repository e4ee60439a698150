package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * How long one call of a ledger puts up with a database that fails: when it may try again, with
 * growing pauses in between.
 */
final class Patience {
  /**
   * No attempt begins later than that. It is the silence after which a run is taken for dead, and
   * less than a third of a claim's usual lease: a claim that takes longer is not sent any more.
   */
  static final Duration MOST = Duration.ofSeconds(15);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final TimeSource time;
  private final BooleanSupplier isClosed;
  private final long start;
  private Duration pause = FIRST_PAUSE;

  /** {@code isClosed} tells that nobody waits for the call any more. */
  Patience(TimeSource time, BooleanSupplier isClosed) {
    this.time = time;
    this.isClosed = isClosed;
    this.start = time.nanoTime();
  }

  /** Waits for the next attempt; false if it is too late for one. */
  boolean awaitNext() {
    // Processes that got into each other's way must not meet again.
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
