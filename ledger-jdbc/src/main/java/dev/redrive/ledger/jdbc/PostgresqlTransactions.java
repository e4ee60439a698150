package dev.redrive.ledger.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;

/** Begins PostgreSQL transactions, and finds out the fate of one. */
final class PostgresqlTransactions {
  /** Keeps the server's setting, unless with it a crash could lose a committed transaction. */
  static final String DURABLE =
      "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
          + " ELSE current_setting('synchronous_commit') END";

  /** On disk no later than the next durable transaction, or within a second. */
  static final String SOON_DURABLE = "'off'";

  /**
   * Plans that the planner must avoid. The tables grow faster than its statistics, so it would scan
   * whole tables, or sort rows that an index has in order.
   */
  static final List<String> NOT_PLANNED =
      List.of("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "sort");

  /**
   * Sets everything that a transaction needs, in one round trip and for this transaction only: a
   * caller's pool gets its connections back unchanged.
   *
   * <p>At a higher isolation level, a transaction would continue with data from before it waited
   * for a lock. A suspended process must not block the others forever: it loses its locks before
   * they give up. The id costs nothing here, because the transaction is going to write.
   */
  private static final String BEGIN =
      """
      SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
      SELECT set_config('lock_timeout', '30s', TRUE),
        set_config('idle_in_transaction_session_timeout', '20s', TRUE),
        set_config('synchronous_commit', %s, TRUE),
        PLANNER;
      SELECT txid_current()
      """
          .replace(
              "PLANNER",
              NOT_PLANNED.stream()
                  .map(way -> "set_config('enable_" + way + "', 'off', TRUE)")
                  .collect(Collectors.joining(", ")));

  private static final String IN_THE_FUTURE = "22023";

  private PostgresqlTransactions() {}

  /**
   * Begins a transaction.
   *
   * @param durability {@link #DURABLE} or {@link #SOON_DURABLE}
   * @return its id
   */
  static long begin(Handle handle, String durability) {
    handle.begin();
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(BEGIN.formatted(durability));
      String last = "";
      while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
        ResultSet result = statement.getResultSet();
        last = result != null && result.next() ? result.getString(1) : last;
      }
      return Long.parseLong(last);
    } catch (SQLException e) {
      throw new TransactionException("Could not begin a transaction", e);
    }
  }

  /**
   * Returns the fate of a transaction. After a crash, a server may reuse the id of a transaction
   * that it lost, so "committed" counts only in the same {@link #incarnation}.
   */
  static Fate fate(Handle handle, long id) {
    String status;
    try {
      status = ask(handle, "SELECT txid_status(" + id + ")");
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException sql && IN_THE_FUTURE.equals(sql.getSQLState())) {
        // The server crashed and has lost the transaction.
        return Fate.ABORTED;
      }
      throw e;
    }
    if (status == null) {
      return Fate.UNKNOWN;
    }
    return switch (status) {
      case "committed" -> Fate.COMMITTED;
      case "aborted" -> Fate.ABORTED;
      default -> Fate.OPEN;
    };
  }

  /**
   * Returns a value that changes with a crash of the server but not with a restart, and differs
   * between servers: the time of the last reset of its statistics, which every user may read.
   */
  static String incarnation(Handle handle) {
    String reset = ask(handle, "SELECT CAST(stats_reset AS VARCHAR) FROM pg_stat_bgwriter");
    return reset == null ? "" : reset;
  }

  private static @Nullable String ask(Handle handle, String sql) {
    return handle.createQuery(sql).mapTo(String.class).findOne().orElse(null);
  }
}
