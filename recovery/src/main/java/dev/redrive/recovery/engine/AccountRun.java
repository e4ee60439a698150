package dev.redrive.recovery.engine;

import dev.redrive.ProviderTraits;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a run that is for one account: collect, canary, send, verify. */
final class AccountRun {
  private static final Logger LOG = LoggerFactory.getLogger(AccountRun.class);

  /** How often to check what other runs have in progress. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final RunControl run;
  private final RunProgress progress;
  private final RecoverySettings settings;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final Account account;
  private final AccountState state;
  private final Tally tally;
  private final Collector collector;
  private final Sender sender;
  private final Webhooks webhooks;
  private final Verifier verifier;
  private final long madeAtNanos;
  private final Canary canary;
  private volatile List<String> warnings = List.of();
  private volatile RetryLedger.@Nullable About about;

  AccountRun(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      Receiver receiver,
      RecoverySettings settings,
      WebhookRetryClient client) {
    this.madeAtNanos = settings.time().nanoTime();
    this.run = run;
    this.progress = progress;
    this.settings = settings;
    this.ledger = settings.ledger();
    this.client = client;
    this.traits = client.traits();
    this.account = Account.of(client);
    this.state = new AccountState(account, listener);
    this.tally = new Tally(traits, settings.time().now());
    progress.add(state, tally);
    var window =
        new SendWindow(
            settings.time(), settings.longestUnverified().plus(traits.leastOutcomeTime()));
    var pace = new ProviderPace(run, listener, settings, state, traits.limits());
    this.collector = new Collector(run, listener, progress, settings, client, state, tally, pace);
    this.webhooks = new Webhooks(run, ledger, state, tally);
    this.sender =
        new Sender(
            run, listener, progress, receiver, settings, client, state, webhooks, window, pace);
    this.verifier =
        new Verifier(run, listener, progress, settings, client, state, webhooks, window, pace);
    this.canary =
        new Canary(run, progress, settings, client.traits(), state, sender, verifier, webhooks);
  }

  AccountState state() {
    return state;
  }

  long outOfSight() {
    return collector.outOfSight();
  }

  /**
   * Settles what dead runs may have sent. This comes before collecting, because new logs of their
   * retries would look like new failures. A run that may be dead is watched until it is seen alive
   * again or counts as dead.
   */
  void settleLeftovers() {
    do {
      if (!takeUp()) {
        state.stop(
            "retries of an earlier run are not settled yet, so their new logs cannot be"
                + " distinguished from new failures. Run again in a few minutes",
            null);
        return;
      }
    } while (mayBeLeftByTheDead() && run.pause(LOOK_EVERY));
  }

  /** Returns false if retries stay open whose new logs could be taken for new failures. */
  private boolean takeUp() {
    long takenUp = ledger.takeUp(run.id(), account, settings.time().now(), settings.silence());
    if (takenUp > 0) {
      LOG.debug("run={} account={} took up {} from runs that died", run.id(), account, takenUp);
    }
    tally.takenUp(takenUp);
    return ledger.unsettled(run.id(), account, 0, 1).isEmpty()
        || verifier.settleLeftovers(settings.verifyTimeout(traits));
  }

  private boolean mayBeLeftByTheDead() {
    return ledger.holders(account).stream()
        .anyMatch(
            holder ->
                !holder.run().equals(run.id())
                    && holder.silence().toNanos() >= settings.time().nanoTime() - madeAtNanos);
  }

  void collect() {
    about = ledger.about(account);
    CompletableFuture<Void> checking =
        run.beside(() -> warnings = Planner.webhookWarnings(client, run::read));
    try {
      collector.collect();
    } finally {
      checking.join();
    }
  }

  RecoveryPlan.ForAccount plan() {
    var warned = new ArrayList<>(warnings);
    warned.addAll(Planner.leftToOthers(tally.skipped()));
    return tally.plan(
        account,
        Objects.requireNonNull(about),
        state.queued() - tally.toSend(),
        collector.outOfSight(),
        dispatch(),
        warned);
  }

  private RecoveryPlan.Dispatch dispatch() {
    var perWebhook = new ArrayList<>(tally.perWebhook());
    perWebhook.add(Math.max(0, state.queued() - tally.toSend()));
    return new Dispatcher(settings).choose(traits, perWebhook);
  }

  /** Sends and verifies; in several rounds if the provider shows only a part of its failures. */
  void recover() {
    if (settings.round() == RetryLedger.Round.WHEN_DUE) {
      webhooks.leaveResting();
    }
    if (settings.canary() > 0) {
      canary.run();
      if (!maySend()) {
        return;
      }
    }
    do {
      sendAndVerify();
    } while (traits.visibleFailures() != null && maySend() && collectMore() && maySend());
    seeOthersThrough();
  }

  private boolean collectMore() {
    boolean anyNew = collector.collect() > 0;
    webhooks.holdBackMore();
    return anyNew;
  }

  /**
   * Waits for deliveries of this run that other runs have in progress. Takes up those of dead runs,
   * and sends those that were put back into the queue.
   */
  private void seeOthersThrough() {
    long until =
        settings.time().nanoTime()
            + settings.lease().plus(settings.verifyTimeout(traits)).toNanos();
    RetryLedger.Remaining remaining = ledger.remaining(run.id(), account);
    while (maySend()
        && (remaining.waiting() > 0 || remaining.withOthers() > 0)
        && settings.time().nanoTime() - until < 0
        && run.pause(LOOK_EVERY)) {
      boolean anySettled = takeUp();
      remaining = ledger.remaining(run.id(), account);
      if (anySettled && remaining.waiting() > 0) {
        state.queueHas(remaining.waiting());
        sendAndVerify();
        remaining = ledger.remaining(run.id(), account);
      }
    }
  }

  private boolean maySend() {
    return state.isOpen() && !run.isStopping();
  }

  private void sendAndVerify() {
    int batchSize = dispatch().batchSize();
    state.begin();
    progress.accountChanged();
    CompletableFuture<Void> verifying =
        run.beside(() -> verifier.verifyAll(settings.verifyTimeout(traits)));
    try {
      sender.sendQueue(batchSize);
    } finally {
      state.end();
      progress.accountChanged();
      verifying.join();
    }
  }

  /** Counts the account's deliveries by their state in the ledger. */
  DeliveryCounts counts() {
    RetryLedger.Standing standing = ledger.standing(run.id(), account);
    Map<DeliveryState, Long> own = standing.own();
    Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
    skipped.putAll(tally.skipped());
    standing
        .others()
        .forEach((stands, deliveries) -> skipped.merge(byOthers(stands), deliveries, Long::sum));
    return new DeliveryCounts(
        tally.found(),
        skipped,
        own.getOrDefault(DeliveryState.DELIVERED, 0L),
        own.getOrDefault(DeliveryState.FAILED_AGAIN, 0L),
        own.getOrDefault(DeliveryState.ACCEPTED, 0L),
        own.getOrDefault(DeliveryState.REJECTED, 0L),
        own.getOrDefault(DeliveryState.UNKNOWN, 0L) + own.getOrDefault(DeliveryState.SENDING, 0L),
        own.getOrDefault(DeliveryState.FOUND, 0L));
  }

  /** Returns the reason under which a delivery of another run is counted. */
  private static SkipReason byOthers(DeliveryState stands) {
    return switch (stands) {
      case DELIVERED -> SkipReason.ALREADY_DELIVERED;
      case FAILED_AGAIN -> SkipReason.FAILED_AGAIN_EARLIER;
      case REJECTED -> SkipReason.REJECTED_EARLIER;
      case FOUND, SENDING, ACCEPTED, UNKNOWN -> SkipReason.OTHER_RUN;
    };
  }
}
