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

/** Connections of a caller's pool, which get back there as they came. */
final class Connections implements ConnectionFactory {
  private final DataSource source;

  /** Those that commit by themselves for as long as they are ours. */
  private final Set<Connection> changed = ConcurrentHashMap.newKeySet();

  private Connections(DataSource source) {
    this.source = source;
  }

  /**
   * A pool's connections.
   *
   * @throws LedgerException if they cannot hold a ledger; the message names what is in the way
   */
  static Connections of(DataSource source, Failures failures) throws SQLException {
    var connections = new Connections(source);
    Connection connection = connections.openConnection();
    try (Statement statement = connection.createStatement();
        ResultSet readOnly = statement.executeQuery("SHOW transaction_read_only")) {
      readOnly.next();
      if (connection.isReadOnly() || readOnly.getString(1).equals("on")) {
        throw failures.ledger(
            "is read-only: give it a pool whose connections may write (setReadOnly,"
                + " default_transaction_read_only), of the primary server",
            null);
      }
    } finally {
      connections.closeConnection(connection);
    }
    return connections;
  }

  /** What only reads would otherwise begin a transaction that nobody ends. */
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
