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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

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
 * <p>Calls are not disturbed by interrupts: what was sent is recorded, and the thread's flag stays.
 */
public final class JdbcLedger implements RetryLedger {
  /** Ids that one reading of {@link #entries} spans. */
  private static final int STRETCH = 1_000;

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
   *     PGPASSWORD} are asked, and {@code ~/.pgpass}
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

  /** Works on a caller's own PostgreSQL pool, which stays open, and creates missing tables. */
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

  private static JdbcLedger with(Database database, Consumer<Database> prepare) {
    try {
      prepare.accept(database);
      return new JdbcLedger(database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public void begin(LedgerRun run, Instant leaseUntil) {
    List<Integer> numbers = run.accounts().stream().map(accounts::number).toList();
    if (!database.write(handle -> Runs.begin(handle, run, numbers, leaseUntil))) {
      throw new IllegalArgumentException("Run " + run.id() + " has begun already");
    }
  }

  @Override
  public boolean renew(String run, Instant leaseUntil) {
    return database.write(handle -> runs.renew(handle, run, leaseUntil));
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
  public long takeOver(String run, Account account, Instant now) {
    int accountNo = accounts.number(account);
    return database.write(
        List.of(accountNo),
        handle ->
            Deliveries.takeOver(
                handle, database.dialect(), runs.number(handle, run), accountNo, now));
  }

  @Override
  public List<Admission> admit(String run, List<FailedDelivery> found, Round round, Instant now) {
    if (found.isEmpty()) {
      return List.of();
    }
    Account account = Account.of(found.get(0).key());
    int accountNo = accounts.number(account);
    return database.write(
        List.of(accountNo),
        handle -> {
          long number = runs.number(handle, run);
          heads.reset(number);
          return Admissions.admit(
              handle, database.dialect(), accountNo, account, number, found, round, now);
        });
  }

  @Override
  public List<Admission> preview(
      List<FailedDelivery> found, Round round, Instant now, Predicate<String> isFirst) {
    if (found.isEmpty()) {
      return List.of();
    }
    Account account = Account.of(found.get(0).key());
    Integer accountNo = accounts.find(account);
    return database.read(
        handle ->
            Admissions.preview(
                handle, database.dialect(), accountNo, account, found, round, now, isFirst));
  }

  @Override
  public void leftQueued(Account account, Instant now, Predicate<List<LedgerEntry>> reader) {
    Integer accountNo = accounts.find(account);
    if (accountNo == null) {
      return;
    }
    boolean goesOn = true;
    for (long run : database.read(handle -> Deliveries.leavingWaiting(handle, accountNo, now))) {
      Deliveries.Waiting last = null;
      do {
        Deliveries.Waiting behind = last;
        List<Deliveries.Waiting> page =
            database.read(handle -> Deliveries.waiting(handle, run, accountNo, account, behind));
        last = page.isEmpty() ? null : page.get(page.size() - 1);
        List<LedgerEntry> approved =
            page.stream()
                .filter(Deliveries.Waiting::isApproved)
                .map(Deliveries.Waiting::entry)
                .toList();
        goesOn = approved.isEmpty() || reader.test(approved);
      } while (goesOn && last != null);
      if (!goesOn) {
        return;
      }
    }
  }

  @Override
  public List<Holder> holders(Account account, Instant now) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? List.of()
        : database.read(handle -> Runs.holders(handle, accountNo, now));
  }

  @Override
  public List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now) {
    Integer accountNo = accounts.find(account);
    if (accountNo == null) {
      return List.of();
    }
    return database.write(
        List.of(accountNo),
        handle ->
            Deliveries.claim(
                handle,
                database.dialect(),
                heads,
                runs.number(handle, run),
                accountNo,
                account,
                grouping,
                most,
                now));
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
        named.add(retryLog(entry, result.newLogId(), result.newLogId()));
      }
      if (entry.state() == DeliveryState.SENDING) {
        changes.add(new Deliveries.Change(entry, entry.recorded(result)));
      }
    }
    change(
        claimed,
        handle -> {
          Deliveries.joinWaiting(handle, database.dialect(), named);
          int changed =
              Deliveries.change(
                  handle, database.dialect(), heads, runs.number(handle, run), changes);
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
    var read = new ArrayList<Deliveries.RetryLog>();
    var kept = new ArrayList<Deliveries.RetryLog>();
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
      // What the retry's own answer named has joined already.
      if (log != null
          && !(log.logId().equals(entry.newLogId()) && log.lineage().equals(log.logId()))) {
        read.add(retryLog(entry, log.logId(), log.lineage()));
      }
      String logId = log == null ? next.newLogId() : log.logId();
      if (logId != null && !Deliveries.isInState(next, logId)) {
        kept.add(retryLog(entry, logId, logId));
      }
    }
    if (changes.isEmpty() && read.isEmpty() && kept.isEmpty()) {
      return;
    }
    change(
        entries,
        handle -> {
          Deliveries.keepLogs(handle, database.dialect(), kept);
          Deliveries.joinWaiting(handle, database.dialect(), read);
          Deliveries.change(handle, database.dialect(), heads, runs.number(handle, run), changes);
        });
  }

  private Deliveries.RetryLog retryLog(LedgerEntry entry, String logId, String lineage) {
    return new Deliveries.RetryLog(accounts.number(entry.account()), logId, lineage, entry);
  }

  private void change(List<LedgerEntry> entries, Consumer<Handle> work) {
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
  }

  @Override
  public Map<DeliveryState, Long> counts(String run) {
    return database.read(handle -> Deliveries.counts(handle, runs.number(handle, run), null));
  }

  @Override
  public Map<DeliveryState, Long> counts(String run, Account account) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? Map.of()
        : database.read(handle -> Deliveries.counts(handle, runs.number(handle, run), accountNo));
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
    List<Long> span = database.read(handle -> Deliveries.span(handle, runs.number(handle, run)));
    if (span.isEmpty()) {
      return;
    }
    for (long from = span.get(0); from <= span.get(1); from += STRETCH) {
      long first = from;
      database
          .read(
              handle ->
                  Deliveries.held(handle, runs.number(handle, run), first, first + STRETCH - 1))
          .forEach(reader);
    }
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
