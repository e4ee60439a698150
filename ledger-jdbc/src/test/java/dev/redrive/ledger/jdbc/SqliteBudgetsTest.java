package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;

class SqliteBudgetsTest extends JdbcBudgetsContract {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("ledger.db");
  }

  @Override
  protected RetryLedger open() {
    return JdbcLedger.open(file(), time);
  }

  @Override
  int storedTurns() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM redrive_turn")) {
      count.next();
      return count.getInt(1);
    }
  }
}
