package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.RetryLedger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

class PostgresBudgetsTest extends JdbcBudgetsContract {
  private @Nullable PostgresClock server;

  @Override
  protected RetryLedger open() throws Exception {
    if (server == null) {
      server = new PostgresClock(clock.instant());
    }
    return JdbcLedger.open(server.url());
  }

  @Override
  protected void advance(Duration by) throws Exception {
    super.advance(by);
    server.set(clock.instant());
  }

  @Override
  int storedTurns() throws Exception {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM redrive_turn")) {
      count.next();
      return count.getInt(1);
    }
  }
}
