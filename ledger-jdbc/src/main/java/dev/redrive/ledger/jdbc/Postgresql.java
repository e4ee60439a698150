package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.redrive.TimeSource;
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
  /** Tells our locks of accounts from other programs' advisory locks. */
  private static final int LOCKS = 723317401;

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

  /** Adds our settings to a URL where it has none of its own. Of two options the later counts. */
  static String withSettings(String url) {
    int query = url.indexOf('?');
    var complete = new StringBuilder(query < 0 ? url : url.substring(0, query)).append('?');
    Map<String, String> missing = settings();
    for (String setting : query < 0 ? new String[0] : url.substring(query + 1).split("&", -1)) {
      String key = setting.replaceFirst("=.*", "");
      String ours = missing.remove(key);
      if (ours != null && key.equals("options")) {
        String theirs = setting.substring(setting.indexOf('=') + 1);
        complete.append("options=").append(encoded(ours + " ")).append(theirs).append('&');
      } else if (!setting.isEmpty()) {
        complete.append(setting).append('&');
      }
    }
    missing.forEach(
        (key, value) -> complete.append(key).append('=').append(encoded(value)).append('&'));
    complete.setLength(complete.length() - 1);
    return complete.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("reWriteBatchedInserts", "true");
    settings.put("connectTimeout", "5");
    settings.put("socketTimeout", "60");
    settings.put("tcpKeepAlive", "true");
    settings.put("ApplicationName", "redrive");
    // A process that stands still must not hold up the others for good: it loses its lock before
    // they give up. And the tables grow faster than the planner learns of it, so that it would go
    // on reading them as a whole.
    settings.put(
        "options",
        "-c lock_timeout=30s -c idle_in_transaction_session_timeout=20s -c enable_seqscan=off");
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

  /** To lock the accounts' rows would be one more write each time. */
  @Override
  public void lock(Handle handle, List<Integer> accounts) {
    lock(handle, accounts, "");
  }

  @Override
  public void lockForResults(Handle handle, List<Integer> accounts) {
    lock(handle, accounts, ", set_config('synchronous_commit', 'off', TRUE)");
  }

  private static void lock(Handle handle, List<Integer> accounts, String besides) {
    handle
        .createQuery(
            "SELECT pg_advisory_xact_lock(%d, a)%s FROM UNNEST(:accounts) a"
                .formatted(LOCKS, besides))
        .bindArray("accounts", Integer.class, accounts)
        .mapTo(String.class)
        .list();
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

  @Override
  public Instant now(Handle handle, TimeSource machine) {
    return handle
        .createQuery("SELECT clock_timestamp()")
        .mapTo(OffsetDateTime.class)
        .one()
        .toInstant();
  }

  /** With its offset: the driver would otherwise take it for local time. */
  @Override
  public @Nullable Object time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
