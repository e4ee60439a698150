package dev.redrive.dbscheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import javax.sql.DataSource;

/** db-scheduler's table. */
final class TaskTable {
  private static final String EXISTS = "SELECT to_regclass('scheduled_tasks') IS NOT NULL";

  /** As in db-scheduler's script for PostgreSQL; names of indexes are unique in a schema. */
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS scheduled_tasks (
        task_name TEXT NOT NULL,
        task_instance TEXT NOT NULL,
        task_data BYTEA,
        execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
        picked BOOLEAN NOT NULL,
        picked_by TEXT,
        last_success TIMESTAMP WITH TIME ZONE,
        last_failure TIMESTAMP WITH TIME ZONE,
        consecutive_failures INT,
        last_heartbeat TIMESTAMP WITH TIME ZONE,
        version BIGINT NOT NULL,
        priority SMALLINT,
        PRIMARY KEY (task_name, task_instance)
      );
      CREATE INDEX IF NOT EXISTS scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
      CREATE INDEX IF NOT EXISTS scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
      CREATE INDEX IF NOT EXISTS scheduled_tasks_priority
        ON scheduled_tasks (priority DESC, execution_time ASC);
      """;

  /** A machine that knows the account would have moved its task on long ago. */
  private static final String FORGET =
      """
      DELETE FROM scheduled_tasks
      WHERE starts_with(task_name, ?)
        AND NOT task_name = ANY (?)
        AND execution_time < now() - INTERVAL '1 day'
        AND (last_heartbeat IS NULL OR last_heartbeat < now() - INTERVAL '1 day')
      """;

  /** Distinguishes our advisory lock from those of other programs. */
  private static final int CREATION = 723317410;

  private final DataSource source;

  TaskTable(DataSource source) {
    this.source = source;
  }

  private interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** Creates the table, unless it exists. */
  void create() throws SQLException {
    // Who may not create tables may not even ask for one "IF NOT EXISTS".
    if (!inTransaction(TaskTable::exists)) {
      inTransaction(
          connection -> {
            execute(connection, "SELECT pg_advisory_xact_lock(" + CREATION + ")");
            // Only if it is still missing: what another machine created while this one waited for
            // the lock may not be seen yet by a query.
            execute(connection, CREATE);
            return true;
          });
    }
  }

  /**
   * Deletes tasks whose accounts no machine knows any more: for a day, nobody has run them.
   *
   * @param prefix what our tasks' names begin with
   * @param known the names that this machine knows
   * @return how many there were
   */
  int forget(String prefix, Collection<String> known) throws SQLException {
    return inTransaction(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setString(1, prefix);
            delete.setArray(2, connection.createArrayOf("text", known.toArray()));
            return delete.executeUpdate();
          }
        });
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      boolean commits = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(commits);
      }
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet exists = statement.executeQuery(EXISTS)) {
      exists.next();
      return exists.getBoolean(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
