package dev.redrive.recovery.ledger;

import dev.redrive.recovery.FastTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;

class InMemoryLedgerTest extends RetryLedgerContract {
  private final FastTime time = new FastTime(MutableClock.at(T0));

  @Override
  protected RetryLedger emptyLedger() {
    return new InMemoryLedger(time);
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
