package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, shared by many processes. */
final class Postgresql implements Dialect {
  private static final String OPTIONS = "options";

  @Override
  public String scriptName() {
    return "postgresql";
  }

  @Override
  public int connections() {
    return 4;
  }

  @Override
  public void configure(HikariConfig pool, String url, Properties properties) {
    // Not as the pool's own properties: it logs those, and masks no more than the password.
    pool.setDataSource(new DriverDataSource(withSettings(url), null, properties, null, null));
  }

  /**
   * Adds our settings to a URL where it has none of its own. Of two settings of one name the driver
   * takes the later, and so does the server of two options.
   */
  static String withSettings(String url) {
    int query = url.indexOf('?');
    Map<String, String> all = settings();
    String ours = all.getOrDefault(OPTIONS, "");
    for (String setting : query < 0 ? new String[0] : url.substring(query + 1).split("&", -1)) {
      int equals = setting.indexOf('=');
      String key = equals < 0 ? setting : setting.substring(0, equals);
      String value = equals < 0 ? "" : setting.substring(equals + 1);
      if (!setting.isEmpty()) {
        all.put(key, key.equals(OPTIONS) ? ours + "%20" + value : value);
      }
    }
    return all.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining("&", (query < 0 ? url : url.substring(0, query)) + "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    // Encoded as in a URL.
    settings.put("reWriteBatchedInserts", "true");
    settings.put("connectTimeout", "5");
    settings.put("socketTimeout", "60");
    settings.put("tcpKeepAlive", "true");
    settings.put("ApplicationName", "redrive");
    // Nothing waits for a lock for good, not even what only reads. And the tables grow faster than
    // the planner learns of it, so that it would go on reading them as a whole.
    settings.put(OPTIONS, encoded("-c lock_timeout=30s -c enable_seqscan=off"));
    return settings;
  }

  @Override
  public boolean hasTable(Handle handle, String name) {
    return handle
        .createQuery("SELECT to_regclass(:name) IS NOT NULL")
        .bind("name", name)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public @Nullable String damage(Handle handle) {
    return null;
  }

  /** A ledger may share a schema with other tables. */
  @Override
  public boolean isForeign(Handle handle) {
    return false;
  }

  @Override
  public List<Long> newIds(Handle handle, int count) {
    return handle
        .createQuery("SELECT nextval('redrive_delivery_id') FROM generate_series(1, :count)")
        .bind("count", count)
        .mapTo(Long.class)
        .stream()
        .sorted()
        .toList();
  }

  @Override
  public Long begin(Handle handle, List<Integer> accounts) {
    return PostgresqlTransactions.begin(handle, accounts, PostgresqlTransactions.DURABLE);
  }

  @Override
  public Long beginResults(Handle handle, List<Integer> accounts) {
    return PostgresqlTransactions.begin(handle, accounts, PostgresqlTransactions.SOON_DURABLE);
  }

  @Override
  public void commit(Handle handle) {
    handle.commit();
  }

  @Override
  public void rollBack(Handle handle) {
    if (handle.isInTransaction()) {
      handle.rollback();
    }
  }

  @Override
  public Fate fate(Handle handle, long transaction) {
    return PostgresqlTransactions.fate(handle, transaction);
  }

  @Override
  public String incarnation(Handle handle) {
    return PostgresqlTransactions.incarnation(handle);
  }

  @Override
  public void lockSchema(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(7233174018640143973)");
  }

  @Override
  public String isIn(String list) {
    return "= ANY(:" + list + ")";
  }

  @Override
  public <S extends SqlStatement<S>> S bindList(
      S statement, String list, Class<?> type, Collection<?> values) {
    return statement.bindArray(list, type, values);
  }

  @Override
  public String from(Table table) {
    return "UNNEST("
        + table.columns().stream()
            .map(column -> "CAST(:" + column.name() + " AS " + column.sqlType() + " ARRAY)")
            .collect(Collectors.joining(", "))
        + ") AS u ("
        + table.columns().stream().map(Table.Column::name).collect(Collectors.joining(", "))
        + ")";
  }

  @Override
  public <S extends SqlStatement<S>> S bindTable(S statement, Table table) {
    for (Table.Column column : table.columns()) {
      if (column.type() == Instant.class) {
        List<@Nullable Object> times =
            column.values().stream().map(t -> time((Instant) t)).toList();
        statement.bindArray(column.name(), OffsetDateTime.class, times);
      } else {
        statement.bindArray(column.name(), column.type(), column.values());
      }
    }
    return statement;
  }

  /** With its offset: the driver would otherwise take it for local time. */
  @Override
  public @Nullable Object time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
