package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.LedgerAdminContract;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;

class PostgresAdminTest extends LedgerAdminContract {
  private String url;

  @Override
  protected RetryLedger emptyLedger() {
    url = Postgres.newSchema();
    return JdbcLedger.open(url);
  }

  @Override
  protected void pass(Duration time) {
    StoredTimes.pass(url, time);
  }

  @Override
  protected Instant now() {
    return TimeSource.system().now();
  }
}
