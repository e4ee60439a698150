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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks what became of retries, records it, and judges the endpoint by it. */
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
  private int failedReads;

  /** Webhooks that one of the first few was delivered to. */
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

  /** When what is open is worth asking for. */
  Agenda agenda() {
    return agenda;
  }

  /** A run that died sent it: its outcome tells nothing of the endpoint as it is now. */
  void addLeftover(LedgerEntry entry) {
    leftovers.add(entry.id());
  }

  /** It is one of the first few of its webhook. */
  void addFirst(LedgerEntry entry) {
    canary.add(entry.id());
  }

  boolean isFirst(LedgerEntry entry) {
    return canary.contains(entry.id());
  }

  /** Whether one of the first few of a webhook was delivered. */
  boolean deliveredTo(String webhook) {
    return deliveredTo.contains(webhook);
  }

  /** Reads and records outcomes as they come in; those of the entries that are still open. */
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
    // Not before: new logs push those that are looked for to further pages.
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

  /** Takes note of an outcome; whether it tells how the endpoint is now. */
  private boolean tellsOfTheEndpoint(
      LedgerEntry entry, RetryOutcome outcome, Instant now, Reading reading) {
    RetryOutcome.Status status = outcome.status();
    if (status == RetryOutcome.Status.PENDING) {
      reading.isOpen(entry);
      agenda.isStillOpen(entry, now);
      return false;
    }
    boolean isDelivered = status == RetryOutcome.Status.DELIVERED;
    agenda.isSettled(entry, isDelivered, now);
    state.settled(status, entry.state() == DeliveryState.UNKNOWN);
    if (status != RetryOutcome.Status.NOT_SENT) {
      listener.onOutcome(entry.settled(outcome, now));
    }
    // What an earlier run sent tells nothing of the endpoint as it is now. What is settled as not
    // sent is sent by this run, and then counts like all else.
    if (leftovers.remove(entry.id())) {
      return false;
    }
    reading.tells(status);
    if (isDelivered && canary.contains(entry.id())) {
      deliveredTo.add(entry.webhook());
    }
    boolean tells = isDelivered || status == RetryOutcome.Status.FAILED_AGAIN;
    if (tells) {
      judge.hears(entry, !isDelivered);
    }
    return tells;
  }

  private void heed(RedriveException e) {
    if (run.isStopping() || (e instanceof RateLimitedException limited && pace.heed(limited))) {
      return;
    }
    if (e instanceof AuthenticationException || ++failedReads >= MOST_FAILED_READS) {
      state.stop("outcomes cannot be read: " + e.summary() + ". " + e.advice(), e);
    }
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
   * Logs of siblings that are accounted for, as results of theirs: a client takes a log as evidence
   * for one result only, so that they prove nothing for an unknown one.
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
