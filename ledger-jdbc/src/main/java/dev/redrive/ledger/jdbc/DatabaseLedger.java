package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
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
import org.jspecify.annotations.Nullable;

/** A ledger in any supported database. */
abstract class DatabaseLedger implements RetryLedger {
  private final Database database;
  private final Accounts accounts;
  private final TimeSource time;
  private final JdbcBudgets budgets;
  private final JdbcCatchUps catchUps;
  private final Runs runs = new Runs();
  private final GroupCommit groups;

  DatabaseLedger(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
    this.accounts = new Accounts(database);
    this.budgets = new JdbcBudgets(database, accounts, time);
    this.catchUps = new JdbcCatchUps(database, accounts, time);
    this.groups = new GroupCommit(database);
  }

  @Override
  public void begin(LedgerRun run) {
    List<Integer> numbers = run.accounts().stream().map(accounts::number).toList();
    if (!database.write(tx -> Runs.begin(tx, run, numbers))) {
      throw new IllegalArgumentException("Run " + run.id() + " has already begun: use a new id");
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
      String run,
      Account account,
      List<FailedDelivery> found,
      Round round,
      Predicate<String> isFirst) {
    if (found.isEmpty()) {
      return List.of();
    }
    int number = accounts.number(account);
    // Counted when it is stored: a transaction may be repeated.
    return database
        .write(tx -> Admissions.admit(tx, part(tx, run, account, number), found, round, now(tx)))
        .stream()
        .map(row -> row.counted(isFirst))
        .toList();
  }

  @Override
  public List<Admission> preview(
      Account account, List<FailedDelivery> found, Round round, Predicate<String> isFirst) {
    if (found.isEmpty()) {
      return List.of();
    }
    var part = new Part(Runs.NONE, account, accounts.find(account));
    return database.read(tx -> Admissions.preview(tx, part, found, round, now(tx))).stream()
        .map(row -> row.counted(isFirst))
        .toList();
  }

  private Instant now(Tx tx) {
    return database.dialect().time(tx.handle(), time);
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
            tx ->
                runs.isStopped(tx, run)
                    ? List.of()
                    : Queue.claim(tx, part(tx, run, account, number), grouping, most, now, lease));
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
                runs.isStopped(tx, run)
                    ? List.of()
                    : Queue.claimFirst(
                        tx,
                        part(tx, run, account, number),
                        grouping,
                        each,
                        except,
                        most,
                        now,
                        lease));
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

  /** Reads from the part of a run in an account; returns {@code none} if it is not stored. */
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
  public CatchUps catchUps() {
    return catchUps;
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
