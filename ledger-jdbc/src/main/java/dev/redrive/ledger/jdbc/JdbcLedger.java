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
 * <p>What a method did outlives the process when it returns, however the process ends. In SQLite it
 * outlives a power cut too, as far as the disk keeps its word. PostgreSQL has each claim on its
 * disk before it returns; what retries came to follows with the next claim or within a second, and
 * what a failing server loses of that is read again. Of a delivery it keeps names, states and
 * times, and the endpoint without its query: no payload, response, error text or signature.
 *
 * <p>What passes is waited out for some 15 seconds, but for a database that is not there when it is
 * opened: connections that break, a server that restarts, deadlocks, a file that another process
 * holds. Where a connection is lost during a commit, the server is asked what became of that; where
 * it cannot tell, the call fails, and what it may have claimed is settled like the claims of a run
 * that died.
 *
 * <p>What is purged makes room for what comes: an SQLite file does not shrink, and needs no VACUUM.
 *
 * <p>Calls are not disturbed by interrupts: what was sent is recorded, and the thread's flag stays.
 */
public final class JdbcLedger extends DatabaseLedger {
  private JdbcLedger(Database database, TimeSource time) {
    super(database, time);
  }

  /**
   * Opens an SQLite file, and creates it with its folders if it is not there, for its owner alone.
   * Two more files beside it, {@code -wal} and {@code -shm}, belong to it while it is open and
   * after a crash.
   *
   * @param file the file, on a disk of this machine: not every network file system locks files
   * @throws LedgerException if it is corrupt, of another program, of a newer schema, on a full or
   *     read-only disk, or may not be written; the message says what to do
   */
  public static JdbcLedger open(Path file) {
    return open(file, TimeSource.system());
  }

  /** The same with a clock for its budgets, for tests. */
  static JdbcLedger open(Path file, TimeSource time) {
    Location location = Location.of(file);
    LedgerFile.create(Path.of(location.name()), new Failures(location.name()));
    return with(Database.open(location), Schema::create, time);
  }

  /** An empty ledger in memory, for a trial: what it remembers is forgotten when it is closed. */
  public static JdbcLedger openInMemory() {
    return openInMemory("in memory");
  }

  /**
   * The same under another name.
   *
   * @param name what plans call it
   */
  public static JdbcLedger openInMemory(String name) {
    return with(Database.open(Location.inMemory(name)), Schema::create);
  }

  /**
   * Opens a database, and creates the tables if they are not there.
   *
   * @param url {@code jdbc:postgresql:…}, {@code postgresql://…} or {@code postgres://…}.
   *     Credentials in it are never shown; without them the variables {@code PGUSER} and {@code
   *     PGPASSWORD} are asked, and {@code ~/.pgpass}. Its {@code options} are kept, but for those
   *     that {@link #open(DataSource)} names
   * @throws LedgerException if it cannot be reached, refuses the credentials, or as {@link
   *     #open(Path)}
   */
  public static JdbcLedger open(String url) {
    return with(Database.open(Location.of(url)), Schema::create);
  }

  /** The same with credentials that are not part of the URL. */
  public static JdbcLedger open(String url, String user, Secret password) {
    return with(Database.open(Location.of(url).as(user, password)), Schema::create);
  }

  /**
   * Works on a caller's own PostgreSQL pool, which stays open, and creates missing tables.
   *
   * <p>Its connections may have any isolation level and need not commit by themselves; they get
   * back as they came. Each transaction sets for itself alone: READ COMMITTED, {@code lock_timeout}
   * (30 s), {@code idle_in_transaction_session_timeout} (20 s), and {@code synchronous_commit}
   * where it is off, so that a claim is on disk before it is sent.
   *
   * @param source a pool with connections to spare: up to four are used at once
   * @throws LedgerException if its connections are read-only, or as {@link #open(String)}
   */
  public static JdbcLedger open(DataSource source) {
    return with(Database.over(source), Schema::create);
  }

  /**
   * Opens an SQLite file that must be there already, to look into it.
   *
   * @throws LedgerException if there is no ledger, or as {@link #open(Path)}
   */
  public static JdbcLedger openExisting(Path file) {
    Location location = Location.of(file);
    if (!Files.exists(file)) {
      throw new Failures(location.name())
          .ledger("does not exist: check its name, or run a recovery to create it", null);
    }
    return require(Database.open(location));
  }

  /** Opens a database that must have the tables already; creates nothing. */
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
