package dev.redrive.recovery;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit.Scope;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Claims one account's deliveries and has them sent, at the pace that all limits leave. */
final class Sender {
  private static final int MOST_REJECTED_REQUESTS = 50;
  private static final int MOST_PASSES = 3;

  private final RecoveryRun run;
  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final Account account;
  private final AccountState state;
  private final SendWindow window;
  private final ProviderPace pace;
  private final AtomicInteger rejectedRequests = new AtomicInteger();
  private final Breaker breaker = new Breaker();
  private final Duration patience;

  Sender(
      RecoveryRun run,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      SendWindow window,
      ProviderPace pace) {
    this.run = run;
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
  }

  /**
   * Sends the first few, each in a request of its own.
   *
   * @return the entries that the provider took or may have taken
   */
  Set<Long> canary() {
    Set<Long> taken = ConcurrentHashMap.newKeySet();
    int sent = 1;
    while (taken.size() < settings.canary() && sent > 0 && maySend()) {
      int missing = settings.canary() - taken.size();
      sent = 0;
      try {
        while (sent < missing && sendNext(1, Scope.SINGLE_RETRY, taken::add)) {
          sent++;
        }
      } finally {
        awaitRequests();
      }
    }
    return new HashSet<>(taken);
  }

  /** Sends what is queued, and what reading puts back meanwhile. */
  void sendQueue(int batchSize) {
    window.perRequest(batchSize);
    window.atLeast(settings.canary());
    Scope route = Dispatcher.route(batchSize);
    try {
      for (int pass = 0; pass < MOST_PASSES && awaitWork(); pass++) {
        while (state.queued() > 0 && awaitRoom()) {
          sendMore(batchSize, route);
        }
      }
    } finally {
      awaitRequests();
    }
  }

  /** What is queued may have to wait for a sibling that is out; where none is, nothing is left. */
  private void sendMore(int batchSize, Scope route) {
    int underWay = state.underWay();
    boolean anyOut = state.mayQueueMore();
    long settled = window.settled();
    int most = (int) Math.min(window.room(), batchSize);
    if (sendNext(most, route, id -> {})) {
      return;
    }
    if (underWay > 0) {
      run.await(state, patience, () -> state.underWay() < underWay || !state.isOpen());
    } else if (anyOut) {
      awaitOutcomes(() -> window.settled() != settled || !state.mayQueueMore());
    } else if (maySend()) {
      state.queueIsEmpty();
    }
  }

  private boolean maySend() {
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

  /** Waits even when the run is stopping: what is under way is to be recorded. */
  private void awaitRequests() {
    while (state.underWay() > 0) {
      run.awaitChange(state, () -> state.underWay() == 0);
    }
  }

  /** Has up to {@code most} deliveries sent beside this thread; false if none could be claimed. */
  private boolean sendNext(int most, Scope route, Consumer<Long> taken) {
    if (!awaitBreaker() || !pace.awaitTurn(route) || !awaitPlace()) {
      return false;
    }
    boolean handedOver = false;
    try {
      if (run.awaitTurn(state, () -> run.rate().take(route), "the rate asked for")
          && run.mayStillSend()) {
        List<LedgerEntry> entries = ledger.claim(run.id(), account, grouping(), most, time.now());
        if (!entries.isEmpty()) {
          state.claimed(entries.size());
          window.sent(entries.size());
          run.start(() -> sendClaimed(entries, taken));
          handedOver = true;
        }
      }
    } finally {
      if (!handedOver) {
        run.places().release();
      }
    }
    return handedOver;
  }

  /** Rests after requests that failed in a row, then lets one through at a time. */
  private boolean awaitBreaker() {
    while (maySend() && (breaker.isOpen() || (breaker.isProbing() && state.underWay() > 0))) {
      if (state.underWay() > 0) {
        run.await(state, patience, () -> state.underWay() == 0 || !state.isOpen());
      } else {
        Duration rest = breaker.rest();
        settings.listener().onPause(account, rest, "requests fail in a row");
        run.pause(rest);
      }
    }
    return maySend();
  }

  /** Takes one of the places that all accounts share. */
  private boolean awaitPlace() {
    while (maySend()) {
      try {
        if (run.places().tryAcquire(RecoveryRun.SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      } catch (InterruptedException e) {
        run.disturbed(e);
      }
    }
    return false;
  }

  private RetryLedger.Grouping grouping() {
    return traits.can(Capability.BULK_RETRY) && !traits.can(Capability.BULK_ACROSS_WEBHOOKS)
        ? RetryLedger.Grouping.ONE_WEBHOOK
        : RetryLedger.Grouping.ANY;
  }

  private void sendClaimed(List<LedgerEntry> entries, Consumer<Long> taken) {
    try {
      List<RetryResult> results = send(entries);
      for (int i = 0; i < entries.size(); i++) {
        if (results.get(i).needsOutcome()) {
          taken.accept(entries.get(i).id());
        }
      }
    } catch (RuntimeException e) {
      run.fail(e);
    } finally {
      run.places().release();
      state.requestEnded();
    }
  }

  /** Sends what was claimed, and records what came of it. */
  private List<RetryResult> send(List<LedgerEntry> entries) {
    List<FailedDelivery> deliveries = entries.stream().map(LedgerEntry::delivery).toList();
    List<RetryResult> results;
    if (run.mayStillSend()) {
      state.requested();
      results = run.send(() -> retry(deliveries));
    } else {
      Instant now = time.now();
      results =
          deliveries.stream().map(d -> RetryResult.notSent(d, "the run stopped", now)).toList();
    }
    ledger.record(run.id(), entries, results);
    int taken = state.recorded(results);
    window.notSent(entries.size() - taken);
    heed(results);
    run.progress();
    return results;
  }

  private List<RetryResult> retry(List<FailedDelivery> deliveries) {
    return deliveries.size() == 1
        ? List.of(client.retry(deliveries.get(0)))
        : client.retryAll(deliveries);
  }

  /** Slows down or stops when a request failed in a way that the next one would too. */
  private void heed(List<RetryResult> results) {
    RedriveException error =
        results.stream().map(RetryResult::error).filter(e -> e != null).findFirst().orElse(null);
    if (error == null
        || results.stream().anyMatch(r -> r.status() == RetryResult.Status.ACCEPTED)) {
      rejectedRequests.set(0);
      breaker.succeeded();
      pace.eased();
    }
    if (error == null || run.isStopping()) {
      return;
    }
    if (error instanceof AuthenticationException) {
      state.stop(error.summary() + ". " + error.advice(), error);
    } else if (error instanceof RateLimitedException limited) {
      if (!pace.heed(limited)) {
        state.stop(error.summary() + ". " + error.advice(), error);
      }
    } else if (results.stream().anyMatch(r -> r.status() == RetryResult.Status.REJECTED)) {
      // Single deliveries may well be rejected in a row; a provider that cannot be used says no to
      // all.
      stopUnless(rejectedRequests.incrementAndGet() < MOST_REJECTED_REQUESTS, error);
    } else {
      stopUnless(breaker.failed(), error);
    }
  }

  private void stopUnless(boolean bearable, RedriveException error) {
    if (!bearable) {
      state.stop(
          Math.max(rejectedRequests.get(), breaker.failedInARow())
              + " requests in a row failed, the last: "
              + error.summary()
              + ". What may have been sent is settled by reading; run again for the rest",
          error);
    }
  }
}
