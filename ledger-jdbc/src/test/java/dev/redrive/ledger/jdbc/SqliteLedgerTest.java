package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends JdbcLedgerContract {
  @TempDir Path folder;

  @Override
  protected RetryLedger emptyLedger() {
    return reopened();
  }

  @Override
  String jdbcUrl() {
    return "jdbc:sqlite:" + folder.resolve("ledger.db");
  }

  @Override
  RetryLedger reopened() {
    return JdbcLedger.open(folder.resolve("ledger.db"));
  }
}
