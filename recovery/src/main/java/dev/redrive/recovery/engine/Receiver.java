package dev.redrive.recovery.engine;

import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;

/**
 * Protects the receiver, over all accounts: limits the requests of this run in flight, and the rate
 * of all runs together.
 */
final class Receiver {
  private static final double MOST_MICROS = ChronoUnit.YEARS.getDuration().toNanos() / 1_000.0;

  private final Semaphore requests;
  private final RetryLedger ledger;
  private final TimeSource time;
  private final Duration interval;
  private long next;
  private long end;
  private long gap;

  /** {@code maxRate} is in requests per second, over all runs; infinite for no limit. */
  Receiver(int concurrency, double maxRate, RetryLedger ledger, TimeSource time) {
    this.requests = new Semaphore(concurrency, true);
    this.ledger = ledger;
    this.time = time;
    this.interval = interval(maxRate);
    this.next = time.nanoTime();
    this.end = next;
  }

  /** Returns the time between two requests; zero if the rate is unlimited. */
  private static Duration interval(double perSecond) {
    return Double.isInfinite(perSecond)
        ? Duration.ZERO
        : Duration.of((long) Math.ceil(Math.min(1e6 / perSecond, MOST_MICROS)), ChronoUnit.MICROS);
  }

  /** Waits for a permit for one more request in flight. */
  boolean begin() throws InterruptedException {
    requests.acquire();
    return true;
  }

  /** Returns how many more requests could start now. */
  int free() {
    return requests.availablePermits();
  }

  /** Whether there is a rate limit. */
  boolean isPaced() {
    return !interval.isZero();
  }

  void end() {
    requests.release();
  }

  /**
   * Takes a turn of the rate limit. Returns how long to wait before trying again; zero if a turn
   * was taken. Turns that were reserved ahead and not used in time are lost, because using them
   * later would exceed the rate.
   */
  synchronized Duration takeTurn() {
    if (interval.isZero()) {
      return Duration.ZERO;
    }
    long wait = untilNext();
    if (time.nanoTime() + wait - end >= 0) {
      takeAhead();
      wait = untilNext();
    }
    if (wait == 0) {
      next = time.nanoTime() + gap;
    }
    return Duration.ofNanos(wait);
  }

  private void takeAhead() {
    Budgets.Turns turns = ledger.budgets().takeTurns(interval);
    long first = time.nanoTime() + turns.firstIn().toNanos();
    gap = turns.interval().toNanos();
    end = first + gap * turns.count();
    next = Math.max(next - first, 0) + first;
  }

  private long untilNext() {
    return Math.max(0, next - time.nanoTime());
  }
}
