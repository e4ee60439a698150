package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Runs transactions, and explains failures in one sentence. */
final class Database implements AutoCloseable {
  private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

  private final Workers workers;
  private final Failures failures;
  private final Dialect dialect;
  private final Transactions transactions;
  private final Runnable closePool;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(
      Workers workers,
      Failures failures,
      Jdbi jdbi,
      Dialect dialect,
      Consumer<Connection> discard,
      Runnable closePool,
      TimeSource time) {
    this.workers = workers;
    this.failures = failures;
    this.dialect = dialect;
    this.closePool = closePool;
    this.transactions =
        new Transactions(
            jdbi.registerArrayType(String.class, "varchar")
                .registerArrayType(Long.class, "bigint")
                .registerArrayType(Integer.class, "int"),
            dialect,
            failures,
            () -> new Patience(time, workers::areClosed),
            discard);
  }

  /** Opens a pool, which {@link #close} closes. */
  static Database open(Location location) {
    return open(location, TimeSource.system());
  }

  static Database open(Location location, TimeSource time) {
    Dialect dialect = location.dialect();
    var workers = new Workers(dialect.connections());
    var failures = new Failures(location.name());
    HikariConfig config = location.pool();
    config.setMaximumPoolSize(dialect.connections());
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    try {
      HikariDataSource pool = workers.run(() -> new HikariDataSource(config));
      Jdbi jdbi = Jdbi.create(pool);
      return new Database(
          workers, failures, jdbi, dialect, pool::evictConnection, pool::close, time);
    } catch (Exception e) {
      workers.close(() -> {});
      throw failures.of(e);
    }
  }

  /** Uses a caller's pool, which stays open. */
  static Database over(DataSource source) {
    return over(source, TimeSource.system());
  }

  static Database over(DataSource source, TimeSource time) {
    var workers = new Workers(Dialect.POSTGRESQL.connections());
    var failures = new Failures("in the given data source");
    try {
      Dialect dialect = workers.run(() -> dialect(source));
      Jdbi jdbi = workers.run(() -> Jdbi.create(Connections.of(source, failures)));
      return new Database(workers, failures, jdbi, dialect, connection -> {}, () -> {}, time);
    } catch (Exception e) {
      workers.close(() -> {});
      throw failures.of(e);
    }
  }

  private static Dialect dialect(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Dialect.ofServer(connection.getMetaData());
    }
  }

  Dialect dialect() {
    return dialect;
  }

  /** Returns the name for messages; never with credentials. */
  String name() {
    return failures.name();
  }

  Failures failures() {
    return failures;
  }

  /** Call this once the ledger is open: from now on, outages are waited out. */
  void opened() {
    transactions.worked();
  }

  /**
   * Runs a transaction. Its changes survive the process once this returns. It is repeated after a
   * temporary failure.
   *
   * @param work may run more than once, so it must change only the database
   */
  <T> T write(Function<Tx, T> work) {
    return write(dialect::begin, work);
  }

  /** Runs a transaction that is on disk once this returns. A lost claim would be sent twice. */
  <T> T writeClaims(Function<Tx, T> work) {
    return write(dialect::beginClaims, work);
  }

  /** Runs a transaction that a crash of the server may lose: results can be read again. */
  <T> T writeResults(Function<Tx, T> work) {
    return write(dialect::beginResults, work);
  }

  private <T> T write(Transactions.Start start, Function<Tx, T> work) {
    return run(() -> transactions.write(start, handle -> work.apply(new Tx(handle, dialect))));
  }

  /** Runs a read. {@code work} may run more than once. */
  <T> T read(Function<Tx, T> work) {
    return run(() -> transactions.read(handle -> work.apply(new Tx(handle, dialect))));
  }

  private <T> T run(Callable<T> work) {
    try {
      return workers.run(work);
    } catch (Exception e) {
      throw failures.of(e);
    }
  }

  /** Waits for running transactions, and closes the pool if it is ours. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      workers.close(closePool);
    }
  }
}
