package dev.redrive.recovery.engine;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryStatus;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the outcomes of retries, records them, and passes them to the {@link Judge}. */
final class OutcomeReader {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);

  private static final int MOST_FAILED_READS = 3;

  private final RunControl run;
  private final RecoveryListener listener;
  private final RunProgress progress;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final Account account;
  private final AccountState state;
  private final SendWindow window;
  private final ProviderPace pace;
  private final Judge judge;
  private final Agenda agenda;
  private final Set<Long> leftovers = new HashSet<>();
  private final Set<Long> canary = new HashSet<>();

  /** When it was first read that a retry had failed, of those that the provider repeats. */
  private final Map<Long, Instant> failedSoFar = new HashMap<>();

  private int failedReads;

  /** Webhooks whose canary had a delivery that arrived. */
  private final Set<String> deliveredTo = new HashSet<>();

  OutcomeReader(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      Webhooks webhooks,
      SendWindow window,
      ProviderPace pace) {
    this.run = run;
    this.listener = listener;
    this.progress = progress;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.client = client;
    this.account = Account.of(client);
    this.state = state;
    this.window = window;
    this.pace = pace;
    this.judge = new Judge(settings.stopRule(), state, webhooks);
    this.agenda = new Agenda(client.traits().leastOutcomeTime());
  }

  /** Returns the agenda, which decides when to read. */
  Agenda agenda() {
    return agenda;
  }

  /** Adds a delivery that a dead run sent. Its outcome says nothing about the endpoint today. */
  void addLeftover(LedgerEntry entry) {
    leftovers.add(entry.id());
  }

  /** Adds a delivery of the canary. */
  void addFirst(LedgerEntry entry) {
    canary.add(entry.id());
  }

  boolean isFirst(LedgerEntry entry) {
    return canary.contains(entry.id());
  }

  /** Whether a delivery of a webhook's canary was delivered. */
  boolean deliveredTo(String webhook) {
    return deliveredTo.contains(webhook);
  }

  /** Whether a retry failed at least so long ago, and the provider still repeats it by itself. */
  boolean failsFor(LedgerEntry entry, Duration least) {
    Instant since = failedSoFar.get(entry.id());
    return since != null && !time.now().isBefore(since.plus(least));
  }

  /** Reads and records outcomes as they come in. Returns the entries that are still open. */
  List<LedgerEntry> settle(List<LedgerEntry> entries) {
    var reading = new Reading(entries, state::takeShown);
    var results = new ArrayList<>(reading.results());
    results.addAll(logsOfSiblings(entries));
    long begun = time.nanoTime();
    try {
      run.<List<RetryOutcome>>read(
          reader -> client.outcomes(results, reader), outcomes -> take(outcomes, reading));
      failedReads = 0;
      pace.eased();
    } catch (RedriveException e) {
      LOG.debug("run={} account={} reading failed: {}", run.id(), account, e.summary());
      heed(e);
    }
    reading.untold().forEach(entry -> agenda.isStillOpen(entry, time.now()));
    // Only now: new retries add logs, which would push those that are looked for to later pages.
    reading.makeRoom(window);
    state.changed();
    List<LedgerEntry> open = reading.open();
    LOG.debug(
        "run={} account={} reading: {} asked, {} settled, {} open, in {} ms",
        run.id(),
        account,
        entries.size(),
        entries.size() - open.size(),
        open.size(),
        (time.nanoTime() - begun) / 1_000_000);
    return open;
  }

  private void take(List<RetryOutcome> handedOver, Reading reading) {
    var entries = new ArrayList<LedgerEntry>();
    var outcomes = new ArrayList<RetryOutcome>();
    for (RetryOutcome outcome : handedOver) {
      LedgerEntry entry = reading.told(outcome);
      if (entry != null) {
        entries.add(entry);
        outcomes.add(decided(outcome));
      }
    }
    Instant now = time.now();
    ledger.settle(run.id(), entries, outcomes, now);
    var webhooks = new HashSet<String>();
    for (int i = 0; i < entries.size(); i++) {
      if (tellsOfTheEndpoint(entries.get(i), outcomes.get(i), now, reading)) {
        webhooks.add(entries.get(i).webhook());
      }
    }
    webhooks.forEach(judge::decide);
    progress.report();
  }

  /** Processes an outcome. Returns whether it shows the present state of the endpoint. */
  private boolean tellsOfTheEndpoint(
      LedgerEntry entry, RetryOutcome outcome, Instant now, Reading reading) {
    RetryOutcome.Status status = outcome.status();
    if (status == RetryOutcome.Status.PENDING) {
      reading.isOpen(entry);
      agenda.isStillOpen(entry, now);
      return outcome.hasFailedSoFar() && tellsFailure(entry, now, reading);
    }
    boolean isDelivered = status == RetryOutcome.Status.DELIVERED;
    agenda.isSettled(entry, isDelivered, now);
    state.settled(status, entry.state() == DeliveryState.UNKNOWN);
    if (status != RetryOutcome.Status.NOT_SENT) {
      listener.onOutcome(entry.settled(outcome, now));
    }
    boolean isKnownToFail = failedSoFar.remove(entry.id()) != null;
    // A retry of an earlier run does not show the present state of the endpoint. If it was never
    // sent, this run sends it, and that retry counts.
    if (leftovers.remove(entry.id())) {
      return false;
    }
    if (!isKnownToFail) {
      reading.tells(status);
    }
    if (isDelivered && canary.contains(entry.id())) {
      deliveredTo.add(entry.webhook());
    }
    boolean tells = isDelivered || (status == RetryOutcome.Status.FAILED_AGAIN && !isKnownToFail);
    if (tells) {
      judge.hears(entry, !isDelivered);
    }
    return tells;
  }

  /**
   * Processes the first failure of a retry that the provider repeats by itself. It shows the state
   * of the endpoint now; when the repeats end, it may be another.
   */
  private boolean tellsFailure(LedgerEntry entry, Instant now, Reading reading) {
    boolean isFirst = failedSoFar.putIfAbsent(entry.id(), now) == null;
    if (!isFirst || leftovers.contains(entry.id())) {
      return false;
    }
    reading.tells(RetryOutcome.Status.FAILED_AGAIN);
    judge.hears(entry, true);
    return true;
  }

  private void heed(RedriveException e) {
    if (run.isStopping() || (e instanceof RateLimitedException limited && pace.heed(limited))) {
      return;
    }
    if (e instanceof AuthenticationException || ++failedReads >= MOST_FAILED_READS) {
      state.stop("outcomes cannot be read: " + e.summary() + ". " + e.advice(), e);
    }
  }

  /**
   * An unknown outcome whose log says "failed" counts as failed again: whether or not the retry was
   * made, the event was not delivered.
   */
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
   * Returns the known logs of siblings as results to pass to the client. The client uses each log
   * as evidence for one result only, so it cannot use these for an unknown result.
   */
  private List<RetryResult> logsOfSiblings(List<LedgerEntry> entries) {
    List<LedgerEntry> unknown =
        entries.stream().filter(entry -> entry.state() == DeliveryState.UNKNOWN).toList();
    if (unknown.isEmpty()) {
      return List.of();
    }
    var accountedFor = new ArrayList<RetryResult>();
    Map<Long, List<String>> siblings = ledger.logsOfSiblings(unknown);
    var named = new HashSet<String>();
    for (LedgerEntry entry : unknown) {
      for (String logId : siblings.getOrDefault(entry.id(), List.of())) {
        if (named.add(logId)) {
          accountedFor.add(
              RetryResult.accepted(entry.delivery(), logId, entry.toResult().requestedAt()));
        }
      }
    }
    return accountedFor;
  }
}
