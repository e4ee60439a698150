package dev.redrive.dbscheduler;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A PostgreSQL server for all tests of a JVM, with a schema and a user for each. */
final class Postgres {
  /** Other tests start servers at the same time. */
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static EmbeddedPostgres server;

  private Postgres() {}

  /** A pool of a user that owns an empty schema, and is no superuser. */
  static synchronized HikariDataSource newSchema() {
    String name = "tasks_" + SCHEMAS.incrementAndGet();
    try {
      if (server == null) {
        server = EmbeddedPostgres.builder().setPGStartupWait(LONGEST_START).start();
      }
      execute(server.getPostgresDatabase(), "CREATE ROLE " + name + " LOGIN");
      execute(server.getPostgresDatabase(), "CREATE SCHEMA " + name + " AUTHORIZATION " + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pool(name, name);
  }

  /** A pool of a user that may use a schema's tables, and may not create any. */
  static synchronized HikariDataSource guestOf(HikariDataSource owner) {
    String schema = owner.getSchema();
    String guest = schema + "_guest";
    execute(server.getPostgresDatabase(), "CREATE ROLE " + guest + " LOGIN");
    execute(owner, "GRANT USAGE ON SCHEMA " + schema + " TO " + guest);
    execute(
        owner,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + guest);
    return pool(schema, guest);
  }

  /** Another pool of the same user, whose connections do not commit by themselves. */
  static synchronized HikariDataSource withoutAutoCommit(HikariDataSource source) {
    HikariConfig config = config(source.getSchema(), source.getUsername());
    config.setAutoCommit(false);
    return new HikariDataSource(config);
  }

  private static HikariDataSource pool(String schema, String user) {
    return new HikariDataSource(config(schema, user));
  }

  private static HikariConfig config(String schema, String user) {
    var config = new HikariConfig();
    config.setJdbcUrl("jdbc:postgresql://localhost:" + server.getPort() + "/postgres");
    config.setUsername(user);
    config.setSchema(schema);
    config.setMaximumPoolSize(6);
    return config;
  }

  static void execute(DataSource source, String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of a query, in text. */
  static List<String> query(DataSource source, String sql) {
    List<String> values = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }
}
