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

/** Claims the deliveries of one account and sends them, at the pace that all limits allow. */
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

  /** Returns the most deliveries in one request. */
  int batchSize() {
    return Math.min(traits.batchSize(), settings.batchSize());
  }

  /** Sends what is queued, including what is put back meanwhile because it was never sent. */
  void sendQueue(int batchSize) {
    window.perRequest(batchSize, requestsAtOnce());
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

  /**
   * Sends one more request. If nothing can be claimed although deliveries are queued, they wait for
   * a sibling that is not settled yet; if there is none, the queue is empty.
   */
  private void sendMore(int batchSize, Scope route) {
    int underWay = state.underWay();
    boolean anyOut = state.mayQueueMore();
    long settled = window.settled();
    // Measured before waiting for a turn: the room shrinks with time, and an empty claim would look
    // like an empty queue.
    long room = room();
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

  /** Waits until something is queued. Returns false if nothing can be queued any more. */
  private boolean awaitWork() {
    return awaitReading(
            settings.verifyTimeout(traits), () -> state.queued() > 0 || !state.mayQueueMore())
        && state.queued() > 0;
  }

  /** Waits for room in the send window. Returns false if sending ends. */
  private boolean awaitRoom(int batchSize) {
    boolean isFull = state.underWay() >= traits.concurrentRetries();
    if ((isFull || room() == 0) && state.queued() > 0 && claimsMayWait() && maySend()) {
      // Uses the wait to write the next claims to disk.
      ahead.fill(batchSize, requestsAtOnce());
    }
    while (maySend() && state.underWay() >= traits.concurrentRetries()) {
      run.await(
          state, patience, () -> state.underWay() < traits.concurrentRetries() || !state.isOpen());
    }
    return awaitOutcomes(() -> room() > 0);
  }

  private long room() {
    return window.room(state.queued() + ahead.deliveries());
  }

  /** Whether neither outcomes nor turns take so long that the leases of claims could end. */
  private boolean claimsMayWait() {
    return traits.leastOutcomeTime().compareTo(SendWindow.PROMPT) < 0 && requestsAtOnce() > 1;
  }

  /** Waits for a condition as long as outcomes keep coming in. Returns false if sending ends. */
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
          "no outcome became known for "
              + patience.toSeconds()
              + " s, so nothing more is sent. Run again later",
          null);
    }
    return false;
  }

  /**
   * Waits for a condition that outcomes may fulfil. Returns false after a timeout or at the end.
   */
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

  /** Returns how many requests may be in flight at once; one if each has to wait for its turn. */
  private int requestsAtOnce() {
    boolean oneByOne = receiver.isPaced() || !traits.limits().isEmpty();
    return oneByOne ? 1 : Math.min(settings.concurrency(), traits.concurrentRetries());
  }

  /** Claims deliveries and sends them on another thread. Returns false if there were none. */
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

  /** Waits until one more request may be sent. Returns false if sending ends. */
  private boolean awaitRequest() {
    while (setbacks.awaitRest() && awaitReceiver()) {
      // Requests that were in flight meanwhile may have failed.
      if (!setbacks.holdUp()) {
        return true;
      }
      receiver.end();
    }
    return false;
  }

  /** Waits for a permit of the receiver. Returns false if sending ends. */
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

  /** Returns which deliveries may be in one request. */
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
        // Before recording, so that the next request does not wait for the ledger.
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

  /** If this fails, the run fails; the results of the request are recorded all the same. */
  private void heed(List<RetryResult> results) {
    try {
      setbacks.heed(results);
    } catch (RuntimeException e) {
      run.fail(e);
    }
  }
}
