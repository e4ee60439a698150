package dev.redrive.ledger.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import dev.redrive.TimeSource;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite: a file that several processes of one machine may use. */
final class Sqlite implements Dialect {
  /** How long one attempt waits for another process that is writing; see {@link Patience}. */
  private static final int BUSY_MILLIS = 5_000;

  private static final int CACHE_KILOBYTES = 16_384;

  /** How many pages the write-ahead log has before they are written to the file: about 32 MB. */
  private static final String CHECKPOINT_PAGES = "8000";

  /** The table of rows in a statement, with the comma or {@code FROM} before it. */
  private static final Pattern TABLE = Pattern.compile("(,|\\bFROM) %s");

  /** A value of a row in a statement, or a value that is the same for all rows. */
  private static final Pattern VALUE = Pattern.compile("\\bu\\.\\w+|:\\w+");

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String scriptName() {
    return "sqlite";
  }

  @Override
  public int firstVersion() {
    return 2;
  }

  /** One connection, because several of one process would only poll for each other's locks. */
  @Override
  public int connections() {
    return 1;
  }

  @Override
  public void configure(HikariConfig pool, String url, Properties properties) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KILOBYTES);
    var source = new SQLiteDataSource(config);
    source.setUrl(url);
    pool.setDataSource(source);
    // Not as a setting of the driver: those that Spring Boot manages are too old to have it.
    pool.setConnectionInitSql("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
    pool.setMaxLifetime(0);
  }

  @Override
  public boolean hasTable(Handle handle, String name) {
    return handle
            .createQuery("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name")
            .bind("name", name)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  @Override
  public @Nullable String damage(Handle handle) {
    String found = handle.createQuery("PRAGMA quick_check(1)").mapTo(String.class).one();
    return found.equals("ok") ? null : found;
  }

  @Override
  public long bytes(Handle handle) {
    return handle
        .createQuery("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        .mapTo(Long.class)
        .one();
  }

  @Override
  public boolean isForeign(Handle handle) {
    // In one statement, because another process may be creating the tables.
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM sqlite_master WHERE NOT EXISTS"
                    + " (SELECT 1 FROM sqlite_master WHERE name = 'redrive_schema')")
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  @Override
  public List<Long> newIds(Handle handle, int count) {
    long last =
        handle
            .createQuery("SELECT COALESCE(MAX(id), 0) FROM redrive_delivery")
            .mapTo(Long.class)
            .one();
    return LongStream.rangeClosed(last + 1, last + count).boxed().toList();
  }

  @Override
  public String now() {
    return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
  }

  /** Nothing to do: a file has one writer at a time, so the transaction blocks all others. */
  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String skipLocked(String table) {
    return "";
  }

  @Override
  public void holdAdmissions(Handle handle, Part part) {}

  @Override
  public boolean holdSiblings(Handle handle, Part part) {
    return false;
  }

  /**
   * Does not wait for the disk: a power cut that loses it also ends the process. {@code IMMEDIATE},
   * because a transaction that began with a read cannot write after another process has.
   *
   * <p>Uses SQL statements, because the driver's {@code commit()} begins the next transaction at
   * once: if that fails, it looks as if the commit had failed.
   */
  @Override
  public @Nullable Long begin(Handle handle) {
    return begin(handle, SQLiteConfig.SynchronousMode.NORMAL);
  }

  /** The commit waits for the disk, and writes all earlier commits, too. */
  @Override
  public @Nullable Long beginClaims(Handle handle) {
    return begin(handle, SQLiteConfig.SynchronousMode.FULL);
  }

  @Override
  public @Nullable Long beginResults(Handle handle) {
    return begin(handle);
  }

  private static @Nullable Long begin(Handle handle, SQLiteConfig.SynchronousMode mode) {
    handle.execute("PRAGMA synchronous = " + mode.getValue());
    handle.execute("BEGIN IMMEDIATE");
    return null;
  }

  /**
   * If another process is in the way, the transaction stays open and can be rolled back. After a
   * disk error, the change may still appear when the file is opened after a crash. Then it is a
   * claim that may have been sent, and it is settled by reading.
   */
  @Override
  public void commit(Handle handle) {
    handle.execute("COMMIT");
  }

  /** After some errors, SQLite has rolled back by itself. */
  @Override
  public void rollBack(Handle handle) {
    handle.execute("ROLLBACK");
  }

  /** Never called: {@link #begin} returns no id. */
  @Override
  public Fate fate(Handle handle, long transaction) {
    return Fate.UNKNOWN;
  }

  @Override
  public String incarnation(Handle handle) {
    return "";
  }

  @Override
  public void lockSchema(Handle handle) {}

  @Override
  public String isIn(String list) {
    return "IN (SELECT value FROM json_each(:" + list + "))";
  }

  @Override
  public <S extends SqlStatement<S>> S bindList(
      S statement, String list, Class<?> type, Collection<?> values) {
    return statement.bind(list, json(values));
  }

  /** Executes the statement row by row, with values instead of a table, which is much faster. */
  @Override
  public int execute(Handle handle, String sql, Rows rows) {
    List<String> names =
        Stream.concat(
                rows.columns().stream().map(column -> "u." + column.name()),
                rows.single().keySet().stream().map(name -> ":" + name))
            .toList();
    String numbered =
        VALUE
            .matcher(TABLE.matcher(sql).replaceFirst(""))
            .replaceAll(value -> "?" + (names.indexOf(value.group()) + 1));
    try (PreparedStatement statement = handle.getConnection().prepareStatement(numbered)) {
      for (int i = 0; i < rows.count(); i++) {
        int position = 1;
        for (Rows.Column column : rows.columns()) {
          statement.setObject(position++, column.values().get(i));
        }
        for (Object value : rows.single().values()) {
          statement.setObject(position++, value);
        }
        statement.addBatch();
      }
      return IntStream.of(statement.executeBatch()).sum();
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException(e, null);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Instant time(Handle handle, TimeSource machine) {
    return machine.now().truncatedTo(ChronoUnit.MICROS);
  }
}
