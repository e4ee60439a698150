package dev.redrive.ledger.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite: a file that several processes of one machine may use. Times are microseconds. */
final class Sqlite implements Dialect {
  /** How long one attempt waits for another process that is writing; see {@link Patience}. */
  private static final int BUSY_MILLIS = 5_000;

  private static final int CACHE_KILOBYTES = 16_384;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String scriptName() {
    return "sqlite";
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

  /**
   * A file has one writer at a time: the transaction itself holds off all else. One that began by
   * reading could not go on to write behind another's back.
   *
   * <p>By statements, as the driver's {@code commit()} begins the next transaction at once: what
   * fails then looks like a commit that failed, though all of it is stored.
   */
  @Override
  public @Nullable Long begin(Handle handle, List<Integer> accounts) {
    handle.execute("BEGIN IMMEDIATE");
    return null;
  }

  @Override
  public @Nullable Long beginResults(Handle handle, List<Integer> accounts) {
    return begin(handle, accounts);
  }

  /**
   * Where others are in the way, the transaction goes on and can be undone. After a disk error the
   * change may come to light when the file is opened after a crash: then it is a claim of which
   * nobody knows that it was sent, to be settled by reading.
   */
  @Override
  public void commit(Handle handle) {
    handle.execute("COMMIT");
  }

  /** After some errors SQLite has undone it by itself. */
  @Override
  public void rollBack(Handle handle) {
    handle.execute("ROLLBACK");
  }

  /** A commit that failed is never asked for. */
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

  @Override
  public String from(Table table) {
    return IntStream.range(0, table.columns().size())
        .mapToObj(i -> "value ->> " + i + " AS " + table.columns().get(i).name())
        .collect(Collectors.joining(", ", "(SELECT ", " FROM json_each(:rows)) AS u"));
  }

  @Override
  public <S extends SqlStatement<S>> S bindTable(S statement, Table table) {
    int count = table.columns().get(0).values().size();
    var rows = new ArrayList<List<@Nullable Object>>(count);
    for (int i = 0; i < count; i++) {
      var row = new ArrayList<@Nullable Object>(table.columns().size());
      for (Table.Column column : table.columns()) {
        Object value = column.values().get(i);
        row.add(value instanceof Instant instant ? time(instant) : value);
      }
      rows.add(row);
    }
    return statement.bind("rows", json(rows));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable Object time(@Nullable Instant instant) {
    return instant == null ? null : (Object) ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
