package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.redrive.ProviderText;
import dev.redrive.recovery.LedgerException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/** Where H2 and PostgreSQL differ. */
enum Dialect {
  H2 {
    @Override
    Map<String, String> settings() {
      Map<String, String> settings = new LinkedHashMap<>();
      // What goes out during a shutdown is still recorded.
      settings.put("DB_CLOSE_ON_EXIT", "FALSE");
      // Each commit is in the file when it returns; with a delay, H2 writes behind our back.
      settings.put("WRITE_DELAY", "0");
      settings.put("RETENTION_TIME", "1000");
      // Statements that stay prepared; H2 keeps eight by itself.
      settings.put("QUERY_CACHE_SIZE", "64");
      settings.put("CACHE_SIZE", Long.toString(cacheKilobytes()));
      settings.put("LOCK_TIMEOUT", "10000");
      // A trace file beside the ledger would quote it.
      settings.put("TRACE_LEVEL_FILE", "0");
      return settings;
    }

    @Override
    String updateFrom(String source, String alias, String condition, String set) {
      return "MERGE INTO redrive_state s USING (SELECT * FROM %s AS %s) u ON (%s) WHEN MATCHED THEN UPDATE SET %s"
          .formatted(source, alias, condition, set);
    }

    @Override
    void append(StringBuilder url, String key, String value) {
      url.append(';').append(key).append('=').append(value);
    }

    /** As long as one connection is open, so is the file, and no other process can take it. */
    @Override
    void configure(HikariConfig pool) {
      pool.setMaxLifetime(0);
      pool.setIdleTimeout(0);
    }

    /** H2 writes the file whenever it takes new numbers. */
    @Override
    String script(String text) {
      return text.replace("${cache}", "CACHE 1000");
    }

    @Override
    String newIds() {
      return "SELECT NEXT VALUE FOR redrive_delivery_id FROM SYSTEM_RANGE(1, :count)";
    }

    @Override
    String addAccount() {
      return "MERGE INTO redrive_account (provider, name) KEY (provider, name)"
          + " VALUES (:provider, :name)";
    }

    @Override
    String lock() {
      return """
          SELECT account_no FROM redrive_account WHERE account_no = ANY(:accounts)
          ORDER BY account_no FOR UPDATE
          """;
    }

    private JdbcConnection unwrap(Handle handle) {
      try {
        return handle.getConnection().unwrap(JdbcConnection.class);
      } catch (SQLException e) {
        throw new ConnectionException(e);
      }
    }

    private long cacheKilobytes() {
      return Math.max(8_192, Math.min(65_536, Runtime.getRuntime().maxMemory() / 1024 / 6));
    }

    @Override
    void flush(Handle handle) {
      handle.execute("CHECKPOINT");
    }

    /** Without a delay for its writes, H2 leaves this to us. */
    @Override
    void tidy(Handle handle) {
      Session session = unwrap(handle).getSession();
      if (session instanceof SessionLocal local) {
        local.getDatabase().getStore().getMvStore().compact(FILL_RATE, TIDIED_BYTES);
      }
    }

    @Override
    boolean hasTable(Handle handle, String name) {
      return handle
          .createQuery(
              """
              SELECT COUNT(*) > 0 FROM INFORMATION_SCHEMA.TABLES
              WHERE TABLE_SCHEMA = SCHEMA() AND LOWER(TABLE_NAME) = :name
              """)
          .bind("name", name)
          .mapTo(Boolean.class)
          .one();
    }

    /** The file belongs to this process: whoever held it before is dead. */
    @Override
    void disown(Handle handle, String process) {
      handle
          .createUpdate(
              """
              UPDATE redrive_run SET lease_until = started_at
              WHERE ended_at IS NULL AND process <> :process AND lease_until > started_at
              """)
          .bind("process", process)
          .execute();
    }
  },

  POSTGRESQL {
    @Override
    Map<String, String> settings() {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("reWriteBatchedInserts", "true");
      settings.put("connectTimeout", "5");
      settings.put("socketTimeout", "60");
      settings.put("tcpKeepAlive", "true");
      settings.put("ApplicationName", "redrive");
      // A process that stands still must not hold up the others for good; and the tables grow
      // faster than the planner learns of it, so that it would go on reading them as a whole.
      settings.put(
          "options",
          "-c lock_timeout=20s -c idle_in_transaction_session_timeout=30s -c enable_seqscan=off");
      return settings;
    }

    @Override
    String updateFrom(String source, String alias, String condition, String set) {
      return "UPDATE redrive_state s SET %s FROM %s AS %s WHERE %s"
          .formatted(set, source, alias, condition);
    }

    @Override
    void append(StringBuilder url, String key, String value) {
      url.append(url.indexOf("?") < 0 ? '?' : '&')
          .append(key)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    @Override
    boolean hasTable(Handle handle, String name) {
      return handle
          .createQuery("SELECT to_regclass(:name) IS NOT NULL")
          .bind("name", name)
          .mapTo(Boolean.class)
          .one();
    }

    /** Each connection would take numbers of its own, out of order. */
    @Override
    String script(String text) {
      return text.replace("${cache}", "");
    }

    @Override
    String newIds() {
      return "SELECT nextval('redrive_delivery_id') FROM generate_series(1, :count)";
    }

    @Override
    String addAccount() {
      return "INSERT INTO redrive_account (provider, name) VALUES (:provider, :name)"
          + " ON CONFLICT DO NOTHING";
    }

    /** To lock the accounts' rows would be one more write each time. */
    @Override
    String lock() {
      return "SELECT pg_advisory_xact_lock(%d, a) FROM UNNEST(:accounts) a".formatted(LOCKS);
    }

    @Override
    String lockForResults() {
      return """
          SELECT pg_advisory_xact_lock(%d, a), set_config('synchronous_commit', 'off', TRUE)
          FROM UNNEST(:accounts) a
          """
          .formatted(LOCKS);
    }

    @Override
    void lockSchema(Handle handle) {
      handle.execute("SELECT pg_advisory_xact_lock(7233174018640143973)");
    }
  };

  /** Tells our locks of accounts from other programs' advisory locks. */
  private static final int LOCKS = 723317401;

  /** The share of a file, in percent, that is to be in use. */
  private static final int FILL_RATE = 25;

  /** How much is moved at once to free space. */
  private static final int TIDIED_BYTES = 16 << 20;

  static Dialect of(DatabaseMetaData database) throws SQLException {
    return switch (database.getDatabaseProductName()) {
      case "H2" -> H2;
      case "PostgreSQL" -> POSTGRESQL;
      default ->
          throw new LedgerException(
              "A ledger works on H2 and PostgreSQL, not on "
                  + ProviderText.clean(database.getDatabaseProductName()),
              null);
    };
  }

  /** Adds our settings to a URL where it has none of its own. */
  String withSettings(String url) {
    var complete = new StringBuilder(url);
    settings()
        .forEach(
            (key, value) -> {
              if (!url.toLowerCase(Locale.ROOT).contains(key.toLowerCase(Locale.ROOT) + "=")) {
                append(complete, key, value);
              }
            });
    return complete.toString();
  }

  abstract Map<String, String> settings();

  abstract void append(StringBuilder url, String key, String value);

  /** Changes each delivery's state {@code s} by the row of a source that fits it. */
  abstract String updateFrom(String source, String alias, String condition, String set);

  void configure(HikariConfig pool) {}

  abstract boolean hasTable(Handle handle, String name);

  /** Fits a schema script to the dialect. */
  abstract String script(String text);

  /** Takes {@code :count} new ids of deliveries. */
  abstract String newIds();

  /** Adds an account unless it is there. */
  abstract String addAccount();

  /** Locks {@code :accounts}, which are in order, until the transaction ends. */
  abstract String lock();

  /**
   * The same, for a transaction that a failing server may lose: what a retry came to is read again.
   * It is on disk no later than the next claim.
   */
  String lockForResults() {
    return lock();
  }

  /** Keeps other processes from changing the schema until the transaction ends. */
  void lockSchema(Handle handle) {}

  /** Frees a part of the space that outdated pages take, where the database does not by itself. */
  void tidy(Handle handle) {}

  /** Makes what was committed outlive the process. */
  void flush(Handle handle) {}

  /** Ends the leases of processes that are surely dead. */
  void disown(Handle handle, String process) {}
}
