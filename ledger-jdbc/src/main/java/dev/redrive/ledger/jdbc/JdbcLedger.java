package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Secret;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

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
public final class JdbcLedger implements RetryLedger {
  private final Database database;
  private final Accounts accounts;
  private final JdbcBudgets budgets;
  private final Runs runs = new Runs();
  private final GroupCommit groups;

  private JdbcLedger(Database database, TimeSource time) {
    this.database = database;
    this.accounts = new Accounts(database);
    this.budgets = new JdbcBudgets(database, accounts, time);
    this.groups = new GroupCommit(database);
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

  @Override
  public void begin(LedgerRun run) {
    List<Integer> numbers = run.accounts().stream().map(accounts::number).toList();
    if (!database.write(tx -> Runs.begin(tx, run, numbers))) {
      throw new IllegalArgumentException("Run " + run.id() + " has begun already");
    }
  }

  @Override
  public boolean alive(String run) {
    return database.write(tx -> runs.alive(tx, run));
  }

  @Override
  public void approve(String run) {
    change(tx -> runs.approve(tx, run));
  }

  @Override
  public void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    change(tx -> runs.finish(tx, run, endedAt, end, counts));
  }

  private void change(Consumer<Tx> work) {
    database.write(
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  @Override
  public long takeUp(String run, Account account, Instant now, Duration silence) {
    int number = accounts.number(account);
    return database.write(tx -> TakeUp.takeUp(tx, part(tx, run, account, number), now, silence));
  }

  private Part part(Tx tx, String run, Account account, int number) {
    return new Part(runs.number(tx, run), account, number);
  }

  @Override
  public List<Admission> admit(
      String run, Account account, List<FailedDelivery> found, Round round) {
    if (found.isEmpty()) {
      return List.of();
    }
    int number = accounts.number(account);
    return database.write(tx -> Admissions.admit(tx, part(tx, run, account, number), found, round));
  }

  @Override
  public List<Admission> preview(
      Account account, List<FailedDelivery> found, Round round, Predicate<String> isFirst) {
    if (found.isEmpty()) {
      return List.of();
    }
    var part = new Part(Runs.NONE, account, accounts.find(account));
    return database.read(tx -> Admissions.preview(tx, part, found, round, isFirst));
  }

  @Override
  public void leftQueued(
      @Nullable String run, Account account, Predicate<List<LedgerEntry>> reader) {
    int number = accounts.find(account);
    if (number != Part.UNKNOWN) {
      Queue.leftQueued(
          database,
          tx -> new Part(run == null ? Runs.NONE : runs.number(tx, run), account, number),
          reader);
    }
  }

  @Override
  public List<Holder> holders(Account account) {
    var part = new Part(Runs.NONE, account, accounts.find(account));
    return database.read(tx -> TakeUp.holders(tx, part));
  }

  @Override
  public List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now, Duration lease) {
    int number = accounts.find(account);
    return number == Part.UNKNOWN
        ? List.of()
        : database.writeClaims(
            tx -> Queue.claim(tx, part(tx, run, account, number), grouping, most, now, lease));
  }

  @Override
  public List<LedgerEntry> claimFirst(
      String run,
      Account account,
      Grouping grouping,
      int each,
      Set<String> except,
      int most,
      Instant now,
      Duration lease) {
    int number = accounts.find(account);
    return number == Part.UNKNOWN
        ? List.of()
        : database.writeClaims(
            tx ->
                Queue.claimFirst(
                    tx, part(tx, run, account, number), grouping, each, except, most, now, lease));
  }

  @Override
  public void holdBack(String run, Account account, String webhook) {
    int number = accounts.number(account);
    change(tx -> Queue.holdBack(tx, part(tx, run, account, number), webhook));
  }

  @Override
  public Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries) {
    Map<Long, List<String>> logs = new HashMap<>();
    entries.stream()
        .collect(Collectors.groupingBy(LedgerEntry::account))
        .forEach(
            (account, ofAccount) -> {
              var part = new Part(Runs.NONE, account, accounts.find(account));
              logs.putAll(database.read(tx -> Siblings.logs(tx, part, ofAccount)));
            });
    return logs;
  }

  @Override
  public void record(String run, List<LedgerEntry> claimed, List<RetryResult> results) {
    store(run, Results.of(claimed, results));
  }

  @Override
  public List<LedgerEntry> unsettled(String run, Account account, long afterId, int most) {
    return read(run, account, List.of(), (tx, part) -> Reading.unsettled(tx, part, afterId, most));
  }

  @Override
  public void settle(
      String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now) {
    store(run, Results.of(entries, outcomes, now));
  }

  private void store(String run, Results results) {
    if (!results.isEmpty()) {
      groups.store(runs.number(database, run), results);
    }
  }

  /** Reads something of a run's part in an account that is stored. */
  private <T> T read(String run, Account account, T none, BiFunction<Tx, Part, T> work) {
    int number = accounts.find(account);
    return number == Part.UNKNOWN
        ? none
        : database.read(tx -> work.apply(tx, part(tx, run, account, number)));
  }

  @Override
  public Remaining remaining(String run, Account account) {
    return read(run, account, new Remaining(0, 0), Queue::remaining);
  }

  @Override
  public Standing standing(String run, Account account) {
    return read(run, account, new Standing(Map.of(), Map.of()), Reading::standing);
  }

  @Override
  public Set<Long> claimsOfOthers(String run, Account account) {
    return read(run, account, Set.of(), TakeUp::claimsOfOthers);
  }

  @Override
  public About about(Account account) {
    return database.read(tx -> Reading.about(tx, database.name(), account));
  }

  @Override
  public Budgets budgets() {
    return budgets;
  }

  @Override
  public LedgerAdmin admin() {
    return new JdbcAdmin(database, accounts, runs);
  }

  @Override
  public List<LedgerRun> runs(int most) {
    return database.read(tx -> Runs.latest(tx, most));
  }

  @Override
  public void entries(String run, Consumer<LedgerEntry> reader) {
    Reading.given(database, tx -> runs.number(tx, run), reader);
  }

  /** Closes the database, unless it is the caller's. */
  @Override
  public void close() {
    database.close();
  }
}
