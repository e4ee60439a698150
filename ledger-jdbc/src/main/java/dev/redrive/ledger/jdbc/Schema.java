package dev.redrive.ledger.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/** Creates, updates and checks the tables of a ledger. */
final class Schema {
  /** The newest version. Each version has a script that updates the version before. */
  private static final int VERSION = 2;

  private static final Lock CREATION = new ReentrantLock();

  private Schema() {}

  /** Creates the tables, or updates older ones. */
  static void create(Database database) {
    if (database.read(tx -> database.dialect().damage(tx.handle())) != null) {
      throw database.failures().ledger(Failures.CORRUPT, null);
    }
    if (version(database) == VERSION) {
      return;
    }
    CREATION.lock();
    try {
      database.write(
          tx -> {
            Handle handle = tx.handle();
            database.dialect().lockSchema(handle);
            int first = database.dialect().firstVersion();
            for (int next = Math.max(first, version(handle, database) + 1);
                next <= VERSION;
                next++) {
              handle.createScript(script(database.dialect(), next)).execute();
              handle.execute("INSERT INTO redrive_schema (version) VALUES (?)", next);
            }
            return true;
          });
    } finally {
      CREATION.unlock();
    }
  }

  /** Checks that the tables exist and have this version. */
  static void require(Database database) {
    int version = version(database);
    if (version == 0) {
      throw database.failures().ledger("has no tables yet: run a recovery to create them", null);
    }
    if (version < VERSION) {
      throw database
          .failures()
          .ledger("is of an older version of Redrive: run a recovery to update it", null);
    }
  }

  private static int version(Database database) {
    return database.read(tx -> version(tx.handle(), database));
  }

  private static int version(Handle handle, Database database) {
    if (!database.dialect().hasTable(handle, "redrive_schema")) {
      if (database.dialect().isForeign(handle)) {
        throw database
            .failures()
            .ledger("is the database of another program: use another file", null);
      }
      return 0;
    }
    int version =
        handle
            .createQuery("SELECT COALESCE(MAX(version), 0) FROM redrive_schema")
            .mapTo(Integer.class)
            .one();
    if (version > VERSION) {
      throw database
          .failures()
          .ledger(
              "was written by a newer Redrive (schema "
                  + version
                  + ", this one knows "
                  + VERSION
                  + "): update Redrive",
              null);
    }
    return version;
  }

  private static String script(Dialect dialect, int version) {
    String name = "schema-" + dialect.scriptName() + "-" + version + ".sql";
    try (InputStream script = Schema.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
