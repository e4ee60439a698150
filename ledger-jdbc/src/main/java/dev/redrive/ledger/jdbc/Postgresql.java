package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.redrive.TimeSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, shared by many processes. */
final class Postgresql implements Dialect {
  private static final String OPTIONS = "options";

  /** Distinguish our advisory locks from those of other programs. */
  private static final int ADMISSIONS = 723317401;

  private static final int SIBLINGS = 723317402;

  @Override
  public String scriptName() {
    return "postgresql";
  }

  @Override
  public int firstVersion() {
    return 1;
  }

  @Override
  public int connections() {
    return 4;
  }

  @Override
  public void configure(HikariConfig pool, String url, Properties properties) {
    // Not as properties of the pool: it logs those, and masks only the password.
    pool.setDataSource(new DriverDataSource(withSettings(url), null, properties, null, null));
  }

  /**
   * Adds our settings to a URL, in front of its own. If a name occurs twice, the driver and the
   * server use the later value.
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
    // Nothing, not even a read, waits for a lock forever.
    settings.put(
        OPTIONS,
        encoded(
            PostgresqlTransactions.NOT_PLANNED.stream()
                .map(way -> " -c enable_" + way + "=off")
                .collect(Collectors.joining("", "-c lock_timeout=30s", ""))));
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

  @Override
  public long bytes(Handle handle) {
    return handle
        .createQuery(
            "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
                + " WHERE c.relkind = 'r' AND starts_with(c.relname, 'redrive_')"
                + " AND pg_table_is_visible(c.oid)")
        .mapTo(Long.class)
        .one();
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
  public String now() {
    return "CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000000 AS BIGINT)";
  }

  @Override
  public Instant time(Handle handle, TimeSource machine) {
    long micros = handle.createQuery("SELECT " + now()).mapTo(Long.class).one();
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public String skipLocked(String table) {
    return " FOR UPDATE OF " + table + " SKIP LOCKED";
  }

  @Override
  public void holdAdmissions(Handle handle, Part part) {
    hold(handle, ADMISSIONS, part);
  }

  @Override
  public boolean holdSiblings(Handle handle, Part part) {
    hold(handle, SIBLINGS, part);
    return true;
  }

  private static void hold(Handle handle, int what, Part part) {
    // Account numbers are positive.
    int scope = part.isUnique() ? part.account().provider().hashCode() | 1 << 31 : part.number();
    handle.execute("SELECT pg_advisory_xact_lock(?, ?)", what, scope);
  }

  @Override
  public Long begin(Handle handle) {
    return PostgresqlTransactions.begin(handle, PostgresqlTransactions.DURABLE);
  }

  @Override
  public Long beginClaims(Handle handle) {
    return begin(handle);
  }

  @Override
  public Long beginResults(Handle handle) {
    return PostgresqlTransactions.begin(handle, PostgresqlTransactions.SOON_DURABLE);
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
  public int execute(Handle handle, String sql, Rows rows) {
    String table =
        "UNNEST("
            + rows.columns().stream()
                .map(column -> "CAST(:" + column.name() + " AS " + column.sqlType() + " ARRAY)")
                .collect(Collectors.joining(", "))
            + ") AS u ("
            + rows.columns().stream().map(Rows.Column::name).collect(Collectors.joining(", "))
            + ")";
    Update update = handle.createUpdate(sql.formatted(table)).bindMap(rows.single());
    rows.columns()
        .forEach(column -> update.bindArray(column.name(), column.type(), column.values()));
    return update.execute();
  }
}
