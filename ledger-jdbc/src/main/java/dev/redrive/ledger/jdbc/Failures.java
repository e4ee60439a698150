package dev.redrive.ledger.jdbc;

import dev.redrive.ProviderText;
import dev.redrive.recovery.ledger.LedgerException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what went wrong with a database, and what to do about it. */
final class Failures {
  static final String CORRUPT =
      "is corrupt, or no ledger: restore it from a backup. If you move it away, a new one is made, and"
          + " what this one remembers may be sent again";

  static final String NOT_THERE =
      "cannot be written there: name a file in a folder that may be written";

  private final String name;

  /** {@code name} is the ledger's name in messages. */
  Failures(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The failure as the ledger's; what has nothing to do with the database stays as it is. */
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

  /** Whether others were in the way of a transaction; see {@link Passing}. */
  boolean isContention(Exception failure) {
    SQLException sql = sql(failure);
    return sql != null && Passing.isContention(sql);
  }

  /** Whether the database was away; see {@link Passing}. */
  boolean isOutage(Exception failure) {
    SQLException sql = sql(failure);
    return sql != null && Passing.isOutage(sql);
  }

  /** The connection was lost during a commit, and what became of that cannot be told. */
  LedgerException inDoubt(Exception failure) {
    return ledger(
        "lost its connection and may or may not have stored the last change: run again, which reads"
            + " what became of all that was sent ("
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

  /** An extended code ends in the plain one. */
  private static String sqlite(SQLiteException failure) {
    int code = failure.getResultCode().code & 0xff;
    return switch (SQLiteErrorCode.getErrorCode(code)) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
          "is held up by another process: try again";
      case SQLITE_CORRUPT, SQLITE_NOTADB -> CORRUPT;
      case SQLITE_FULL -> "cannot be written, the disk is full: make room, or put it elsewhere";
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          "may not be written by this user: change its permissions and those of its folder, or put"
              + " it elsewhere";
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
      return "got no connection: give the pool more of them (" + message(sql) + ")";
    }
    if (state.startsWith("28")) {
      return "refused the user name or password: check them (" + message(sql) + ")";
    }
    return switch (state) {
      case "3D000" -> "does not exist: create the database first (" + message(sql) + ")";
      case "42501" ->
          "may not be used by this user: grant it USAGE and CREATE on its schema, and SELECT, INSERT"
              + " and UPDATE on the tables in it ("
              + message(sql)
              + ")";
      case "53100" -> "cannot be written, the server's disk is full: make room there";
      case "53300" -> "has no connection left: raise the server's limit, or wait";
      case "25006" -> "is read-only: name the primary server, and a user that may write";
      case "25P03" -> "ended a transaction that stood still for too long: try again";
      case "57014" ->
          "stopped a statement ("
              + message(sql)
              + "): raise statement_timeout for this user, unless somebody cancelled it";
      case "40001", "40P01", "55P03" -> "is held up by another process: try again";
      default ->
          state.startsWith("08") || state.startsWith("57P") || state.startsWith("HY")
              ? "cannot be reached: check that the server runs, and the network ("
                  + message(sql)
                  + ")"
              : "failed: " + message(sql);
    };
  }

  /** The first sentence of a message: the rest may quote SQL and values. */
  private static String message(Throwable failure) {
    String text = failure.getMessage();
    return text == null
        ? failure.getClass().getSimpleName()
        : ProviderText.clean(text.lines().findFirst().orElse(""), 200);
  }

  /** What the database said; null for what is the ledger's own, or nothing of the database. */
  private static @Nullable SQLException sql(Exception failure) {
    if (failure instanceof LedgerException) {
      return null;
    }
    SQLException found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      // The innermost: pools wrap what the driver says.
      found = t instanceof SQLException sql ? sql : found;
    }
    return found;
  }
}
