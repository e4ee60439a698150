package dev.redrive.ledger.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server for all tests of a JVM, with a schema for each. */
final class Postgres {
  /** Other tests start servers at the same time. */
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static EmbeddedPostgres server;

  private Postgres() {}

  /** The URL of a new, empty schema. */
  static synchronized String newSchema() {
    try {
      if (server == null) {
        server = start();
      }
      String name = "ledger_" + SCHEMAS.incrementAndGet();
      execute("CREATE SCHEMA " + name);
      return server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something as the server's owner. */
  static synchronized void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A server that ends with the JVM at the latest. */
  static EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder().setPGStartupWait(LONGEST_START).start();
  }

  /** A server whose log is written when a commit waits for it, not soon after; its folder stays. */
  static EmbeddedPostgres startIn(Path folder) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("wal_writer_delay", "10s")
        .setPGStartupWait(LONGEST_START)
        .start();
  }

  /** Kills the server that runs in a folder. */
  static void kill(Path folder) throws IOException {
    String process = Files.readAllLines(folder.resolve("postmaster.pid")).get(0);
    ProcessHandle server = ProcessHandle.of(Long.parseLong(process)).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
  }

  /** The URL of a new schema for a user that has to give its password; without credentials. */
  static synchronized String newSchemaOf(String user, String password)
      throws SQLException, IOException {
    String url = newSchema();
    String schema = url.substring(url.lastIndexOf('=') + 1);
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
      statement.execute("ALTER SCHEMA " + schema + " OWNER TO " + user);
      try (ResultSet file = statement.executeQuery("SHOW hba_file")) {
        file.next();
        Path rules = Path.of(file.getString(1));
        Files.writeString(
            rules, "host all " + user + " all scram-sha-256\n" + Files.readString(rules));
      }
      statement.execute("SELECT pg_reload_conf()");
    }
    return url.replaceAll("user=[^&]*&?", "").replaceAll("password=[^&]*&?", "");
  }
}
