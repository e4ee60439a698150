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

/** The differences between SQLite and PostgreSQL. */
interface Dialect {
  Dialect SQLITE = new Sqlite();
  Dialect POSTGRESQL = new Postgresql();

  /** Returns the dialect of a caller's data source. */
  static Dialect ofServer(DatabaseMetaData database) throws SQLException {
    return switch (database.getDatabaseProductName()) {
      case "PostgreSQL" -> POSTGRESQL;
      case "SQLite" ->
          throw new LedgerException(
              "A ledger in SQLite needs its own settings, so that a power cut cannot lose a claim: open"
                  + " its file with JdbcLedger.open(Path)",
              null);
      default ->
          throw new LedgerException(
              "The data source of a ledger must be PostgreSQL, not "
                  + ProviderText.clean(database.getDatabaseProductName()),
              null);
    };
  }

  /** Returns the dialect's part of the name of a schema script. */
  String scriptName();

  /** Returns the first version of the tables that exists for this database. */
  int firstVersion();

  /** Sets up a pool for a URL; the properties hold credentials. */
  void configure(HikariConfig pool, String url, Properties properties);

  /** Returns how many connections may be used at once. */
  int connections();

  boolean hasTable(Handle handle, String name);

  /** Checks for damage; null if there is none, or the server checks by itself. */
  @Nullable String damage(Handle handle);

  /** Returns how much room the ledger's tables take. */
  long bytes(Handle handle);

  /** Whether a database without a ledger belongs to something else. */
  boolean isForeign(Handle handle);

  /** Returns new ids for deliveries, in order. */
  List<Long> newIds(Handle handle, int count);

  /** Returns the SQL for the time by the shared clock, in microseconds since 1970. */
  String now();

  /** Returns the end of a query that locks its rows. */
  String forUpdate();

  /** Returns the end of a query that locks the rows of a table, except those that are locked. */
  String skipLocked(String table);

  /** Blocks other admissions among the same ids until the transaction ends. */
  void holdAdmissions(Handle handle, Part part);

  /**
   * Blocks other claims of siblings until the transaction ends. Returns false if there cannot have
   * been any other change meanwhile.
   */
  boolean holdSiblings(Handle handle, Part part);

  /**
   * Begins a transaction whose changes survive the process.
   *
   * @return the id by which to ask for its {@link #fate} if the commit fails; null if asking does
   *     not help
   */
  @Nullable Long begin(Handle handle);

  /** Begins a transaction for claims, which are on disk when it ends. */
  @Nullable Long beginClaims(Handle handle);

  /**
   * Begins a transaction that a crash of the server may lose, because results can be read again. It
   * is on disk no later than the next claim.
   */
  @Nullable Long beginResults(Handle handle);

  void commit(Handle handle);

  /** Does nothing if there is nothing to undo. */
  void rollBack(Handle handle);

  /** Returns the fate of a transaction of this server, in the same {@link #incarnation}. */
  Fate fate(Handle handle, long transaction);

  /** Returns a value that changes when the server crashes, and differs between servers. */
  String incarnation(Handle handle);

  /** Keeps other processes from changing the schema until the transaction ends. */
  void lockSchema(Handle handle);

  /** Returns the SQL that compares a column with a list, which {@link #bindList} binds. */
  String isIn(String list);

  <S extends SqlStatement<S>> S bindList(
      S statement, String list, Class<?> type, Collection<?> values);

  /**
   * Executes a statement in which {@code %s} stands for the rows, as a table {@code u}. Returns the
   * number of changes.
   */
  int execute(Handle handle, String sql, Rows rows);

  /** Returns the time by the shared clock: that of the database or, if it has none, the machine. */
  Instant time(Handle handle, TimeSource machine);
}
