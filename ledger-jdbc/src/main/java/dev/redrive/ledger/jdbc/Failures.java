package dev.redrive.ledger.jdbc;

import dev.redrive.ProviderText;
import dev.redrive.recovery.ledger.LedgerException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Explains what is wrong with a database, and what to do. */
final class Failures {
  static final String CORRUPT =
      "is corrupt, or not a ledger: restore it from a backup. If you move it away, a new one is"
          + " created, and what this one remembers may be sent again";

  static final String NOT_THERE = "cannot be written there: use a file in a writable folder";

  private final String name;

  /** {@code name} is the ledger's name in messages. */
  Failures(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Converts a failure of the database to a LedgerException. Other exceptions stay as they are. */
  RuntimeException of(Exception failure) {
    if (failure instanceof LedgerException ledger) {
      return ledger;
    }
    SQLException sql = sql(failure);
    if (sql != null) {
      return ledger(explain(sql), sql);
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : ledger("failed: " + message(failure), failure);
  }

  /** Whether other transactions were in the way; see {@link Passing}. */
  boolean isContention(Exception failure) {
    SQLException sql = sql(failure);
    return sql != null && Passing.isContention(sql);
  }

  /** Whether the database was not available; see {@link Passing}. */
  boolean isOutage(Exception failure) {
    SQLException sql = sql(failure);
    return sql != null && Passing.isOutage(sql);
  }

  /** The connection was lost during a commit, and it is not known whether it succeeded. */
  LedgerException inDoubt(Exception failure) {
    return ledger(
        "lost its connection and may or may not have stored the last change: run again, which reads"
            + " the outcomes of everything that was sent ("
            + message(failure.getCause() == null ? failure : failure.getCause())
            + ")",
        failure);
  }

  LedgerException ledger(String what, @Nullable Throwable cause) {
    return new LedgerException("The ledger " + name + " " + what, cause);
  }

  private static String explain(SQLException sql) {
    return sql instanceof SQLiteException sqlite ? sqlite(sqlite) : sqlState(sql);
  }

  /** The lowest byte of an extended code is the primary code. */
  private static String sqlite(SQLiteException failure) {
    int code = failure.getResultCode().code & 0xff;
    return switch (SQLiteErrorCode.getErrorCode(code)) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> "is locked by another process: try again";
      case SQLITE_CORRUPT, SQLITE_NOTADB -> CORRUPT;
      case SQLITE_FULL -> "cannot be written, because the disk is full: free some space or move it";
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          "may not be written by this user: change its permissions and those of its folder, or move"
              + " it";
      case SQLITE_CANTOPEN -> NOT_THERE;
      case SQLITE_IOERR, SQLITE_NOLFS ->
          "cannot be read or written: check the disk, its free space and the limit on file sizes ("
              + message(failure)
              + ")";
      default -> "failed: " + message(failure);
    };
  }

  private static String sqlState(SQLException sql) {
    String state = sql.getSQLState() == null ? "" : sql.getSQLState();
    if (Passing.isPoolExhausted(sql)) {
      return "got no connection from the pool: increase the size of the pool ("
          + message(sql)
          + ")";
    }
    if (state.startsWith("28")) {
      return "refused the user name or password: check both (" + message(sql) + ")";
    }
    return switch (state) {
      case "3D000" -> "does not exist: create the database first (" + message(sql) + ")";
      case "42501" ->
          "may not be used by this user: grant it USAGE and CREATE on its schema, USAGE on the"
              + " sequences in it, and SELECT, INSERT and UPDATE (to purge, DELETE) on the tables ("
              + message(sql)
              + ")";
      case "53100" -> "cannot be written, because the server's disk is full: free some space there";
      case "53300" -> "has no connection left: raise the server's limit, or wait";
      case "25006" -> "is read-only: use the primary server, and a user that may write";
      case "25P03" -> "ended a transaction that was idle for too long: try again";
      case "57014" ->
          "stopped a statement ("
              + message(sql)
              + "): raise statement_timeout for this user, unless someone cancelled it";
      case "40001", "40P01", "55P03" -> "is locked by another process: try again";
      default ->
          state.startsWith("08") || state.startsWith("57P") || state.startsWith("HY")
              ? "cannot be reached: check that the server is running, and the network ("
                  + message(sql)
                  + ")"
              : "failed: " + message(sql);
    };
  }

  /** Returns the first line of a message: the rest may quote SQL and values. */
  private static String message(Throwable failure) {
    String text = failure.getMessage();
    return text == null
        ? failure.getClass().getSimpleName()
        : ProviderText.clean(text.lines().findFirst().orElse(""), 200);
  }

  /** Returns the exception of the database; null if the failure is not one of the database. */
  private static @Nullable SQLException sql(Exception failure) {
    if (failure instanceof LedgerException) {
      return null;
    }
    SQLException found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      // The innermost one, because pools wrap the driver's exception.
      found = t instanceof SQLException sql ? sql : found;
    }
    return found;
  }
}
