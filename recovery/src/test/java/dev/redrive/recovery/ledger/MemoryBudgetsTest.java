package dev.redrive.recovery.ledger;

class MemoryBudgetsTest extends BudgetsContract {
  private final RetryLedger ledger = new InMemoryLedger(time);

  @Override
  protected RetryLedger open() {
    return ledger;
  }
}
