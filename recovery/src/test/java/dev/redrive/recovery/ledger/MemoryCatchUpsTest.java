package dev.redrive.recovery.ledger;

class MemoryCatchUpsTest extends CatchUpsContract {
  private final RetryLedger ledger = new InMemoryLedger(time);

  @Override
  protected RetryLedger open() {
    return ledger;
  }
}
