package dev.redrive.ledger.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Which failures of a database pass by themselves, so that the same transaction may succeed. */
final class Passing {
  /** Deadlock, serialization, a lock that others held for too long. */
  private static final Set<String> CONTENTION = Set.of("40001", "40P01", "55P03");

  /**
   * Too many connections, a transaction that stood still, a standby that is not promoted yet.
   * Connections that break, and a server that stops or starts, have classes of their own.
   */
  private static final Set<String> OUTAGES = Set.of("53300", "25P03", "25006");

  private Passing() {}

  /** Others were in the way: a failure even of what has never worked before. */
  static boolean isContention(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? isBusy(sqlite)
        : CONTENTION.contains(state(failure));
  }

  /** The database was away. What has never been there must not be waited for. */
  static boolean isOutage(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08")
        || state.startsWith("57P0")
        || OUTAGES.contains(state)
        || isPoolExhausted(failure);
  }

  /** All connections of a pool are in use; nothing was wrong with making one. */
  static boolean isPoolExhausted(SQLException failure) {
    return failure instanceof SQLTransientConnectionException && state(failure).isEmpty();
  }

  /** An extended code ends in the plain one. */
  private static boolean isBusy(SQLiteException failure) {
    int code = failure.getResultCode().code & 0xff;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_PROTOCOL.code;
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }
}
