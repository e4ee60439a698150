package dev.redrive.ledger.jdbc;

import dev.redrive.ProviderText;
import dev.redrive.recovery.LedgerException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcException;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with a database, and what to do about it. */
final class Failures {
  static final String CORRUPT =
      "is corrupt, or no ledger: restore it from a backup, or move it away to start a new one";

  private final String name;

  /** {@code name} is the ledger's name in messages. */
  Failures(String name) {
    this.name = name;
  }

  /** The failure as the ledger's; what has nothing to do with the database stays as it is. */
  RuntimeException of(Exception failure) {
    if (failure instanceof LedgerException ledger) {
      return ledger;
    }
    SQLException sql = find(failure, SQLException.class);
    if (sql != null) {
      return ledger(explain(sql), sql);
    }
    if (failure instanceof MVStoreException) {
      String disk = disk(failure);
      return ledger(disk == null ? "failed: " + message(failure) : disk, failure);
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : ledger("failed: " + message(failure), failure);
  }

  LedgerException ledger(String what, @Nullable Throwable cause) {
    return new LedgerException("The ledger " + name + " " + what, cause);
  }

  private static String explain(SQLException sql) {
    if (!(sql instanceof JdbcException)) {
      return sqlState(sql);
    }
    String disk = disk(sql);
    return disk == null ? h2(sql) : disk;
  }

  /** What the file system says, whichever way H2 wraps it. */
  private static @Nullable String disk(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains("no space left")
          || text.contains("disk quota")
          || text.contains("disk full")) {
        return "cannot be written, the disk is full: make room, or put it elsewhere";
      }
      if (text.contains("file too large")) {
        return "cannot grow, a limit on file sizes is reached: raise it, or put it elsewhere";
      }
      if (t instanceof ReadOnlyFileSystemException || text.contains("read-only file system")) {
        return "is on a read-only disk: put it elsewhere";
      }
      if (t instanceof AccessDeniedException || text.contains("permission denied")) {
        return "may not be written by this user: change its permissions, or put it elsewhere";
      }
    }
    return null;
  }

  private static String h2(SQLException sql) {
    return switch (sql.getErrorCode()) {
      case ErrorCode.DATABASE_ALREADY_OPEN_1 ->
          "is in use by another process: wait for it to end, or use a PostgreSQL ledger to share"
              + " one";
      case ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_VERSION_ERROR_1 -> CORRUPT;
      case ErrorCode.DATABASE_IS_READ_ONLY ->
          "is read-only: change its permissions, or put it elsewhere";
      case ErrorCode.WRONG_USER_OR_PASSWORD -> "refused the user name or password: check them";
      case ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1 ->
          "does not exist: check its name, or run a recovery to create it";
      case ErrorCode.FILE_CREATION_FAILED_1, ErrorCode.IO_EXCEPTION_1, ErrorCode.IO_EXCEPTION_2 ->
          "cannot be written there: name a file in a folder that may be written ("
              + message(sql)
              + ")";
      case ErrorCode.DATABASE_IS_CLOSED, ErrorCode.DATABASE_CALLED_AT_SHUTDOWN ->
          "was closed after an earlier failure: open it again";
      case ErrorCode.LOCK_TIMEOUT_1 -> "is held up by another user of it: try again";
      default -> "failed: " + message(sql);
    };
  }

  private static String sqlState(SQLException sql) {
    String state = sql.getSQLState() == null ? "" : sql.getSQLState();
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
      case "25006" -> "is read-only: name the primary server";
      case "55P03" -> "is held up by another process: try again";
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
    String text =
        failure instanceof JdbcException h2 ? h2.getOriginalMessage() : failure.getMessage();
    return text == null
        ? failure.getClass().getSimpleName()
        : ProviderText.clean(text.lines().findFirst().orElse(""), 200);
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    T found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      // The innermost: pools wrap what the driver says.
      found = type.isInstance(t) ? type.cast(t) : found;
    }
    return found;
  }
}
