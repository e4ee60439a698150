package dev.redrive.recovery.engine;

import dev.redrive.RedriveException;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a recovery: takes the accounts through the phases, and makes the report. The entry
 * point of the engine, used by {@code Recovery} only.
 */
public final class RecoveryRun {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryRun.class);

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final RunControl run;
  private final Listeners listeners;
  private final RunProgress progress;
  private final List<AccountRun> accounts;

  /** Returns what a run would do now; see {@code Recovery.plan}. */
  public static RecoveryPlan plan(RecoverySettings settings) {
    return new Planner(settings).plan();
  }

  /** Creates a run that has not begun yet. */
  public RecoveryRun(RecoverySettings settings) {
    this.settings = settings;
    this.time = settings.time();
    this.ledger = settings.ledger();
    Instant startedAt = time.now();
    String given = settings.runId();
    this.run = new RunControl(given == null ? newId(startedAt) : given, startedAt, time);
    this.listeners = new Listeners(run.id(), settings.listener());
    this.progress = new RunProgress(listeners, time);
    var receiver = new Receiver(settings.concurrency(), settings.maxRate(), ledger, time);
    this.accounts =
        settings.clients().stream()
            .map(client -> new AccountRun(run, listeners, progress, receiver, settings, client))
            .toList();
  }

  /** Returns an id that is unique even if many machines start runs in the same second. */
  public static String newId(Instant startedAt) {
    return RUN_TIME.format(startedAt)
        + String.format("-%016x", ThreadLocalRandom.current().nextLong());
  }

  /** Runs to the end. An interrupt of the caller cancels the run. */
  public RecoveryReport await() {
    return run.perform(this::execute);
  }

  /** Stops sending. What was sent is still recorded. */
  public void cancel() {
    run.cancel();
  }

  private RecoveryReport execute() {
    List<Account> names = accounts.stream().map(account -> account.state().account()).toList();
    ledger.begin(new LedgerRun(run.id(), names, run.startedAt()));
    try (var heartbeat = new Heartbeat(run, ledger, settings.silence())) {
      boolean approved = recover(names);
      RuntimeException failed = run.failure();
      if (failed != null) {
        throw failed;
      }
      RecoveryReport report = report(approved);
      ledger.finish(run.id(), time.now(), report.end(), report.counts());
      LOG.debug(
          "run={} ended {} in {} ms: {} requests, {}",
          run.id(),
          report.end(),
          report.elapsed().toMillis(),
          report.requests(),
          report.counts());
      return report;
    } catch (LedgerException e) {
      LOG.debug("run={} ended: {}", run.id(), e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      LOG.debug("run={} ended by a {}", run.id(), e.getClass().getName());
      endAfter(e);
      throw e;
    }
  }

  /** Ends a failed run in the ledger. Everything that was sent is recorded by now. */
  private void endAfter(RuntimeException failed) {
    try {
      ledger.finish(run.id(), time.now(), RecoveryReport.End.FAILED, report(true).counts());
    } catch (LedgerException e) {
      failed.addSuppressed(e);
    }
  }

  private boolean recover(List<Account> names) {
    listeners.onBegin(run.id(), names);
    try {
      return recover();
    } finally {
      progress.enter(Phase.DONE);
    }
  }

  private boolean recover() {
    progress.enter(Phase.SETTLING);
    each(AccountRun::settleLeftovers);
    progress.enter(Phase.COLLECTING);
    each(AccountRun::collect);
    if (run.isStopping()) {
      return true;
    }
    RecoveryPlan plan = plan();
    listeners.onPlan(plan);
    if (plan.toSend() > 0 && !settings.approval().test(plan)) {
      return false;
    }
    ledger.approve(run.id());
    progress.sendingBegins();
    each(AccountRun::recover);
    return true;
  }

  private RecoveryPlan plan() {
    List<RecoveryPlan.ForAccount> plans =
        accounts.stream()
            .filter(account -> account.state().isOpen())
            .map(AccountRun::plan)
            .toList();
    return new RecoveryPlan(plans, new Dispatcher(settings).together(plans));
  }

  /** Runs a step for all accounts in parallel. A failure of one does not affect the others. */
  private void each(Consumer<AccountRun> step) {
    var steps = new ArrayList<CompletableFuture<Void>>();
    for (AccountRun account : accounts) {
      if (account.state().isOpen() && !run.isStopping()) {
        steps.add(run.beside(() -> guarded(account, step)));
      }
    }
    steps.forEach(CompletableFuture::join);
  }

  private void guarded(AccountRun account, Consumer<AccountRun> step) {
    try {
      step.accept(account);
    } catch (RedriveException e) {
      if (!run.isStopping()) {
        account.state().stop(e.getMessage() == null ? e.summary() : e.getMessage(), e);
      }
    } catch (RuntimeException e) {
      run.fail(e);
    }
  }

  private RecoveryReport report(boolean approved) {
    Map<Account, RecoveryReport.ForAccount> byAccount = new LinkedHashMap<>();
    var problems = new ArrayList<RecoveryReport.Problem>();
    var leftToOthers = new ArrayList<RecoveryReport.Problem>();
    for (AccountRun account : accounts) {
      AccountState state = account.state();
      DeliveryCounts counts = account.counts();
      byAccount.put(
          state.account(),
          new RecoveryReport.ForAccount(counts, state.requests(), account.outOfSight()));
      for (String left : Planner.leftToOthers(counts.skipped())) {
        leftToOthers.add(new RecoveryReport.Problem(state.account(), left, null));
      }
      problems.addAll(state.problems());
    }
    RecoveryReport.End end = end(approved, problems);
    problems.addAll(leftToOthers);
    problems.addAll(listeners.problems());
    return new RecoveryReport(
        run.id(),
        run.startedAt(),
        Duration.between(run.startedAt(), time.now()),
        end,
        sum(byAccount.values().stream().map(RecoveryReport.ForAccount::counts).toList()),
        byAccount,
        sum(byAccount.values(), RecoveryReport.ForAccount::requests),
        sum(byAccount.values(), RecoveryReport.ForAccount::outOfSight),
        problems);
  }

  private RecoveryReport.End end(boolean approved, List<RecoveryReport.Problem> stops) {
    if (!approved) {
      return RecoveryReport.End.DECLINED;
    }
    if (run.isCancelled()) {
      return RecoveryReport.End.CANCELLED;
    }
    if (stops.isEmpty()) {
      return RecoveryReport.End.FINISHED;
    }
    return stops.stream().anyMatch(stop -> stop.error() != null)
        ? RecoveryReport.End.FAILED
        : RecoveryReport.End.STOPPED;
  }

  private static long sum(
      Collection<RecoveryReport.ForAccount> accounts,
      ToLongFunction<RecoveryReport.ForAccount> number) {
    return accounts.stream().mapToLong(number).sum();
  }

  private static DeliveryCounts sum(Iterable<DeliveryCounts> parts) {
    Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
    long[] sums = new long[7];
    for (DeliveryCounts part : parts) {
      part.skipped().forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
      sums[0] += part.found();
      sums[1] += part.delivered();
      sums[2] += part.failedAgain();
      sums[3] += part.pending();
      sums[4] += part.rejected();
      sums[5] += part.unknown();
      sums[6] += part.notSent();
    }
    return new DeliveryCounts(
        sums[0], skipped, sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
  }
}
