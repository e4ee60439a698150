package dev.redrive.ledger.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** A schema whose clock is a row of a table: a function of the schema stands before its own. */
final class PostgresClock {
  private final String url;

  PostgresClock(Instant now) throws Exception {
    url = Postgres.newSchema() + ",pg_catalog";
    execute("CREATE TABLE the_time (now TIMESTAMP(6) WITH TIME ZONE)");
    execute("INSERT INTO the_time VALUES ('" + now + "')");
    execute(
        "CREATE FUNCTION clock_timestamp() RETURNS TIMESTAMP WITH TIME ZONE"
            + " AS 'SELECT now FROM the_time' LANGUAGE SQL VOLATILE");
  }

  String url() {
    return url;
  }

  void set(Instant now) throws SQLException {
    execute("UPDATE the_time SET now = '" + now + "'");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
