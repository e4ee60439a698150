package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.LedgerAdminContract;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

class SqliteAdminTest extends LedgerAdminContract {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("ledger.db");
  }

  @Override
  protected RetryLedger emptyLedger() {
    return JdbcLedger.open(file());
  }

  @Override
  protected void pass(Duration time) {
    StoredTimes.pass("jdbc:sqlite:" + file(), time);
  }

  @Override
  protected Instant now() {
    return TimeSource.system().now();
  }
}
