package dev.redrive.ledger.jdbc;

import dev.redrive.Secret;
import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.LedgerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * A ledger in an SQLite file, which the processes of one machine may share, or in PostgreSQL, to be
 * shared by many machines.
 *
 * <p>Changes survive the process once a method has returned. In SQLite they also survive a power
 * cut, if the disk honours flushes. In PostgreSQL each claim is on disk when the method returns;
 * results and outcomes follow with the next claim or within a second, and are read again if a crash
 * of the server loses them. The ledger stores ids, states, times and the endpoint without its
 * query, but no payload, response, error text or signature.
 *
 * <p>Temporary failures are retried for about 15 seconds: lost connections, a restart of the
 * server, deadlocks, a file that another process has locked. A database that is not available when
 * it is opened fails at once. If a connection is lost during a commit, the server is asked whether
 * the commit succeeded. If it cannot tell, the call fails, and what it may have claimed is settled
 * like the claims of a dead run.
 *
 * <p>The space of purged deliveries is reused: an SQLite file does not shrink, and needs no VACUUM.
 *
 * <p>Interrupts do not end a call, so that what was sent is recorded. The thread's interrupt flag
 * stays set.
 */
public final class JdbcLedger extends DatabaseLedger {
  private JdbcLedger(Database database, TimeSource time) {
    super(database, time);
  }

  /**
   * Opens an SQLite file. If it does not exist, creates it and its folders, readable by its owner
   * only. While it is open and after a crash, two more files, {@code -wal} and {@code -shm}, belong
   * to it.
   *
   * @param file the file, on a local disk: not every network file system supports locks
   * @throws LedgerException if it is corrupt, belongs to another program, has a newer schema, is on
   *     a full or read-only disk, or may not be written; the message says what to do
   */
  public static JdbcLedger open(Path file) {
    return open(file, TimeSource.system());
  }

  /** Opens a file with another clock for its budgets, for tests. */
  static JdbcLedger open(Path file, TimeSource time) {
    Location location = Location.of(file);
    LedgerFile.create(Path.of(location.name()), new Failures(location.name()));
    return with(Database.open(location), Schema::create, time);
  }

  /** Opens an empty ledger in memory, for a trial: closing it forgets everything. */
  public static JdbcLedger openInMemory() {
    return openInMemory("in memory");
  }

  /**
   * Opens an empty ledger in memory, under another name.
   *
   * @param name its name in plans
   */
  public static JdbcLedger openInMemory(String name) {
    return with(Database.open(Location.inMemory(name)), Schema::create);
  }

  /**
   * Opens a PostgreSQL database, and creates the tables if they do not exist.
   *
   * @param url {@code jdbc:postgresql:…}, {@code postgresql://…} or {@code postgres://…}.
   *     Credentials in it are never shown. Without them, {@code PGUSER}, {@code PGPASSWORD} and
   *     {@code ~/.pgpass} are used. Its {@code options} are kept, except those that {@link
   *     #open(DataSource)} names
   * @throws LedgerException if it cannot be reached, refuses the credentials, or for the reasons of
   *     {@link #open(Path)}
   */
  public static JdbcLedger open(String url) {
    return with(Database.open(Location.of(url)), Schema::create);
  }

  /** Opens a PostgreSQL database with credentials that are not part of the URL. */
  public static JdbcLedger open(String url, String user, Secret password) {
    return with(Database.open(Location.of(url).as(user, password)), Schema::create);
  }

  /**
   * Uses a caller's PostgreSQL pool, which stays open, and creates the tables if they do not exist.
   *
   * <p>Its connections may have any isolation level and any auto-commit mode; they are given back
   * unchanged. Each transaction sets, for itself only: READ COMMITTED, {@code lock_timeout} (30 s),
   * {@code idle_in_transaction_session_timeout} (20 s), and {@code synchronous_commit} if it is
   * off, so that a claim is on disk before it is sent.
   *
   * @param source a pool with at least four connections for the ledger
   * @throws LedgerException if its connections are read-only, or for the reasons of {@link
   *     #open(String)}
   */
  public static JdbcLedger open(DataSource source) {
    return with(Database.over(source), Schema::create);
  }

  /**
   * Opens an existing SQLite file, to look into it.
   *
   * @throws LedgerException if there is no ledger, or for the reasons of {@link #open(Path)}
   */
  public static JdbcLedger openExisting(Path file) {
    Location location = Location.of(file);
    if (!Files.exists(file)) {
      throw new Failures(location.name())
          .ledger("does not exist: check its name, or run a recovery to create it", null);
    }
    return require(Database.open(location));
  }

  /** Opens a database that already has the tables. Creates nothing. */
  public static JdbcLedger openExisting(String url) {
    return require(Database.open(Location.of(url)));
  }

  private static JdbcLedger require(Database database) {
    return with(database, Schema::require);
  }

  static JdbcLedger with(Database database, Consumer<Database> prepare) {
    return with(database, prepare, TimeSource.system());
  }

  private static JdbcLedger with(Database database, Consumer<Database> prepare, TimeSource time) {
    try {
      prepare.accept(database);
      database.opened();
      return new JdbcLedger(database, time);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }
}
