package dev.redrive.ledger.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The database's clock cannot be moved, but what was stored by it can. */
final class StoredTimes {
  private StoredTimes() {}

  /** Has leases, signs of life and windows lie further back. */
  static void pass(String jdbcUrl, Duration time) {
    long micros = time.toNanos() / 1_000;
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE redrive_state SET lease_until = lease_until - " + micros);
      statement.execute("UPDATE redrive_run SET seen_at = seen_at - " + micros);
      statement.execute(
          "UPDATE redrive_window SET complete_until = complete_until - "
              + micros
              + ", taken_at = taken_at - "
              + micros);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
