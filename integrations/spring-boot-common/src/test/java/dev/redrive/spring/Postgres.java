package dev.redrive.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A PostgreSQL server for all tests of a JVM; it ends with the JVM at the latest. */
final class Postgres {
  private static EmbeddedPostgres server;

  private Postgres() {}

  /** A new database. */
  static DataSource newDatabase(String name) {
    create(name);
    return server().getDatabase("postgres", name);
  }

  /** The URL of a new database. */
  static String newUrl(String name) {
    create(name);
    return server().getJdbcUrl("postgres", name);
  }

  private static void create(String name) {
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static synchronized EmbeddedPostgres server() {
    try {
      if (server == null) {
        server = EmbeddedPostgres.start();
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
