package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.CatchUpsContract;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class SqliteCatchUpsTest extends CatchUpsContract {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("ledger.db");
  }

  @Override
  protected RetryLedger open() {
    return JdbcLedger.open(file(), time);
  }

  /** When runs were seen alive is by the clock of SQLite, which no test can set. */
  @Override
  protected void advance(Duration by) throws Exception {
    super.advance(by);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE redrive_run SET seen_at = seen_at - " + by.toMillis() * 1_000);
    }
  }
}
