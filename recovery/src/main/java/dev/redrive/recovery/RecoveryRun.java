package dev.redrive.recovery;

import dev.redrive.RedriveException;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a recovery: takes the accounts through the phases, and keeps the run's lease. */
final class RecoveryRun {
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /** How soon a thread that waits sees that the run is stopping. */
  static final Duration SLICE = Duration.ofMillis(20);

  /** Shorter pauses are a part of any steady pace. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

  /** How long requests under way may take to end by themselves once the run is cancelled. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final String id;
  private final Instant startedAt;
  private final Semaphore places;
  private final Pace rate;
  private final ExecutorService threads = Executors.newCachedThreadPool(daemon("redrive-recovery"));
  private final List<AccountRun> accounts;
  private final Set<IoTask<?>> sends = ConcurrentHashMap.newKeySet();
  private final Object phases = new Object();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean cancelled;
  private volatile long cancelledAtNanos;
  private volatile Instant aliveUntil;
  private volatile Phase phase = Phase.SETTLING;
  private volatile long sendingSince;

  RecoveryRun(RecoverySettings settings) {
    this.settings = settings;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.startedAt = time.now();
    this.id =
        RUN_TIME.format(startedAt)
            + String.format("-%04x", ThreadLocalRandom.current().nextInt(0x10000));
    this.aliveUntil = startedAt.plus(settings.lease());
    this.places = new Semaphore(settings.concurrency(), true);
    this.rate = Pace.ofRate(time, settings.maxRate());
    this.accounts =
        settings.clients().stream().map(c -> new AccountRun(this, settings, c)).toList();
  }

  /** Runs to the end on a thread of its own; an interrupt of the caller cancels. */
  RecoveryReport await() {
    Future<RecoveryReport> work = threads.submit(this::execute);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return work.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
        }
      }
    } finally {
      threads.shutdown();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void cancel() {
    if (!cancelled) {
      cancelledAtNanos = System.nanoTime();
      cancelled = true;
    }
  }

  String id() {
    return id;
  }

  /** Retry requests that may be under way at once, over all accounts. */
  Semaphore places() {
    return places;
  }

  Pace rate() {
    return rate;
  }

  /** Nothing more may be sent or waited for. */
  boolean isStopping() {
    return cancelled || failure.get() != null;
  }

  /** Stops the run because going on could lose track of what was sent. */
  void fail(RuntimeException cause) {
    RuntimeException first = failure.compareAndExchange(null, cause);
    if (first != null && first != cause) {
      first.addSuppressed(cause);
    }
  }

  /** Whether this run's claims are safely its own for as long as a request takes. */
  boolean mayStillSend() {
    keepAlive();
    return !isStopping() && time.now().isBefore(aliveUntil.minus(settings.lease().dividedBy(3)));
  }

  /** Renews the lease when a third of it is gone. */
  private void keepAlive() {
    Instant now = time.now();
    if (now.isAfter(aliveUntil.minus(settings.lease().multipliedBy(2).dividedBy(3)))) {
      renew(now);
    }
  }

  private synchronized void renew(Instant now) {
    Instant until = now.plus(settings.lease());
    if (until.isBefore(aliveUntil)) {
      return;
    }
    try {
      if (ledger.renew(id, until)) {
        aliveUntil = until;
      } else {
        fail(
            new LedgerException(
                "Run "
                    + id
                    + " lost its lease to another run: this process stood still for too long. Run it"
                    + " again to go on",
                null));
      }
    } catch (LedgerException e) {
      fail(e);
    }
  }

  /** Waits in slices, keeping the lease; false if the run is stopping. */
  boolean pause(Duration wait) {
    long end = time.nanoTime() + wait.toNanos();
    while (!isStopping()) {
      long left = end - time.nanoTime();
      if (left <= 0) {
        return true;
      }
      try {
        time.sleep(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
      } catch (InterruptedException e) {
        disturbed(e);
      }
      keepAlive();
    }
    return false;
  }

  /** Waits until something holds; false if it does not in time or the run is stopping. */
  boolean await(AccountState state, Duration most, BooleanSupplier ready) {
    long end = time.nanoTime() + most.toNanos();
    boolean isReady = ready.getAsBoolean();
    while (!isReady && !isStopping() && time.nanoTime() - end < 0) {
      isReady = awaitChange(state, ready);
      keepAlive();
    }
    return isReady && !isStopping();
  }

  /** Waits a moment for something to hold, stopping or not. */
  boolean awaitChange(AccountState state, BooleanSupplier ready) {
    if (isOver(GRACE)) {
      sends.forEach(IoTask::interrupt);
    }
    try {
      return state.await(ready, SLICE);
    } catch (InterruptedException e) {
      disturbed(e);
      return false;
    }
  }

  /** Waits until nothing limits the next request; false if sending ends. */
  boolean awaitTurn(AccountState state, Supplier<Duration> take, String why) {
    while (state.isOpen() && !isStopping()) {
      Duration wait = take.get();
      if (wait.isZero()) {
        return true;
      }
      if (wait.compareTo(WORTH_TELLING) > 0) {
        settings.listener().onPause(state.account(), wait, why);
      }
      pause(wait);
    }
    return false;
  }

  /** Only a run's client calls are ever interrupted. */
  void disturbed(InterruptedException e) {
    fail(new IllegalStateException("A recovery's own thread was interrupted", e));
  }

  /** Makes a client call that is interrupted as soon as the run stops. */
  <T> T read(Supplier<T> call) {
    var task = new IoTask<>(call);
    threads.execute(task);
    while (true) {
      try {
        return task.result().get(SLICE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (isOver(Duration.ZERO)) {
          task.interrupt();
        }
      } catch (InterruptedException e) {
        disturbed(e);
        task.interrupt();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
      }
    }
  }

  /**
   * Makes a client call on this thread. Once the run stops it has some time to end by itself: then
   * whoever {@linkplain #awaitChange waits} for it interrupts it.
   */
  <T> T send(Supplier<T> call) {
    var task = new IoTask<>(call);
    sends.add(task);
    try {
      return task.call();
    } catch (Error e) {
      // Ends the run, not just this thread.
      throw new IllegalStateException(e);
    } finally {
      sends.remove(task);
    }
  }

  /** Whether the run has failed, or was cancelled so long ago. */
  private boolean isOver(Duration grace) {
    return failure.get() != null
        || (cancelled && System.nanoTime() - cancelledAtNanos > grace.toNanos());
  }

  /** Starts a task that reports its own failures. */
  void start(Runnable task) {
    threads.execute(task);
  }

  /** Runs a task beside the caller; where it fails, the run does. */
  CompletableFuture<Void> beside(Runnable task) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            fail(e);
          }
        },
        threads);
  }

  private RecoveryReport execute() {
    ledger.begin(
        new LedgerRun(
            id, accounts.stream().map(account -> account.state().account()).toList(), startedAt),
        aliveUntil);
    ScheduledExecutorService heartbeat =
        Executors.newSingleThreadScheduledExecutor(daemon("redrive-lease"));
    long beat = Math.max(1, settings.lease().toMillis() / 3);
    Future<?> unused =
        heartbeat.scheduleAtFixedRate(() -> renew(time.now()), beat, beat, TimeUnit.MILLISECONDS);
    try {
      boolean approved = recover();
      enter(Phase.DONE);
      RuntimeException failed = failure.get();
      if (failed != null) {
        throw failed;
      }
      RecoveryReport report = report(approved);
      ledger.finish(id, time.now(), report.end(), report.counts());
      return report;
    } catch (LedgerException e) {
      throw e;
    } catch (RuntimeException e) {
      release(e);
      throw e;
    } finally {
      heartbeat.shutdownNow();
    }
  }

  /** Frees what the run holds although it failed; all that was sent is recorded by now. */
  private void release(RuntimeException failed) {
    try {
      ledger.finish(id, time.now(), RecoveryReport.End.FAILED, report(true).counts());
    } catch (LedgerException e) {
      failed.addSuppressed(e);
    }
  }

  private boolean recover() {
    enter(Phase.SETTLING);
    each(AccountRun::settleLeftovers);
    enter(Phase.COLLECTING);
    each(AccountRun::collect);
    if (isStopping()) {
      return true;
    }
    RecoveryPlan plan = plan();
    settings.listener().onPlan(plan);
    if (plan.toSend() > 0 && !settings.approval().test(plan)) {
      return false;
    }
    ledger.approve(id);
    sendingSince = time.nanoTime();
    if (settings.canary() > 0) {
      enter(Phase.CANARY);
      each(AccountRun::canary);
    }
    enter(Phase.SENDING);
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

  /** Takes all accounts through a step side by side; what fails for one leaves the others alone. */
  private void each(Consumer<AccountRun> step) {
    var steps = new ArrayList<CompletableFuture<Void>>();
    for (AccountRun account : accounts) {
      if (account.state().isOpen() && !isStopping()) {
        steps.add(beside(() -> guarded(account, step)));
      }
    }
    steps.forEach(CompletableFuture::join);
  }

  private void guarded(AccountRun account, Consumer<AccountRun> step) {
    try {
      step.accept(account);
    } catch (RedriveException e) {
      if (!isStopping()) {
        account.state().stop(e.getMessage() == null ? e.summary() : e.getMessage(), e);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void enter(Phase next) {
    phase = next;
    settings.listener().onPhase(next);
    progress();
  }

  /** An account began or ended to send: without any that does, only outcomes are waited for. */
  void sendingChanged() {
    synchronized (phases) {
      boolean anySends = accounts.stream().anyMatch(account -> account.state().isSending());
      Phase now = anySends ? Phase.SENDING : Phase.VERIFYING;
      if (phase != now) {
        enter(now);
      }
    }
  }

  void progress() {
    long found = 0;
    long total = 0;
    long sent = 0;
    long delivered = 0;
    long failedAgain = 0;
    long rejected = 0;
    for (AccountRun account : accounts) {
      AccountState state = account.state();
      found += account.found();
      total += account.total();
      sent += state.sent();
      delivered += state.delivered();
      failedAgain += state.failedAgain();
      rejected += state.rejected();
    }
    long done = delivered + failedAgain + rejected;
    double seconds = sendingSince == 0 ? 0 : (time.nanoTime() - sendingSince) / 1e9;
    double perSecond = seconds > 0 ? done / seconds : 0;
    Duration left =
        perSecond > 0 ? Duration.ofMillis((long) ((total - done) / perSecond * 1000)) : null;
    settings
        .listener()
        .onProgress(
            new RecoveryProgress(
                phase,
                found,
                total,
                sent,
                done,
                delivered,
                failedAgain,
                rejected,
                perSecond,
                left));
  }

  private RecoveryReport report(boolean approved) {
    Map<Account, DeliveryCounts> byAccount = new LinkedHashMap<>();
    var problems = new ArrayList<RecoveryReport.Problem>();
    long requests = 0;
    long outOfSight = 0;
    for (AccountRun account : accounts) {
      RecoveryReport.Problem problem = account.state().problem();
      byAccount.put(account.state().account(), account.counts());
      requests += account.state().requests();
      outOfSight += account.outOfSight();
      if (problem != null) {
        problems.add(problem);
      }
    }
    RecoveryReport.End end = end(approved, problems);
    accounts.forEach(account -> problems.addAll(account.leftToOthers()));
    return new RecoveryReport(
        id,
        startedAt,
        Duration.between(startedAt, time.now()),
        end,
        sum(byAccount.values()),
        byAccount,
        requests,
        outOfSight,
        problems);
  }

  private RecoveryReport.End end(boolean approved, List<RecoveryReport.Problem> stops) {
    if (!approved) {
      return RecoveryReport.End.DECLINED;
    }
    if (cancelled) {
      return RecoveryReport.End.CANCELLED;
    }
    if (stops.isEmpty()) {
      return RecoveryReport.End.FINISHED;
    }
    return stops.stream().anyMatch(stop -> stop.error() != null)
        ? RecoveryReport.End.FAILED
        : RecoveryReport.End.STOPPED;
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

  private static ThreadFactory daemon(String name) {
    return work -> {
      var thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
