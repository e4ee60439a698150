package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Runs transactions, and says in one sentence what went wrong with one. */
final class Database implements AutoCloseable {
  private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

  private final Workers workers;
  private final Failures failures;
  private final Jdbi jdbi;
  private final Dialect dialect;
  private final AutoCloseable pool;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(
      Workers workers, Failures failures, DataSource source, Dialect dialect, AutoCloseable pool) {
    this.workers = workers;
    this.failures = failures;
    this.jdbi =
        Jdbi.create(source)
            .registerArrayType(String.class, "varchar")
            .registerArrayType(Long.class, "bigint")
            .registerArrayType(Integer.class, "int");
    this.dialect = dialect;
    this.pool = pool;
  }

  /** Opens a pool of our own, which {@link #close} closes. */
  static Database open(Location location) {
    int connections = location.dialect().connections();
    var workers = new Workers(connections);
    var failures = new Failures(location.name());
    HikariConfig config = location.pool();
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    try {
      HikariDataSource pool = workers.run(() -> new HikariDataSource(config));
      return new Database(workers, failures, pool, location.dialect(), pool);
    } catch (Exception e) {
      workers.close();
      throw failures.of(e);
    }
  }

  /** Works on a caller's pool, which stays open. */
  static Database over(DataSource source) {
    var workers = new Workers(Dialect.POSTGRESQL.connections());
    var failures = new Failures("in the given data source");
    try {
      Dialect dialect =
          workers.run(
              () -> {
                try (Connection connection = source.getConnection()) {
                  return Dialect.ofServer(connection.getMetaData());
                }
              });
      return new Database(workers, failures, source, dialect, () -> {});
    } catch (Exception e) {
      workers.close();
      throw failures.of(e);
    }
  }

  Dialect dialect() {
    return dialect;
  }

  /** What to call it in messages; never with credentials. */
  String name() {
    return failures.name();
  }

  Failures failures() {
    return failures;
  }

  /** Runs a transaction; what it did outlives the process once this returns. */
  <T> T write(Function<Tx, T> work) {
    return run(() -> jdbi.inTransaction(handle -> work.apply(new Tx(handle, dialect))));
  }

  /** The same for what came of retries, which a power cut may take: it is read again. */
  <T> T writeResults(Function<Tx, T> work) {
    return write(
        tx -> {
          dialect.mayBeLost(tx.handle());
          return work.apply(tx);
        });
  }

  <T> T read(Function<Tx, T> work) {
    return run(() -> jdbi.withHandle(handle -> work.apply(new Tx(handle, dialect))));
  }

  private <T> T run(Callable<T> work) {
    try {
      return workers.run(work);
    } catch (Exception e) {
      throw failures.of(e);
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      workers.run(
          () -> {
            pool.close();
            return true;
          });
    } catch (Exception e) {
      throw failures.of(e);
    } finally {
      workers.close();
    }
  }
}
