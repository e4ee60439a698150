package dev.redrive.recovery;

import dev.redrive.RateLimit.Scope;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the receiver of all accounts' deliveries is spared: too many requests at once, or a second.
 */
final class Receiver {
  private final Semaphore requests;
  private final Pace rate;

  Receiver(RecoverySettings settings, TimeSource time) {
    this.requests = new Semaphore(settings.concurrency(), true);
    this.rate = Pace.ofRate(time, settings.maxRate());
  }

  /** Takes the right to have one more request under way; false if none comes free in time. */
  boolean tryBegin(Duration most) throws InterruptedException {
    return requests.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  void end() {
    requests.release();
  }

  /** Takes a turn; how long to wait for one, zero if it was taken. */
  Duration takeTurn(Scope route) {
    return rate.take(route);
  }
}
