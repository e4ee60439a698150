package dev.redrive.recovery;

class InMemoryLedgerTest extends RetryLedgerContract {
  @Override
  protected RetryLedger emptyLedger() {
    return new InMemoryLedger();
  }
}
