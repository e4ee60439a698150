package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.RetryLedger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** On a server whose clock is a row of a table: a function of the schema stands before its own. */
class PostgresBudgetsTest extends JdbcBudgetsContract {
  private @Nullable String url;

  @Override
  protected RetryLedger open() throws Exception {
    if (url == null) {
      url = Postgres.newSchema() + ",pg_catalog";
      execute("CREATE TABLE the_time (now TIMESTAMP(6) WITH TIME ZONE)");
      execute("INSERT INTO the_time VALUES ('" + clock.instant() + "')");
      execute(
          "CREATE FUNCTION clock_timestamp() RETURNS TIMESTAMP WITH TIME ZONE"
              + " AS 'SELECT now FROM the_time' LANGUAGE SQL VOLATILE");
    }
    return JdbcLedger.open(url);
  }

  @Override
  protected void advance(Duration by) throws Exception {
    super.advance(by);
    Instant now = clock.instant();
    execute("UPDATE the_time SET now = '" + now + "'");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  int storedTurns() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM redrive_turn")) {
      count.next();
      return count.getInt(1);
    }
  }
}
