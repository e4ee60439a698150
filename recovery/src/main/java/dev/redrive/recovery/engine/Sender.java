package dev.redrive.recovery.engine;

import dev.redrive.Capability;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit.Scope;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims one account's deliveries and has them sent, at the pace that all limits leave. */
final class Sender {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final int MOST_PASSES = 3;

  private final RunControl run;
  private final RecoveryListener listener;
  private final RunProgress progress;
  private final Receiver receiver;
  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final Account account;
  private final AccountState state;
  private final SendWindow window;
  private final ProviderPace pace;
  private final Setbacks setbacks;
  private final ClaimsAhead ahead;
  private final Duration patience;

  Sender(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      Receiver receiver,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      SendWindow window,
      ProviderPace pace) {
    this.run = run;
    this.listener = listener;
    this.progress = progress;
    this.receiver = receiver;
    this.settings = settings;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.client = client;
    this.traits = client.traits();
    this.account = Account.of(client);
    this.state = state;
    this.window = window;
    this.pace = pace;
    this.patience = settings.patience(traits);
    this.setbacks = new Setbacks(run, listener, state, pace, patience);
    this.ahead = new ClaimsAhead(run, settings, state, grouping());
  }

  /** What one request takes at the most. */
  int batchSize() {
    return Math.min(traits.batchSize(), settings.batchSize());
  }

  /** Sends what is queued, and what reading puts back meanwhile. */
  void sendQueue(int batchSize) {
    window.perRequest(batchSize);
    window.atLeast(settings.canary());
    Scope route = Dispatcher.route(batchSize);
    try {
      for (int pass = 0; pass < MOST_PASSES && awaitWork(); pass++) {
        while ((state.queued() > 0 || !ahead.isEmpty()) && awaitRoom()) {
          sendMore(batchSize, route);
        }
      }
    } finally {
      try {
        ahead.putBack();
      } finally {
        state.awaitRequests();
      }
    }
  }

  /** What is queued may have to wait for a sibling that is out; where none is, nothing is left. */
  private void sendMore(int batchSize, Scope route) {
    int underWay = state.underWay();
    boolean anyOut = state.mayQueueMore();
    long settled = window.settled();
    if (sendNext(
        route, () -> ahead.next(batchSize, requestsAtOnce(), window.room()), entry -> {})) {
      return;
    }
    if (underWay > 0) {
      run.await(state, patience, () -> state.underWay() < underWay || !state.isOpen());
    } else if (anyOut) {
      awaitOutcomes(() -> window.settled() != settled || !state.mayQueueMore());
    } else if (maySend()) {
      state.queueHas(0);
    }
  }

  boolean maySend() {
    return state.isOpen() && !run.isStopping();
  }

  /** Waits for what reading may put back into the queue; false once nothing can come any more. */
  private boolean awaitWork() {
    return awaitReading(
            settings.verifyTimeout(traits), () -> state.queued() > 0 || !state.mayQueueMore())
        && state.queued() > 0;
  }

  /** Waits for room among the deliveries whose outcome is open; false if sending ends. */
  private boolean awaitRoom() {
    while (maySend() && state.underWay() >= traits.concurrentRetries()) {
      run.await(
          state, patience, () -> state.underWay() < traits.concurrentRetries() || !state.isOpen());
    }
    return awaitOutcomes(() -> window.room() > 0);
  }

  /** Waits as long as any outcome comes in; false if sending ends. */
  private boolean awaitOutcomes(BooleanSupplier ready) {
    long settled;
    do {
      settled = window.settled();
      if (awaitReading(patience, ready)) {
        return true;
      }
    } while (maySend() && (settled != window.settled() || pace.rests()));
    if (maySend()) {
      state.stop(
          "no outcome came in for "
              + patience.toSeconds()
              + " s: nothing more is sent until it shows what became of the rest. Run again later",
          null);
    }
    return false;
  }

  /** Waits for what outcomes bring; false if they do not in time or sending ends. */
  private boolean awaitReading(Duration most, BooleanSupplier ready) {
    if (ready.getAsBoolean()) {
      return maySend();
    }
    state.senderWaits(true);
    try {
      return run.await(state, most, () -> !state.isOpen() || ready.getAsBoolean()) && maySend();
    } finally {
      state.senderWaits(false);
    }
  }

  /** How many requests may begin now, the one included that is about to. */
  private int requestsAtOnce() {
    boolean oneByOne = receiver.isPaced() || !traits.limits().isEmpty();
    return oneByOne
        ? 1
        : Math.max(1, Math.min(1 + receiver.free(), traits.concurrentRetries() - state.underWay()));
  }

  /** Has what is claimed sent beside this thread; false if nothing could be. */
  boolean sendNext(Scope route, Supplier<List<LedgerEntry>> claim, Consumer<LedgerEntry> taken) {
    if (!awaitRequest()) {
      return false;
    }
    boolean handedOver = false;
    try {
      if (pace.awaitTurn(route, receiver)) {
        List<LedgerEntry> entries = claim.get();
        if (!entries.isEmpty()) {
          state.requestBegins();
          window.sent(entries.size());
          run.start(() -> sendClaimed(entries, taken));
          handedOver = true;
        }
      }
    } finally {
      if (!handedOver) {
        receiver.end();
      }
    }
    return handedOver;
  }

  /** Waits until one more request may be under way; false if sending ends. */
  private boolean awaitRequest() {
    while (setbacks.awaitRest() && awaitReceiver()) {
      // Those that were under way meanwhile may have failed.
      if (!setbacks.holdUp()) {
        return true;
      }
      receiver.end();
    }
    return false;
  }

  /** Waits until the receiver may get one more request; false if sending ends. */
  private boolean awaitReceiver() {
    if (!maySend() || !run.await(receiver::begin)) {
      return false;
    }
    if (!maySend()) {
      receiver.end();
      return false;
    }
    return true;
  }

  /** Which deliveries one request takes. */
  RetryLedger.Grouping grouping() {
    return traits.can(Capability.BULK_RETRY) && !traits.can(Capability.BULK_ACROSS_WEBHOOKS)
        ? RetryLedger.Grouping.ONE_WEBHOOK
        : RetryLedger.Grouping.ANY;
  }

  private void sendClaimed(List<LedgerEntry> entries, Consumer<LedgerEntry> taken) {
    try {
      List<RetryResult> results;
      try {
        results = send(entries);
      } finally {
        // The next request need not wait for the ledger.
        receiver.end();
      }
      record(entries, results);
      for (int i = 0; i < entries.size(); i++) {
        if (results.get(i).needsOutcome()) {
          taken.accept(entries.get(i));
        }
      }
    } catch (RuntimeException e) {
      run.fail(e);
    } finally {
      state.requestEnded();
    }
  }

  private List<RetryResult> send(List<LedgerEntry> entries) {
    List<FailedDelivery> deliveries = entries.stream().map(LedgerEntry::delivery).toList();
    List<RetryResult> results;
    if (maySend(entries)) {
      state.requested();
      long begun = time.nanoTime();
      results = run.send(() -> retry(deliveries));
      log(results, (time.nanoTime() - begun) / 1_000_000);
    } else {
      Instant now = time.now();
      results =
          deliveries.stream()
              .map(d -> RetryResult.notSent(d, "the run stopped, or stood still", now))
              .toList();
    }
    setbacks.heed(results);
    return results;
  }

  private void record(List<LedgerEntry> entries, List<RetryResult> results) {
    ledger.record(run.id(), entries, results);
    tellRejected(entries, results);
    int taken = state.recorded(results);
    window.notSent(entries.size() - taken);
    progress.report();
  }

  private void log(List<RetryResult> results, long millis) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "run={} account={} request: {} deliveries in {} ms: {}",
          run.id(),
          account,
          results.size(),
          millis,
          results.stream()
              .collect(Collectors.groupingBy(RetryResult::status, Collectors.counting())));
    }
  }

  private void tellRejected(List<LedgerEntry> entries, List<RetryResult> results) {
    for (int i = 0; i < entries.size(); i++) {
      if (results.get(i).status() == RetryResult.Status.REJECTED) {
        listener.onOutcome(entries.get(i).recorded(results.get(i)));
      }
    }
  }

  /** Whether claims are safely this run's for as long as a request takes. */
  private boolean maySend(List<LedgerEntry> claimed) {
    Instant now = time.now();
    return !run.isStopping()
        && claimed.stream()
            .map(entry -> Objects.requireNonNull(entry.requestedAt()))
            .allMatch(at -> now.isBefore(at.plus(settings.lease().dividedBy(3))));
  }

  private List<RetryResult> retry(List<FailedDelivery> deliveries) {
    return deliveries.size() == 1
        ? List.of(client.retry(deliveries.get(0)))
        : client.retryAll(deliveries);
  }
}
