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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite: a file that several processes of one machine may use. Times are microseconds. */
final class Sqlite implements Dialect {
  /** How long a process waits for another one that is writing. */
  private static final int BUSY_MILLIS = 20_000;

  private static final int CACHE_KILOBYTES = 16_384;
  private static final Pattern NAME = Pattern.compile(":(\\w+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String scriptName() {
    return "sqlite";
  }

  @Override
  public int firstVersion() {
    return 2;
  }

  /** One: connections of one process would only wait for each other, by polling. */
  @Override
  public int connections() {
    return 1;
  }

  @Override
  public void configure(HikariConfig pool, String url, Properties properties) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // Each commit is on the disk when it returns: a claim that a power cut loses is sent twice.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // A transaction that began by reading could not go on to write behind another's back.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KILOBYTES);
    var source = new SQLiteDataSource(config);
    source.setUrl(url);
    pool.setDataSource(source);
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
  public boolean isForeign(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM sqlite_master").mapTo(Integer.class).one() > 0;
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

  /** A file has one writer at a time: the transaction itself holds off all else. */
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

  @Override
  public void mayBeLost(Handle handle) {}

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

  /** Row by row: to unpack them from JSON takes far longer, and so does binding by name. */
  @Override
  public int execute(Handle handle, String sql, Rows rows) {
    List<String> names =
        Stream.concat(
                rows.columns().stream().map(Rows.Column::name), rows.single().keySet().stream())
            .toList();
    String row =
        rows.columns().stream()
            .map(column -> ":" + column.name() + " AS " + column.name())
            .collect(Collectors.joining(", ", "(SELECT ", ") AS u"));
    String numbered =
        NAME.matcher(sql.formatted(row))
            .replaceAll(name -> "?" + (names.indexOf(name.group(1)) + 1));
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
