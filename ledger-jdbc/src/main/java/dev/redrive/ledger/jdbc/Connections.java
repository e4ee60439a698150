package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/** Takes connections from a caller's pool, and gives them back unchanged. */
final class Connections implements ConnectionFactory {
  private final DataSource source;

  /** Connections whose auto-commit was switched on and must be switched off again. */
  private final Set<Connection> changed = ConcurrentHashMap.newKeySet();

  private Connections(DataSource source) {
    this.source = source;
  }

  /**
   * Checks the connections of a pool.
   *
   * @throws LedgerException if they cannot be used for a ledger; the message says why
   */
  static Connections of(DataSource source, Failures failures) throws SQLException {
    var connections = new Connections(source);
    Connection connection = connections.openConnection();
    try (Statement statement = connection.createStatement();
        ResultSet readOnly = statement.executeQuery("SHOW transaction_read_only")) {
      readOnly.next();
      if (connection.isReadOnly() || readOnly.getString(1).equals("on")) {
        throw failures.ledger(
            "is read-only: pass a pool of the primary server whose connections may write (check"
                + " setReadOnly and default_transaction_read_only)",
            null);
      }
    } finally {
      connections.closeConnection(connection);
    }
    return connections;
  }

  /** Switches auto-commit on; otherwise a read would begin a transaction that nothing ends. */
  @Override
  public Connection openConnection() throws SQLException {
    Connection connection = source.getConnection();
    try {
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
        changed.add(connection);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    try (connection) {
      if (changed.remove(connection)) {
        connection.setAutoCommit(false);
      }
    }
  }
}
