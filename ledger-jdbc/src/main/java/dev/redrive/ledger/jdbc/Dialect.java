package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.redrive.ProviderText;
import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.LedgerException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Where SQLite and PostgreSQL differ. */
interface Dialect {
  Dialect SQLITE = new Sqlite();
  Dialect POSTGRESQL = new Postgresql();

  /** The dialect of a caller's data source. */
  static Dialect ofServer(DatabaseMetaData database) throws SQLException {
    return switch (database.getDatabaseProductName()) {
      case "PostgreSQL" -> POSTGRESQL;
      case "SQLite" ->
          throw new LedgerException(
              "A ledger in SQLite needs settings of its own, so that no power cut loses a claim: open"
                  + " its file with JdbcLedger.open(Path)",
              null);
      default ->
          throw new LedgerException(
              "A data source for a ledger must be one of PostgreSQL, not of "
                  + ProviderText.clean(database.getDatabaseProductName()),
              null);
    };
  }

  /** The part of a schema script's name that tells the dialect. */
  String scriptName();

  /** The version of the tables that was the first in this database. */
  int firstVersion();

  /** Sets up a pool for a URL; the properties hold credentials. */
  void configure(HikariConfig pool, String url, Properties properties);

  /** Connections that work at once. */
  int connections();

  boolean hasTable(Handle handle, String name);

  /** Looks for damage; null if there is none, or the server looks after it by itself. */
  @Nullable String damage(Handle handle);

  /** Whether a database without a ledger belongs to something else. */
  boolean isForeign(Handle handle);

  /** Takes new ids of deliveries, in order. */
  List<Long> newIds(Handle handle, int count);

  /** The time by the clock that all share: microseconds since 1970. */
  String now();

  /** What ends a query that locks its rows for changes. */
  String forUpdate();

  /** What ends a query that locks the rows of a table that nobody else has locked. */
  String skipLocked(String table);

  /** Holds off other admissions among the same ids until the transaction ends. */
  void holdAdmissions(Handle handle, Part part);

  /**
   * Holds off other claims of siblings until the transaction ends; false if nothing else can have
   * happened meanwhile.
   */
  boolean holdSiblings(Handle handle, Part part);

  /**
   * Begins a transaction that outlives the process.
   *
   * @return what to ask for its {@link #fate} by if its commit fails; null where a commit that
   *     fails gets no further by asking
   */
  @Nullable Long begin(Handle handle);

  /** The same, for claims: they are on disk when it ends. */
  @Nullable Long beginClaims(Handle handle);

  /**
   * The same, for a transaction that a failing server may lose: what a retry came to is read again.
   * It is on disk no later than the next claim.
   */
  @Nullable Long beginResults(Handle handle);

  void commit(Handle handle);

  /** Does nothing if there is nothing to undo. */
  void rollBack(Handle handle);

  /** What became of a transaction of this server, in the same {@link #incarnation}. */
  Fate fate(Handle handle, long transaction);

  /** Tells apart a server before a crash from the one after, and from any other server. */
  String incarnation(Handle handle);

  /** Keeps other processes from changing the schema until the transaction ends. */
  void lockSchema(Handle handle);

  /** What follows a column that is to be one of a list that {@link #bindList} binds. */
  String isIn(String list);

  <S extends SqlStatement<S>> S bindList(
      S statement, String list, Class<?> type, Collection<?> values);

  /**
   * Executes a statement that has {@code %s} where rows stand as a table {@code u}: so many
   * changes.
   */
  int execute(Handle handle, String sql, Rows rows);

  /** The time by the clock of all that share the database: its own, or else the machine's. */
  Instant time(Handle handle, TimeSource machine);
}
