package dev.redrive.recovery.engine;

import dev.redrive.Capability;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit.Scope;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Claims one account's deliveries and has them sent, at the pace that all limits leave. */
final class Sender {
  private static final int MOST_PASSES = 3;

  private final RunControl run;
  private final Receiver receiver;
  private final RecoverySettings settings;
  private final ProviderTraits traits;
  private final AccountState state;
  private final SendWindow window;
  private final ProviderPace pace;
  private final Setbacks setbacks;
  private final ClaimsAhead ahead;
  private final RetryRequests requests;
  private final Duration patience;

  Sender(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      Receiver receiver,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      Webhooks webhooks,
      SendWindow window,
      ProviderPace pace) {
    this.run = run;
    this.receiver = receiver;
    this.settings = settings;
    this.traits = client.traits();
    this.state = state;
    this.window = window;
    this.pace = pace;
    this.patience = settings.patience(traits);
    this.setbacks = new Setbacks(run, listener, state, pace, patience);
    this.ahead = new ClaimsAhead(run, settings, state, grouping(), webhooks::isStopped);
    this.requests = new RetryRequests(run, listener, progress, settings, client, state, window);
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
        while ((state.queued() > 0 || !ahead.isEmpty()) && awaitRoom(batchSize)) {
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
    // Measured before waiting for a turn: the room shrinks with time, and a claim of nothing would
    // look as if nothing waited.
    long room = window.room();
    if (room == 0) {
      return;
    }
    if (sendNext(route, () -> ahead.next(batchSize, requestsAtOnce(), room), entry -> {})) {
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
  private boolean awaitRoom(int batchSize) {
    while (maySend() && state.underWay() >= traits.concurrentRetries()) {
      run.await(
          state, patience, () -> state.underWay() < traits.concurrentRetries() || !state.isOpen());
    }
    if (window.room() == 0 && state.queued() > 0 && outcomesArePrompt() && maySend()) {
      // While outcomes are read, the disk need not wait.
      ahead.fill(batchSize, requestsAtOnce(), Integer.MAX_VALUE);
    }
    return awaitOutcomes(() -> window.room() > 0);
  }

  /** Claims do not wait for long for those that are out: their lease runs. */
  private boolean outcomesArePrompt() {
    return traits.leastOutcomeTime().compareTo(SendWindow.PROMPT) < 0;
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

  /** How many requests may be under way at once; one where each has to wait for its turn. */
  private int requestsAtOnce() {
    boolean oneByOne = receiver.isPaced() || !traits.limits().isEmpty();
    return oneByOne ? 1 : Math.min(settings.concurrency(), traits.concurrentRetries());
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
        results = requests.send(entries);
        heed(results);
      } finally {
        // The next request need not wait for the ledger.
        receiver.end();
      }
      requests.record(entries, results);
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

  /** Where that fails the run does; what came of the request is recorded all the same. */
  private void heed(List<RetryResult> results) {
    try {
      setbacks.heed(results);
    } catch (RuntimeException e) {
      run.fail(e);
    }
  }
}
