package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Secret;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.LedgerException;
import dev.redrive.recovery.LedgerRun;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
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
 * <p>Calls are not disturbed by interrupts: what was sent is recorded, and the thread's flag stays.
 */
public final class JdbcLedger implements RetryLedger {
  private final Database database;
  private final Accounts accounts;
  private final Runs runs = new Runs();
  private final Heads heads = new Heads();

  private JdbcLedger(Database database) {
    this.database = database;
    this.accounts = new Accounts(database);
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
    Location location = Location.of(file);
    createFile(location, Path.of(location.name()));
    return with(Database.open(location), Schema::create);
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

  /** A new ledger beside one of an earlier version would send again what that one remembers. */
  private static void requireNoOlder(Path file, Failures failures) {
    String stem = file.toString().replaceFirst("\\.db$", "");
    Path older = Path.of(stem + ".mv.db");
    if (Files.exists(older)) {
      throw failures.ledger(
          "cannot be created beside "
              + older.getFileName()
              + ", which an earlier version wrote and this one cannot read. What it remembers may be"
              + " sent again: move it away only if that does no harm",
          null);
    }
  }

  /** SQLite gives the files beside it the same permissions. */
  private static void createFile(Location location, Path file) {
    var failures = new Failures(location.name());
    if (Files.exists(file)) {
      return;
    }
    requireNoOlder(file, failures);
    try {
      Files.createDirectories(file.getParent());
      if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(file)) {
        throw failures.ledger(Failures.NOT_THERE, e);
      }
      // Another process was faster.
    } catch (IOException e) {
      throw failures.ledger(Failures.NOT_THERE, e);
    }
  }

  private static JdbcLedger require(Database database) {
    return with(database, Schema::require);
  }

  static JdbcLedger with(Database database, Consumer<Database> prepare) {
    try {
      prepare.accept(database);
      database.opened();
      return new JdbcLedger(database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public void begin(LedgerRun run) {
    List<Integer> numbers = run.accounts().stream().map(accounts::number).toList();
    if (!database.write(handle -> Runs.begin(handle, run, numbers))) {
      throw new IllegalArgumentException("Run " + run.id() + " has begun already");
    }
  }

  @Override
  public void alive(String run, Instant now) {
    database.write(
        handle -> {
          runs.alive(handle, run, now);
          return true;
        });
  }

  @Override
  public void approve(String run) {
    database.write(
        handle -> {
          runs.approve(handle, run);
          return true;
        });
  }

  @Override
  public void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    database.write(
        handle -> {
          runs.finish(handle, run, endedAt, end, counts);
          return true;
        });
  }

  @Override
  public long takeUp(String run, Account account, Instant now, Duration silence) {
    int accountNo = accounts.number(account);
    return database.write(
        List.of(accountNo),
        handle ->
            Deliveries.takeUp(
                handle,
                database.dialect(),
                runs.number(handle, run),
                accountNo,
                now,
                now.minus(silence)));
  }

  @Override
  public List<Admission> admit(String run, List<FailedDelivery> found, Round round) {
    if (found.isEmpty()) {
      return List.of();
    }
    Account account = Account.of(found.get(0).key());
    int accountNo = accounts.number(account);
    return database.write(
        List.of(accountNo),
        handle -> {
          heads.reset(accountNo);
          return Admissions.admit(
              handle,
              database.dialect(),
              accountNo,
              account,
              runs.number(handle, run),
              found,
              round);
        });
  }

  @Override
  public List<Admission> preview(
      List<FailedDelivery> found, Round round, Predicate<String> isFirst) {
    if (found.isEmpty()) {
      return List.of();
    }
    Account account = Account.of(found.get(0).key());
    Integer accountNo = accounts.find(account);
    return database.read(
        handle ->
            Admissions.preview(
                handle, database.dialect(), accountNo, account, found, round, isFirst));
  }

  @Override
  public void leftQueued(
      @Nullable String run, Account account, Predicate<List<LedgerEntry>> reader) {
    Integer accountNo = accounts.find(account);
    if (accountNo == null) {
      return;
    }
    Deliveries.Waiting last = null;
    boolean goesOn = true;
    while (goesOn) {
      Deliveries.Waiting behind = last;
      List<Deliveries.Waiting> page =
          database.read(
              handle ->
                  Deliveries.leftQueued(
                      handle,
                      run == null ? Runs.NONE : runs.number(handle, run),
                      accountNo,
                      account,
                      behind));
      goesOn =
          !page.isEmpty() && reader.test(page.stream().map(Deliveries.Waiting::entry).toList());
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    }
  }

  @Override
  public List<Holder> holders(Account account) {
    Integer accountNo = accounts.find(account);
    return accountNo == null ? List.of() : database.read(handle -> Runs.holders(handle, accountNo));
  }

  @Override
  public List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now, Duration lease) {
    Integer accountNo = accounts.find(account);
    if (accountNo == null) {
      return List.of();
    }
    var tried = new AtomicBoolean();
    return database.write(
        List.of(accountNo),
        handle -> {
          if (tried.getAndSet(true)) {
            // What an attempt that was undone has passed by waits again.
            heads.reset(accountNo);
          }
          return Deliveries.claim(
              handle,
              database.dialect(),
              heads,
              runs.number(handle, run),
              accountNo,
              account,
              grouping,
              most,
              now,
              now.plus(lease));
        });
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
    Integer accountNo = accounts.find(account);
    if (accountNo == null) {
      return List.of();
    }
    return database.write(
        List.of(accountNo),
        handle ->
            Deliveries.claimFirst(
                handle,
                database.dialect(),
                runs.number(handle, run),
                accountNo,
                account,
                grouping,
                each,
                except,
                most,
                now,
                now.plus(lease)));
  }

  @Override
  public void holdBack(String run, Account account, String webhook) {
    int accountNo = accounts.number(account);
    database.write(
        List.of(accountNo),
        handle -> {
          Deliveries.holdBack(handle, runs.number(handle, run), accountNo, webhook);
          return true;
        });
  }

  @Override
  public Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries) {
    Map<Long, List<String>> logs = new HashMap<>();
    entries.stream()
        .collect(Collectors.groupingBy(LedgerEntry::account))
        .forEach(
            (account, ofAccount) -> {
              int accountNo = accounts.number(account);
              logs.putAll(
                  database.read(
                      handle ->
                          Deliveries.logsOfSiblings(
                              handle, database.dialect(), accountNo, ofAccount)));
            });
    return logs;
  }

  @Override
  public void record(String run, List<LedgerEntry> claimed, List<RetryResult> results) {
    requireSameSize(claimed, results);
    var named = new ArrayList<Deliveries.RetryLog>();
    var changes = new ArrayList<Deliveries.Change>(claimed.size());
    for (int i = 0; i < claimed.size(); i++) {
      LedgerEntry entry = claimed.get(i);
      RetryResult result = results.get(i);
      if (result.newLogId() != null) {
        named.add(retryLog(entry, result.newLogId()));
      }
      if (entry.state() == DeliveryState.SENDING) {
        changes.add(new Deliveries.Change(entry, entry.recorded(result)));
      }
    }
    change(
        changes,
        claimed,
        handle -> {
          int changed =
              Deliveries.change(handle, database.dialect(), runs.number(handle, run), changes);
          // As long as a delivery is open, its state has its log.
          if (changed < claimed.size()) {
            Deliveries.keepLogs(handle, database.dialect(), named);
          }
        });
  }

  @Override
  public List<LedgerEntry> unsettled(String run, Account account, long afterId, int most) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? List.of()
        : database.read(
            handle ->
                Deliveries.unsettled(
                    handle, runs.number(handle, run), accountNo, account, afterId, most));
  }

  @Override
  public void settle(
      String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now) {
    requireSameSize(entries, outcomes);
    var logs = new ArrayList<Deliveries.RetryLog>();
    var changes = new ArrayList<Deliveries.Change>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      LedgerEntry next = entry;
      if (entry.state().isUnsettled()) {
        next = entry.settled(outcomes.get(i), now);
        if (!next.equals(entry)) {
          changes.add(new Deliveries.Change(entry, next));
        }
      }
      WebhookLog log = outcomes.get(i).log();
      String logId = log == null ? next.newLogId() : log.logId();
      if (logId != null && !Deliveries.isInState(next, logId)) {
        logs.add(retryLog(entry, logId));
      }
    }
    if (changes.isEmpty() && logs.isEmpty()) {
      return;
    }
    change(
        changes,
        entries,
        handle -> {
          Deliveries.keepLogs(handle, database.dialect(), logs);
          Deliveries.change(handle, database.dialect(), runs.number(handle, run), changes);
        });
  }

  private Deliveries.RetryLog retryLog(LedgerEntry entry, String logId) {
    return new Deliveries.RetryLog(accounts.number(entry.account()), logId, entry);
  }

  private void change(
      List<Deliveries.Change> changes, List<LedgerEntry> entries, Consumer<Handle> work) {
    List<Integer> numbers =
        entries.stream()
            .map(LedgerEntry::account)
            .distinct()
            .map(accounts::number)
            .sorted()
            .toList();
    database.writeResults(
        numbers,
        handle -> {
          work.accept(handle);
          return true;
        });
    if (changes.stream().anyMatch(change -> change.next().state() == DeliveryState.FOUND)) {
      numbers.forEach(heads::reset);
    }
  }

  @Override
  public Remaining remaining(String run, Account account) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? new Remaining(0, 0)
        : database.read(
            handle -> Deliveries.remaining(handle, runs.number(handle, run), accountNo));
  }

  @Override
  public Standing standing(String run, Account account) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? new Standing(Map.of(), Map.of())
        : database.read(handle -> Deliveries.standing(handle, runs.number(handle, run), accountNo));
  }

  @Override
  public Instant oldestClaimOfOthers(String run, Account account, Instant now) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? Instant.MAX
        : database.read(
            handle ->
                Deliveries.oldestClaimOfOthers(handle, runs.number(handle, run), accountNo, now));
  }

  @Override
  public List<LedgerRun> runs(int most) {
    return database.read(handle -> Runs.latest(handle, database.dialect(), most));
  }

  @Override
  public void entries(String run, Consumer<LedgerEntry> reader) {
    List<LedgerEntry> page;
    long last = 0;
    do {
      long after = last;
      page = database.read(handle -> Deliveries.given(handle, runs.number(handle, run), after));
      page.forEach(reader);
      last = page.isEmpty() ? last : page.get(page.size() - 1).id();
    } while (!page.isEmpty());
  }

  /** Closes the database, unless it is the caller's. */
  @Override
  public void close() {
    database.close();
  }

  private static void requireSameSize(List<?> entries, List<?> answers) {
    if (entries.size() != answers.size()) {
      throw new IllegalArgumentException(
          entries.size() + " entries, but " + answers.size() + " answers: give one for each");
    }
  }
}
