package dev.redrive.ledger.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Recognizes temporary failures of a database, after which the same transaction may succeed. */
final class Passing {
  /** Deadlock, serialization failure, lock timeout. */
  private static final Set<String> CONTENTION = Set.of("40001", "40P01", "55P03");

  /**
   * Too many connections, an idle transaction, a standby that is not promoted yet. Lost
   * connections, and a server that stops or starts, have error classes of their own.
   */
  private static final Set<String> OUTAGES = Set.of("53300", "25P03", "25006");

  private Passing() {}

  /**
   * Other transactions were in the way. This is retried even if the database never worked before.
   */
  static boolean isContention(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? isBusy(sqlite)
        : CONTENTION.contains(state(failure));
  }

  /** The database was not available. This is retried only if it has worked before. */
  static boolean isOutage(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08")
        || state.startsWith("57P0")
        || OUTAGES.contains(state)
        || isPoolExhausted(failure);
  }

  /** All connections of a pool are in use. */
  static boolean isPoolExhausted(SQLException failure) {
    return failure instanceof SQLTransientConnectionException && state(failure).isEmpty();
  }

  /** The lowest byte of an extended code is the primary code. */
  private static boolean isBusy(SQLiteException failure) {
    int code = failure.getResultCode().code & 0xff;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_PROTOCOL.code;
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }
}
