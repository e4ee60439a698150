package dev.redrive.recovery;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One account's part in a run: collect, canary, send, verify. */
final class AccountRun {
  private static final int COLLECT_BATCH = 500;
  private static final int VERIFY_BATCH = 2000;
  private static final int CANARY_TRIES = 5;
  private static final int MOST_FAILED_REQUESTS = 3;
  private static final int MOST_REJECTED_REQUESTS = 50;
  private static final int MOST_THROTTLED_REQUESTS = 10;
  private static final int MOST_PASSES = 3;
  private static final Duration IDLE = Duration.ofMillis(5);

  /** Outcomes are read at least this often, however long sending goes on. */
  private static final Duration READ_EVERY = Duration.ofSeconds(1);

  private static final Duration FIRST_POLL = Duration.ofMillis(100);
  private static final Duration MOST_POLL = Duration.ofSeconds(10);
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(30);

  private final RecoveryRun run;
  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final Account account;
  private final Tally tally;
  private final OutcomeWindow latest;
  private final AtomicReference<RecoveryReport.@Nullable Problem> problem = new AtomicReference<>();

  private final Set<DeliveryKey> skippedInWindow = new HashSet<>();
  private final AtomicLong takenOver = new AtomicLong();
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong openUnknown = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong failedAgain = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger failedRequests = new AtomicInteger();
  private final AtomicInteger throttledRequests = new AtomicInteger();
  private final AtomicInteger failedReads = new AtomicInteger();
  private volatile SendWindow window = new SendWindow(1);
  private volatile long outOfSight;
  private volatile boolean sending = true;
  private volatile boolean awaitsSiblings;

  AccountRun(RecoveryRun run, RecoverySettings settings, WebhookRetryClient client) {
    this.run = run;
    this.settings = settings;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.client = client;
    this.traits = client.traits();
    this.account = Account.of(client);
    this.tally = new Tally(traits, time.now());
    this.latest = new OutcomeWindow(settings.stopRule());
  }

  Account account() {
    return account;
  }

  boolean isOpen() {
    return problem.get() == null;
  }

  boolean isSending() {
    return sending && isOpen();
  }

  RecoveryReport.@Nullable Problem problem() {
    return problem.get();
  }

  long found() {
    return tally.found() + takenOver.get();
  }

  long total() {
    return tally.toSend() + takenOver.get();
  }

  long sent() {
    return sent.get();
  }

  long delivered() {
    return delivered.get();
  }

  long failedAgain() {
    return failedAgain.get();
  }

  long rejected() {
    return rejected.get();
  }

  long requests() {
    return requests.get();
  }

  long outOfSight() {
    return outOfSight;
  }

  /** Nothing more is sent to this account; what was sent is still verified. */
  void stop(String what, @Nullable RedriveException error) {
    problem.compareAndSet(null, new RecoveryReport.Problem(account, what, error));
  }

  private boolean maySend() {
    return isOpen() && !run.isStopping();
  }

  /** Reads first what a run that died may have sent; only then may anything be listed as new. */
  void settleLeftovers() {
    takenOver.set(ledger.takeOver(run.id(), account, time.now()));
    if (takenOver.get() == 0) {
      return;
    }
    openUnknown.set(undecided().count());
    verify(() -> true);
    if (!run.isStopping() && undecided().anyMatch(entry -> !entry.lineageIsTold())) {
      stop(
          "retries of an earlier run are not settled yet: until they are, their new logs cannot be told"
              + " from new failures. Run again in a while",
          null);
    }
  }

  /** What may have been sent and is still worth asking for, page by page. */
  private Stream<LedgerEntry> undecided() {
    return Stream.iterate(
            ledger.unsettled(run.id(), account, 0, VERIFY_BATCH),
            page -> !page.isEmpty(),
            page ->
                ledger.unsettled(run.id(), account, page.get(page.size() - 1).id(), VERIFY_BATCH))
        .flatMap(List::stream)
        .filter(entry -> entry.state() == DeliveryState.UNKNOWN);
  }

  void collect() {
    admitAll();
    Instant listed = time.now();
    while (!ledger.oldestClaimOfOthers(run.id(), account, time.now()).isAfter(listed)) {
      if (!run.pause(FIRST_POLL)) {
        return;
      }
    }
    outOfSight = run.read(client::outOfSight);
  }

  private void admitAll() {
    DeliveryQuery query = Planner.listing(settings.query());
    Iterator<FailedDelivery> failures = run.read(() -> client.failures(query).iterator());
    boolean isMore = true;
    while (isMore && tally.toSend() < settings.query().limit() && !run.isStopping()) {
      long most = Math.min(COLLECT_BATCH, settings.query().limit() - tally.toSend());
      List<FailedDelivery> batch = run.read(() -> next(failures, most));
      admit(batch);
      run.progress();
      isMore = batch.size() == most;
    }
  }

  private static List<FailedDelivery> next(Iterator<FailedDelivery> failures, long most) {
    var batch = new ArrayList<FailedDelivery>();
    while (batch.size() < most && failures.hasNext()) {
      batch.add(failures.next());
    }
    return batch;
  }

  private void admit(List<FailedDelivery> listed) {
    List<FailedDelivery> wanted = new ArrayList<>(listed.size());
    for (FailedDelivery delivery : listed) {
      SkipReason reason = Planner.skipBeforehand(settings, delivery);
      if (reason == null) {
        wanted.add(delivery);
      } else {
        skip(delivery, reason);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    List<RetryLedger.Admission> admissions =
        ledger.admit(run.id(), wanted, settings.round(), time.now());
    for (int i = 0; i < wanted.size(); i++) {
      RetryLedger.Admission admission = admissions.get(i);
      SkipReason reason = Planner.skipReason(admission);
      if (reason != null) {
        skip(wanted.get(i), reason);
      } else if (admission == RetryLedger.Admission.ADMITTED) {
        tally.send(wanted.get(i));
        queued.incrementAndGet();
      }
    }
  }

  private void skip(FailedDelivery delivery, SkipReason reason) {
    // What a window shows in one round it shows in the next; no more than the window is held.
    if (traits.visibleFailures() != null && !skippedInWindow.add(delivery.key())) {
      return;
    }
    tally.skip(reason);
    settings.listener().onSkipped(delivery, reason);
  }

  RecoveryPlan.ForAccount plan() {
    return tally.plan(
        account, queued.get() - tally.toSend(), outOfSight, dispatch(), webhookWarnings());
  }

  private List<String> webhookWarnings() {
    try {
      return Planner.webhookWarnings(run.read(() -> Planner.webhooks(client)));
    } catch (RedriveException e) {
      return List.of("the subscriptions could not be checked: " + e.summary());
    }
  }

  private RecoveryPlan.Dispatch dispatch() {
    var perWebhook = new ArrayList<>(tally.perWebhook());
    perWebhook.add(Math.max(0, queued.get() - tally.toSend()));
    return new Dispatcher(settings).choose(traits, perWebhook);
  }

  /** Sends the first few one by one; unless one of them is delivered, nothing else goes out. */
  void canary() {
    long before = delivered.get();
    var pace = new Pace(time, Dispatcher.limits(traits, 1));
    int tried = 0;
    for (int i = 0; i < CANARY_TRIES && tried < settings.canary() && maySend(); i++) {
      List<LedgerEntry> entries = claim(settings.canary() - tried);
      if (entries.isEmpty()) {
        break;
      }
      for (LedgerEntry entry : entries) {
        tried += send(List.of(entry), pace);
      }
    }
    if (tried == 0) {
      return;
    }
    verify(() -> true);
    if (delivered.get() == before && !run.isStopping()) {
      stop(
          "none of the first "
              + tried
              + " retries was delivered: the endpoint is still broken. Mend it and run again",
          null);
    }
  }

  /** Sends and verifies, in rounds where the provider shows only a window of its failures. */
  void recover() {
    long admitted;
    do {
      sendAndVerify();
      if (traits.visibleFailures() == null || !maySend()) {
        return;
      }
      long before = tally.toSend();
      collect();
      admitted = tally.toSend() - before;
    } while (admitted > 0 && maySend());
  }

  private void sendAndVerify() {
    sending = true;
    CompletableFuture<Void> verifying =
        run.beside(
            () -> {
              try {
                verify(() -> !sending);
              } catch (RuntimeException e) {
                run.fail(e);
              }
            });
    try {
      sendQueue();
    } finally {
      sending = false;
    }
    run.sendingEnded();
    verifying.join();
  }

  private void sendQueue() {
    int batchSize = dispatch().batchSize();
    window = new SendWindow(batchSize);
    Pace pace = new Pace(time, Dispatcher.limits(traits, batchSize));
    for (int pass = 0; pass < MOST_PASSES && awaitWork(); pass++) {
      while (queued.get() > 0 && maySend()) {
        sendNext(batchSize, pace);
      }
    }
    while (underWay.get() > 0) {
      idle();
    }
  }

  /** Waits for what reading may put back into the queue; false once nothing can come any more. */
  private boolean awaitWork() {
    long end = time.nanoTime() + settings.verifyTimeout().toNanos();
    while (maySend() && queued.get() <= 0) {
      boolean mayCome = underWay.get() > 0 || openUnknown.get() > 0;
      if ((!mayCome && queued.get() <= 0) || time.nanoTime() - end >= 0) {
        return false;
      }
      run.pause(IDLE);
    }
    return maySend();
  }

  /** Waits even when the run is stopping: what is under way is to be recorded. */
  private void idle() {
    try {
      time.sleep(IDLE);
    } catch (InterruptedException e) {
      run.fail(new IllegalStateException("A recovery's own thread was interrupted", e));
    }
  }

  private void sendNext(int batchSize, Pace pace) {
    int most = awaitRoom(batchSize);
    if (most == 0 || !awaitTurn(pace, "the provider's limits") || !awaitPlace()) {
      return;
    }
    boolean handedOver = false;
    try {
      if (awaitTurn(run.rate(), "the rate that was asked for")) {
        boolean nothingOut = underWay.get() == 0 && openUnknown.get() == 0;
        List<LedgerEntry> entries = claim(most);
        if (entries.isEmpty()) {
          awaitSiblings(nothingOut);
        } else {
          underWay.incrementAndGet();
          window.sent(entries.size());
          run.start(() -> sendHandedOver(entries, pace));
          handedOver = true;
        }
      }
    } finally {
      if (!handedOver) {
        run.places().release();
      }
    }
  }

  /** What is queued can go only once what is out is settled; without anything out, nothing is. */
  private void awaitSiblings(boolean nothingOut) {
    if (nothingOut) {
      queued.set(0);
    } else {
      awaitsSiblings = true;
      run.pause(FIRST_POLL);
      awaitsSiblings = false;
    }
  }

  private boolean awaitTurn(Pace pace, String why) {
    while (maySend()) {
      Duration wait = pace.take();
      if (wait.isZero()) {
        return true;
      }
      if (wait.compareTo(MOST_POLL) > 0) {
        settings.listener().onPause(account, wait, why);
      }
      run.pause(wait);
    }
    return false;
  }

  /** Waits for room among the deliveries whose outcome is open; how much, 0 if sending ends. */
  private int awaitRoom(int batchSize) {
    long end = time.nanoTime() + settings.verifyTimeout().toNanos();
    long before = settled();
    while (maySend()) {
      long room = window.room();
      if (room > 0 && underWay.get() < traits.concurrentRetries()) {
        return (int) Math.min(room, batchSize);
      }
      if (settled() != before) {
        before = settled();
        end = time.nanoTime() + settings.verifyTimeout().toNanos();
      } else if (time.nanoTime() - end >= 0) {
        stop(
            "no outcome came in for "
                + settings.verifyTimeout().toSeconds()
                + " s: nothing more is sent until it shows what became of the rest. Run again later",
            null);
      }
      run.pause(IDLE);
    }
    return 0;
  }

  private long settled() {
    return delivered.get() + failedAgain.get();
  }

  /** Takes one of the places that all accounts share. */
  private boolean awaitPlace() {
    while (maySend()) {
      try {
        if (run.places().tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      } catch (InterruptedException e) {
        run.fail(new IllegalStateException("A recovery's own thread was interrupted", e));
      }
    }
    return false;
  }

  private List<LedgerEntry> claim(int most) {
    if (!run.mayStillSend()) {
      return List.of();
    }
    List<LedgerEntry> entries = ledger.claim(run.id(), account, grouping(), most, time.now());
    queued.addAndGet(-entries.size());
    return entries;
  }

  private RetryLedger.Grouping grouping() {
    return traits.can(Capability.BULK_RETRY) && !traits.can(Capability.BULK_ACROSS_WEBHOOKS)
        ? RetryLedger.Grouping.ONE_WEBHOOK
        : RetryLedger.Grouping.ANY;
  }

  private void sendHandedOver(List<LedgerEntry> entries, Pace pace) {
    try {
      int taken = send(entries, pace);
      window.settled(entries.size() - taken, 0, 0);
    } catch (RuntimeException e) {
      run.fail(e);
    } finally {
      underWay.decrementAndGet();
      run.places().release();
    }
  }

  /** Sends what was claimed and records it; how many of it the provider took or may have taken. */
  private int send(List<LedgerEntry> entries, Pace pace) {
    List<FailedDelivery> deliveries = entries.stream().map(LedgerEntry::delivery).toList();
    List<RetryResult> results;
    if (run.mayStillSend()) {
      requests.addAndGet((deliveries.size() + traits.batchSize() - 1) / traits.batchSize());
      results = run.send(() -> retry(deliveries));
    } else {
      Instant now = time.now();
      results =
          deliveries.stream().map(d -> RetryResult.notSent(d, "the run stopped", now)).toList();
    }
    ledger.record(run.id(), entries, results);
    int taken = 0;
    for (RetryResult result : results) {
      taken += result.needsOutcome() ? 1 : 0;
      switch (result.status()) {
        case REJECTED -> rejected.incrementAndGet();
        case NOT_SENT -> queued.incrementAndGet();
        case UNKNOWN -> openUnknown.incrementAndGet();
        case ACCEPTED -> {}
      }
    }
    sent.addAndGet(taken);
    heed(results, pace);
    run.progress();
    return taken;
  }

  private List<RetryResult> retry(List<FailedDelivery> deliveries) {
    return deliveries.size() == 1
        ? List.of(client.retry(deliveries.get(0)))
        : client.retryAll(deliveries);
  }

  /** Slows down or stops when a request failed in a way that the next one would too. */
  private void heed(List<RetryResult> results, Pace pace) {
    RedriveException error =
        results.stream().map(RetryResult::error).filter(e -> e != null).findFirst().orElse(null);
    if (error == null
        || results.stream().anyMatch(r -> r.status() == RetryResult.Status.ACCEPTED)) {
      failedRequests.set(0);
      throttledRequests.set(0);
    }
    if (error == null || run.isStopping()) {
      return;
    }
    if (error instanceof AuthenticationException) {
      stop(error.summary() + ". " + error.advice(), error);
    } else if (error instanceof RateLimitedException limited) {
      Duration asked = limited.retryAfter() == null ? USUAL_PAUSE : limited.retryAfter();
      if (asked.compareTo(settings.longestPause()) > 0
          || throttledRequests.incrementAndGet() > MOST_THROTTLED_REQUESTS) {
        stop(error.summary() + ". " + error.advice(), error);
      } else {
        pace.pause(asked);
        settings.listener().onPause(account, asked, "the provider asks for it (429)");
      }
    } else if (failedRequests.incrementAndGet() >= mostFailedRequests(results)) {
      stop(
          failedRequests.get()
              + " requests in a row failed, the last: "
              + error.summary()
              + ". What may have been sent is settled by reading; run again for the rest",
          error);
    }
  }

  /**
   * Single deliveries may well be rejected in a row; a provider that cannot be used says no to all.
   */
  private static int mostFailedRequests(List<RetryResult> results) {
    boolean rejected = results.stream().anyMatch(r -> r.status() == RetryResult.Status.REJECTED);
    return rejected ? MOST_REJECTED_REQUESTS : MOST_FAILED_REQUESTS;
  }

  /**
   * Reads outcomes until nothing is open and {@code sent} holds, or the time for it is over once it
   * holds.
   */
  private void verify(BooleanSupplier sent) {
    Duration poll = FIRST_POLL;
    boolean ending = false;
    long end = 0;
    long lastRead = time.nanoTime();
    while (!run.isStopping()) {
      boolean allSent = sent.getAsBoolean();
      if (!allSent && !isTimeToRead(lastRead)) {
        run.pause(IDLE);
        continue;
      }
      Pass pass = readOutcomes();
      lastRead = time.nanoTime();
      if (allSent && pass.open() == 0) {
        return;
      }
      if (allSent && !ending) {
        ending = true;
        end = time.nanoTime() + settings.verifyTimeout().toNanos();
      }
      if (ending && time.nanoTime() - end >= 0) {
        return;
      }
      if (pass.open() > 0 && pass.settled() == 0) {
        run.pause(poll);
        poll = min(poll.multipliedBy(2), MOST_POLL);
        continue;
      }
      poll = FIRST_POLL;
      if (pass.open() == 0) {
        run.pause(IDLE);
      }
    }
  }

  /**
   * While more is being sent, new logs keep lying on top of those that are looked for: outcomes are
   * read when the sender waits for them.
   */
  private boolean isTimeToRead(long lastRead) {
    boolean senderWaits = underWay.get() == 0 && (awaitsSiblings || window.room() == 0);
    return senderWaits || time.nanoTime() - lastRead >= READ_EVERY.toNanos();
  }

  /** One reading of all that is open. */
  private record Pass(long open, long settled) {}

  private Pass readOutcomes() {
    long open = 0;
    long settled = 0;
    long after = 0;
    int read = VERIFY_BATCH;
    while (read == VERIFY_BATCH && !run.isStopping()) {
      List<LedgerEntry> entries = ledger.unsettled(run.id(), account, after, VERIFY_BATCH);
      read = entries.size();
      if (entries.isEmpty()) {
        break;
      }
      after = entries.get(entries.size() - 1).id();
      long settledHere = settle(entries);
      settled += settledHere;
      open += entries.size() - settledHere;
    }
    return new Pass(open, settled);
  }

  private long settle(List<LedgerEntry> entries) {
    List<RetryResult> results = resultsAmongSiblings(entries);
    List<RetryOutcome> outcomes;
    try {
      outcomes =
          run.read(() -> client.outcomes(results)).stream().map(AccountRun::decided).toList();
      failedReads.set(0);
    } catch (RedriveException e) {
      if (!run.isStopping()
          && (e instanceof AuthenticationException
              || failedReads.incrementAndGet() >= MOST_FAILED_REQUESTS)) {
        stop("outcomes cannot be read: " + e.summary() + ". " + e.advice(), e);
      }
      return 0;
    }
    ledger.settle(run.id(), entries, outcomes.subList(0, entries.size()), time.now());
    long good = 0;
    long bad = 0;
    long settled = 0;
    for (int i = 0; i < entries.size(); i++) {
      RetryOutcome.Status status = outcomes.get(i).status();
      if (status == RetryOutcome.Status.PENDING) {
        continue;
      }
      settled++;
      if (entries.get(i).state() == DeliveryState.UNKNOWN) {
        openUnknown.decrementAndGet();
      }
      switch (status) {
        case DELIVERED -> good++;
        case FAILED_AGAIN -> bad++;
        case NOT_SENT -> queued.incrementAndGet();
        case PENDING, UNKNOWN -> {}
      }
      if (status == RetryOutcome.Status.DELIVERED || status == RetryOutcome.Status.FAILED_AGAIN) {
        latest.add(status == RetryOutcome.Status.FAILED_AGAIN);
      }
    }
    delivered.addAndGet(good);
    failedAgain.addAndGet(bad);
    window.settled(settled, good, bad);
    if (sending && latest.isBad()) {
      stop(
          latest.describe()
              + ": the endpoint is broken, or broke down under the load. Mend it and run again",
          null);
    }
    run.progress();
    return settled;
  }

  /** Where nobody knows whether the retry was made, but the record says failed, failed it is. */
  private static RetryOutcome decided(RetryOutcome outcome) {
    WebhookLog log = outcome.log();
    return outcome.status() == RetryOutcome.Status.UNKNOWN
            && log != null
            && log.status() == DeliveryStatus.FAILED
        ? new RetryOutcome(
            outcome.result(), RetryOutcome.Status.FAILED_AGAIN, log, outcome.reason())
        : outcome;
  }

  /**
   * The results to settle, and behind them those of siblings that are settled already: a client
   * takes a log as evidence for one result only, so that their logs prove nothing for an unknown
   * one.
   */
  private List<RetryResult> resultsAmongSiblings(List<LedgerEntry> entries) {
    var results = new ArrayList<RetryResult>(entries.size());
    entries.forEach(entry -> results.add(entry.toResult()));
    List<LedgerEntry> unknown =
        entries.stream().filter(entry -> entry.state() == DeliveryState.UNKNOWN).toList();
    if (!unknown.isEmpty()) {
      Map<Long, List<String>> siblings = ledger.logsOfSiblings(unknown);
      for (LedgerEntry entry : unknown) {
        for (String logId : siblings.getOrDefault(entry.id(), List.of())) {
          results.add(
              RetryResult.accepted(entry.delivery(), logId, entry.toResult().requestedAt()));
        }
      }
    }
    return results;
  }

  /** What became of this account's deliveries, as the ledger knows it. */
  DeliveryCounts counts() {
    Map<DeliveryState, Long> states = ledger.counts(run.id(), account);
    Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
    skipped.putAll(tally.skipped());
    long joined = states.getOrDefault(DeliveryState.JOINED, 0L);
    if (joined > 0) {
      skipped.merge(SkipReason.PART_OF_LINEAGE, joined, Long::sum);
    }
    return new DeliveryCounts(
        found(),
        skipped,
        states.getOrDefault(DeliveryState.DELIVERED, 0L),
        states.getOrDefault(DeliveryState.FAILED_AGAIN, 0L),
        states.getOrDefault(DeliveryState.ACCEPTED, 0L),
        states.getOrDefault(DeliveryState.REJECTED, 0L),
        states.getOrDefault(DeliveryState.UNKNOWN, 0L)
            + states.getOrDefault(DeliveryState.SENDING, 0L),
        states.getOrDefault(DeliveryState.FOUND, 0L));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
