package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that lasts as long as the process: for tests and trials. After a crash, and in another
 * process, nothing is known of what was sent.
 */
public final class InMemoryLedger implements RetryLedger {
  private static final int PAGE = 500;

  private final NavigableMap<Long, MemoryDelivery> deliveries = new TreeMap<>();
  private final Map<List<String>, MemoryAccount> accounts = new HashMap<>();
  private final MemoryRuns runs;
  private final MemoryAdmin admin;
  private final TimeSource time;
  private final String name;
  private final MemoryBudgets budgets;
  private final MemoryCatchUps catchUps;

  public InMemoryLedger() {
    this(TimeSource.system());
  }

  /** A ledger with a clock of its own, for tests. */
  public InMemoryLedger(TimeSource time) {
    this(time, "in memory, which ends with the process");
  }

  /** A ledger that stands in for one that is not there yet, to plan by. */
  public InMemoryLedger(TimeSource time, String name) {
    this.time = time;
    this.name = name;
    this.runs = new MemoryRuns(time);
    this.budgets = new MemoryBudgets(time);
    this.catchUps = new MemoryCatchUps(deliveries.values(), runs, time);
    this.admin = new MemoryAdmin(this, deliveries, accounts, runs, catchUps, time);
  }

  @Override
  public synchronized void begin(LedgerRun run) {
    runs.begin(run);
  }

  @Override
  public synchronized boolean alive(String run) {
    return runs.alive(run);
  }

  @Override
  public synchronized void approve(String run) {
    runs.approve(run);
    deliveries.values().forEach(delivery -> delivery.approve(run));
  }

  @Override
  public synchronized void finish(
      String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    runs.finish(run, endedAt, end, counts);
  }

  @Override
  public synchronized long takeUp(String run, Account account, Instant now, Duration silence) {
    runs.requireBegun(run);
    MemoryAccount of = account(account);
    long taken = 0;
    for (MemoryDelivery delivery : List.copyOf(of.underWay())) {
      if (delivery.isOf(account)
          && !delivery.isOwn(run)
          && !delivery.isLeased(time.now())
          && runs.isDead(Objects.requireNonNull(delivery.owner()), silence)) {
        of.remove(delivery);
        taken += delivery.takeUp(run, now) ? 1 : 0;
        of.add(delivery);
      }
    }
    return taken;
  }

  @Override
  public synchronized List<Admission> admit(
      String run,
      Account account,
      List<FailedDelivery> found,
      Round round,
      Predicate<String> isFirst) {
    runs.requireBegun(run);
    return found.stream().map(failed -> admit(run, account, failed, round, isFirst)).toList();
  }

  private Admission admit(
      String run, Account account, FailedDelivery found, Round round, Predicate<String> isFirst) {
    MemoryAccount of = account(account);
    boolean isApproved = runs.isApproved(run);
    MemoryDelivery named = of.named(found);
    MemoryDelivery known = of.known(found);
    if (known == null) {
      if (of.isSubjectOut(found)) {
        return Admission.MAY_BE_RETRY;
      }
      long id = deliveries.isEmpty() ? 1 : deliveries.lastKey() + 1;
      var added = new MemoryDelivery(id, account, found);
      deliveries.put(id, added);
      added.give(run, account, found, isApproved);
      of.addNew(added);
      return Admission.ADMITTED;
    }
    Admission admission = known.admission(run, found, round, time.now());
    of.remove(known);
    if (admission == Admission.ADMITTED || admission == Admission.UNDER_WAY) {
      known.give(run, account, found, isApproved);
    } else if (admission == Admission.IN_THIS_RUN && known == named) {
      known.listed(run, found);
    }
    known.keepNewer(found);
    of.add(known);
    return counted(admission, known == named, false, () -> isFirst.test(known.name()));
  }

  private static Admission counted(
      Admission admission, boolean isNamed, boolean alsoGiven, BooleanSupplier isFirst) {
    Admission own = isNamed ? admission : admission.ofRetryLog();
    boolean isGiven = own == Admission.ADMITTED || own == Admission.UNDER_WAY;
    if (own.isOfEarlierRun() || (isGiven && alsoGiven)) {
      Admission repeated = isNamed ? Admission.EARLIER_ATTEMPT : Admission.PART_OF_LINEAGE;
      return isFirst.getAsBoolean() ? own : repeated;
    }
    return own;
  }

  @Override
  public synchronized List<Admission> preview(
      Account account, List<FailedDelivery> found, Round round, Predicate<String> isFirst) {
    return found.stream().map(failed -> preview(account, failed, round, isFirst)).toList();
  }

  private Admission preview(
      Account account, FailedDelivery found, Round round, Predicate<String> isFirst) {
    MemoryAccount of = account(account);
    MemoryDelivery named = of.named(found);
    MemoryDelivery known = of.known(found);
    if (known == null && of.isSubjectOut(found)) {
      return Admission.MAY_BE_RETRY;
    }
    Admission admission =
        known == null ? Admission.ADMITTED : known.admission(null, found, round, time.now());
    String name = known == null ? found.lineage() : known.name();
    return counted(admission, known == named, true, () -> isFirst.test(name));
  }

  @Override
  public void leftQueued(
      @Nullable String run, Account account, Predicate<List<LedgerEntry>> reader) {
    List<LedgerEntry> left = leftQueued(run, account);
    boolean goesOn = true;
    for (int from = 0; from < left.size() && goesOn; from += PAGE) {
      goesOn = reader.test(left.subList(from, Math.min(from + PAGE, left.size())));
    }
  }

  private synchronized List<LedgerEntry> leftQueued(@Nullable String run, Account account) {
    return account(account).waiting().stream()
        .filter(d -> d.isOf(account) && d.isLeftQueued() && !d.isGivenTo(run))
        .map(MemoryDelivery::entry)
        .toList();
  }

  @Override
  public synchronized List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now, Duration lease) {
    if (runs.isStopped(run)) {
      return List.of();
    }
    MemoryAccount of = account(account);
    return of.claim(of.oldest(run, account, grouping, most), run, now, time.now().plus(lease));
  }

  @Override
  public synchronized List<LedgerEntry> claimFirst(
      String run,
      Account account,
      Grouping grouping,
      int each,
      Set<String> except,
      int most,
      Instant now,
      Duration lease) {
    if (runs.isStopped(run)) {
      return List.of();
    }
    MemoryAccount of = account(account);
    return of.claim(
        of.first(run, account, grouping, each, except, most), run, now, time.now().plus(lease));
  }

  @Override
  public synchronized void holdBack(String run, Account account, String webhook) {
    deliveries.values().stream()
        .filter(d -> d.isGivenTo(run, account) && d.entry().webhook().equals(webhook))
        .forEach(delivery -> delivery.holdBack(run));
  }

  @Override
  public synchronized Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries) {
    Set<Long> asked = entries.stream().map(LedgerEntry::id).collect(Collectors.toSet());
    Map<Long, List<String>> logs = new HashMap<>();
    for (LedgerEntry entry : entries) {
      MemoryDelivery delivery = delivery(entry);
      List<String> others =
          delivery == null ? List.of() : account(entry.account()).logsOfSiblings(delivery, asked);
      if (!others.isEmpty()) {
        logs.put(entry.id(), others);
      }
    }
    return logs;
  }

  @Override
  public synchronized void record(
      String run, List<LedgerEntry> claimed, List<RetryResult> results) {
    runs.requireBegun(run);
    requireSameSize(claimed, results);
    for (int i = 0; i < claimed.size(); i++) {
      LedgerEntry entry = claimed.get(i);
      RetryResult result = results.get(i);
      MemoryDelivery delivery = delivery(entry);
      if (delivery == null) {
        continue;
      }
      MemoryAccount of = account(entry.account());
      if (result.newLogId() != null) {
        of.addLog(delivery, result.newLogId());
      }
      if (entry.state() == DeliveryState.SENDING && delivery.isStill(entry, run)) {
        of.become(delivery, delivery.entry().recorded(result));
        if (result.error() != null) {
          delivery.keepPutBack();
        }
      }
    }
  }

  @Override
  public synchronized List<LedgerEntry> unsettled(
      String run, Account account, long afterId, int most) {
    runs.requireBegun(run);
    return account(account).underWay().stream()
        .filter(d -> d.entry().id() > afterId && d.isOwn(run) && d.entry().isWorthAsking())
        .filter(d -> d.isGivenTo(run, account))
        .map(d -> d.entryOf(run))
        .limit(most)
        .toList();
  }

  @Override
  public synchronized void settle(
      String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now) {
    runs.requireBegun(run);
    requireSameSize(entries, outcomes);
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      RetryOutcome outcome = outcomes.get(i);
      MemoryDelivery delivery = delivery(entry);
      if (delivery == null) {
        continue;
      }
      MemoryAccount of = account(entry.account());
      WebhookLog log = outcome.log();
      if (log != null) {
        of.addLog(delivery, log.logId());
      }
      if (entry.state().isUnsettled() && delivery.isStill(entry, run)) {
        of.become(delivery, delivery.entry().settled(outcome, now));
        delivery.keepPutBack();
      }
    }
  }

  @Override
  public synchronized List<Holder> holders(Account account) {
    return account(account).underWay().stream()
        .filter(delivery -> delivery.isOf(account))
        .map(delivery -> Objects.requireNonNull(delivery.owner()))
        .distinct()
        .map(run -> new Holder(run, runs.silence(run)))
        .toList();
  }

  @Override
  public synchronized Remaining remaining(String run, Account account) {
    MemoryAccount of = account(account);
    return new Remaining(
        of.waiting().stream().filter(d -> d.waitsFor(run, account)).count(),
        of.underWay().stream().filter(d -> d.isGivenTo(run, account) && !d.isOwn(run)).count());
  }

  @Override
  public synchronized Standing standing(String run, Account account) {
    runs.requireBegun(run);
    Map<DeliveryState, Long> own = new EnumMap<>(DeliveryState.class);
    Map<DeliveryState, Long> others = new EnumMap<>(DeliveryState.class);
    for (MemoryDelivery delivery : deliveries.values()) {
      if (delivery.isGivenTo(run, account)) {
        boolean isOwn = delivery.isOwn(run) || delivery.state() == DeliveryState.FOUND;
        (isOwn ? own : others).merge(delivery.state(), 1L, Long::sum);
      }
    }
    return new Standing(own, others);
  }

  @Override
  public synchronized Set<Long> claimsOfOthers(String run, Account account) {
    return account(account).underWay().stream()
        .filter(delivery -> !delivery.isOwn(run) && delivery.isLeased(time.now()))
        .map(delivery -> delivery.entry().id())
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized About about(Account account) {
    return new About(
        name,
        deliveries.size(),
        deliveries.values().stream()
            .filter(d -> d.entry().account().provider().equals(account.provider()))
            .count());
  }

  @Override
  public CatchUps catchUps() {
    return catchUps;
  }

  @Override
  public Budgets budgets() {
    return budgets;
  }

  @Override
  public LedgerAdmin admin() {
    return admin;
  }

  @Override
  public synchronized List<LedgerRun> runs(int most) {
    return runs.latest().stream().limit(most).toList();
  }

  @Override
  public void entries(String run, Consumer<LedgerEntry> reader) {
    given(run).forEach(reader);
  }

  private synchronized List<LedgerEntry> given(String run) {
    runs.requireBegun(run);
    return deliveries.values().stream()
        .filter(delivery -> delivery.isGivenTo(run))
        .map(delivery -> delivery.entryOf(run))
        .toList();
  }

  @Override
  public void close() {}

  private MemoryAccount account(Account account) {
    List<String> scope =
        account.identity() == Account.Identity.AT_PROVIDER
            ? List.of(account.provider())
            : List.of(account.provider(), account.name());
    return accounts.computeIfAbsent(scope, s -> new MemoryAccount());
  }

  /** Null if it was forgotten since it was read. */
  private @Nullable MemoryDelivery delivery(LedgerEntry entry) {
    return deliveries.get(entry.id());
  }

  private static void requireSameSize(List<?> entries, List<?> answers) {
    if (entries.size() != answers.size()) {
      throw new IllegalArgumentException(
          entries.size() + " entries, but " + answers.size() + " answers: give one for each");
    }
  }
}
