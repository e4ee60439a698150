package dev.redrive.recovery;

import dev.redrive.ProviderTraits;
import dev.redrive.WebhookRetryClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One account's part in a run: collect, canary, send, verify. */
final class AccountRun {
  private final RecoveryRun run;
  private final RecoverySettings settings;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final Account account;
  private final AccountState state;
  private final Collector collector;
  private final Sender sender;
  private final Verifier verifier;
  private volatile List<String> warnings = List.of();
  private volatile long takenOver;

  AccountRun(RecoveryRun run, RecoverySettings settings, WebhookRetryClient client) {
    this.run = run;
    this.settings = settings;
    this.ledger = settings.ledger();
    this.client = client;
    this.traits = client.traits();
    this.account = Account.of(client);
    this.state = new AccountState(account);
    var window = new SendWindow();
    var pace = new ProviderPace(run, settings, state, new Pace(settings.time(), traits.limits()));
    this.collector = new Collector(run, settings, client, state, pace);
    this.sender = new Sender(run, settings, client, state, window, pace);
    this.verifier = new Verifier(run, settings, client, state, window, pace);
  }

  AccountState state() {
    return state;
  }

  long found() {
    return collector.tally().found() + takenOver;
  }

  long total() {
    return collector.tally().toSend() + takenOver;
  }

  long outOfSight() {
    return collector.outOfSight();
  }

  /** Reads first what a run that died may have sent; only then may anything be listed as new. */
  void settleLeftovers() {
    takenOver = ledger.takeOver(run.id(), account, settings.time().now());
    if (takenOver > 0 && !verifier.settleLeftovers(settings.verifyTimeout(traits))) {
      state.stop(
          "retries of an earlier run are not settled yet: until they are, their new logs cannot be told"
              + " from new failures. Run again in a while",
          null);
    }
  }

  void collect() {
    CompletableFuture<Void> checking =
        run.beside(() -> warnings = Planner.webhookWarnings(client, run::read));
    try {
      collector.collect();
    } finally {
      checking.join();
    }
  }

  /** What other runs held while this one listed; empty if nothing. */
  List<RecoveryReport.Problem> leftToOthers() {
    return collector.leftToOthers().stream()
        .map(what -> new RecoveryReport.Problem(account, what, null))
        .toList();
  }

  RecoveryPlan.ForAccount plan() {
    var warned = new ArrayList<>(warnings);
    warned.addAll(collector.leftToOthers());
    return collector
        .tally()
        .plan(
            account,
            state.queued() - collector.tally().toSend(),
            collector.outOfSight(),
            dispatch(),
            warned);
  }

  private RecoveryPlan.Dispatch dispatch() {
    Tally tally = collector.tally();
    var perWebhook = new ArrayList<>(tally.perWebhook());
    perWebhook.add(Math.max(0, state.queued() - tally.toSend()));
    return new Dispatcher(settings).choose(traits, perWebhook);
  }

  /** Sends the first few one by one; unless one of them is delivered, nothing else goes out. */
  void canary() {
    Set<Long> sent = sender.canary();
    if (sent.isEmpty()) {
      return;
    }
    Verifier.Canary canary = verifier.verifyCanary(sent, settings.patience(traits));
    if (run.isStopping() || canary == Verifier.Canary.DELIVERED) {
      return;
    }
    state.stop(
        canary == Verifier.Canary.OPEN
            ? "it is not known yet whether any of the first "
                + sent.size()
                + " retries was delivered. Run again in a while"
            : "none of the first "
                + sent.size()
                + " retries was delivered: the endpoint is still broken. Fix it and run again",
        null);
  }

  /** Sends and verifies, in rounds where the provider shows only a window of its failures. */
  void recover() {
    do {
      sendAndVerify();
    } while (traits.visibleFailures() != null && maySend() && collector.collect() > 0 && maySend());
  }

  private boolean maySend() {
    return state.isOpen() && !run.isStopping();
  }

  private void sendAndVerify() {
    int batchSize = dispatch().batchSize();
    state.begin();
    run.sendingChanged();
    CompletableFuture<Void> verifying =
        run.beside(() -> verifier.verifyAll(settings.verifyTimeout(traits)));
    try {
      sender.sendQueue(batchSize);
    } finally {
      state.end();
      run.sendingChanged();
      verifying.join();
    }
  }

  /** What became of this account's deliveries, as the ledger knows it. */
  DeliveryCounts counts() {
    Map<DeliveryState, Long> states = ledger.counts(run.id(), account);
    Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
    skipped.putAll(collector.tally().skipped());
    long joined = states.getOrDefault(DeliveryState.JOINED, 0L);
    if (joined > 0) {
      // Another run may have the delivery that it is an attempt of, and not have it delivered.
      skipped.merge(SkipReason.OTHER_RUN, joined, Long::sum);
    }
    long held = states.values().stream().mapToLong(Long::longValue).sum();
    long passedOn = collector.tally().toSend() + takenOver - held;
    if (passedOn > 0) {
      skipped.merge(SkipReason.OTHER_RUN, passedOn, Long::sum);
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
}
