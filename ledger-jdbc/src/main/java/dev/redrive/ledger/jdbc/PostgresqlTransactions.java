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

/** How PostgreSQL's transactions begin, and what became of one. */
final class PostgresqlTransactions {
  /** As it is set, unless a failing server may lose what was committed. */
  static final String DURABLE =
      "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
          + " ELSE current_setting('synchronous_commit') END";

  /** On disk no later than the next durable transaction, or within a second. */
  static final String SOON_DURABLE = "'off'";

  /**
   * Ways through the tables that the planner is to avoid: they grow faster than it learns of it, so
   * that it would go on reading them as a whole, or sort what an index has in order.
   */
  static final List<String> NOT_PLANNED =
      List.of("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "sort");

  /**
   * All that a transaction needs, in one round trip, and for itself alone: a caller's pool has its
   * connections back as they were.
   *
   * <p>At a higher isolation level it would go on with what it saw before it waited for a lock. A
   * process that stands still must not hold up the others for good: it loses its lock before they
   * give up. The id costs nothing here, where it is about to write.
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
      throw new TransactionException("A transaction could not begin", e);
    }
  }

  /**
   * What became of a transaction. A server that crashed may give the id of one that it lost to
   * another one: that something was committed counts only in the same {@link #incarnation}.
   */
  static Fate fate(Handle handle, long id) {
    String status;
    try {
      status = ask(handle, "SELECT txid_status(" + id + ")");
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException sql && IN_THE_FUTURE.equals(sql.getSQLState())) {
        // The server crashed and has lost all of it.
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
   * What changes when the server has crashed, or is another one, and survives its restart: its
   * statistics are reset then, and their time is for all to see.
   */
  static String incarnation(Handle handle) {
    String reset = ask(handle, "SELECT CAST(stats_reset AS VARCHAR) FROM pg_stat_bgwriter");
    return reset == null ? "" : reset;
  }

  private static @Nullable String ask(Handle handle, String sql) {
    return handle.createQuery(sql).mapTo(String.class).findOne().orElse(null);
  }
}
