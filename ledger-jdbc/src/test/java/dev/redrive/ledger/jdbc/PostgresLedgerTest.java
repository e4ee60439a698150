package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.RetryLedger;

class PostgresLedgerTest extends JdbcLedgerContract {
  private String url;

  @Override
  protected RetryLedger emptyLedger() {
    url = Postgres.newSchema();
    return reopened();
  }

  @Override
  String jdbcUrl() {
    return url;
  }

  @Override
  RetryLedger reopened() {
    return JdbcLedger.open(url);
  }
}
