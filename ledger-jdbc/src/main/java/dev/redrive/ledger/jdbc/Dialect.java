package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.redrive.ProviderText;
import dev.redrive.recovery.LedgerException;
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

  /**
   * Begins a transaction that outlives a failing server, and holds off all else that changes
   * deliveries of these accounts, in order, until it ends.
   *
   * @return what to ask for its {@link #fate} by if its commit fails; null where a commit that
   *     fails gets no further by asking
   */
  @Nullable Long begin(Handle handle, List<Integer> accounts);

  /**
   * The same, for a transaction that a failing server may lose: what a retry came to is read again.
   * It is on disk no later than the next claim.
   */
  @Nullable Long beginResults(Handle handle, List<Integer> accounts);

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

  /** A table {@code u} as it stands behind {@code FROM}; {@link #bindTable} binds its values. */
  String from(Table table);

  <S extends SqlStatement<S>> S bindTable(S statement, Table table);

  /** An instant as the driver takes it. */
  @Nullable Object time(@Nullable Instant instant);
}
