package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Runs transactions, and says in one sentence what went wrong with one. */
final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  /** Transactions after which outdated space is freed. */
  private static final int TIDY_AFTER = 20;

  private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

  private final Workers workers;
  private final Failures failures;
  private final Jdbi jdbi;
  private final Dialect dialect;
  private final AutoCloseable pool;
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(
      Workers workers, Failures failures, DataSource source, Dialect dialect, AutoCloseable pool) {
    this.workers = workers;
    this.failures = failures;
    this.jdbi = Columns.configure(Jdbi.create(source));
    this.dialect = dialect;
    this.pool = pool;
  }

  /** Opens a pool of our own, which {@link #close} closes. */
  static Database open(Location location) {
    return open(location, location.name());
  }

  /** The same, under another name in messages. */
  static Database open(Location location, String name) {
    var workers = new Workers(CONNECTIONS);
    var failures = new Failures(name);
    HikariConfig config = location.pool();
    config.setMaximumPoolSize(CONNECTIONS);
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
    var workers = new Workers(CONNECTIONS);
    var failures = new Failures("in the given data source");
    try {
      Dialect dialect =
          workers.run(
              () -> {
                try (Connection connection = source.getConnection()) {
                  return Dialect.of(connection.getMetaData());
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

  Failures failures() {
    return failures;
  }

  /** Runs a transaction; what it did outlives the process once this returns. */
  <T> T write(Function<Handle, T> work) {
    return run(
        () ->
            jdbi.withHandle(
                handle -> {
                  T result = handle.inTransaction(work::apply);
                  dialect.flush(handle);
                  if (writes.incrementAndGet() % TIDY_AFTER == 0) {
                    dialect.tidy(handle);
                  }
                  return result;
                }));
  }

  /**
   * The same, while all else that changes deliveries of these accounts, which are in order, is held
   * off: a log must not be admitted in one transaction and joined to its delivery in another.
   */
  <T> T write(List<Integer> accounts, Function<Handle, T> work) {
    return locked(dialect.lock(), accounts, work);
  }

  /** The same for what came of retries, which a database server that fails may lose. */
  <T> T writeResults(List<Integer> accounts, Function<Handle, T> work) {
    return locked(dialect.lockForResults(), accounts, work);
  }

  private <T> T locked(String lock, List<Integer> accounts, Function<Handle, T> work) {
    return write(
        handle -> {
          handle
              .createQuery(lock)
              .bindArray("accounts", Integer.class, accounts)
              .mapTo(String.class)
              .list();
          return work.apply(handle);
        });
  }

  <T> T read(Function<Handle, T> work) {
    return run(() -> jdbi.withHandle(work::apply));
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
