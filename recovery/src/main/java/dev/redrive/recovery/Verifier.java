package dev.redrive.recovery;

import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryStatus;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what became of one account's retries, and stops the sending when it is bad. */
final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  /** All that is usually out: a list is read once for all that is looked for in it. */
  private static final int BATCH = SendWindow.USUAL_MOST;

  private static final int MOST_FAILED_READS = 3;

  /** Outcomes are read at least this often, however long sending goes on. */
  private static final Duration READ_EVERY = Duration.ofSeconds(1);

  /** What the provider took is not in the way of the rest: its new log is known. */
  private static final Duration SHORT_PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofDays(365);
  private static final Instant NEVER = Instant.MAX;

  private static final Comparator<LedgerEntry> SENT_FIRST =
      Comparator.comparing(LedgerEntry::requestedAt, nullsFirst(naturalOrder()))
          .thenComparing(
              entry -> entry.delivery().latest().createdAt(), nullsFirst(naturalOrder()));

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

  private final Set<Long> leftovers = new HashSet<>();
  private final Set<Long> canary = new HashSet<>();
  private final Agenda agenda;
  private int failedReads;

  /** Webhooks that one of the first few was delivered to. */
  private final Set<String> deliveredTo = new HashSet<>();

  /** When what was open at the last reading is worth asking for; never if nothing was. */
  private Instant nextDue;

  private Instant readAt;

  /** How many had been sent at the last reading. */
  private long sentBefore;

  Verifier(
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
    this.readAt = time.now();
    this.nextDue = readAt;
  }

  /**
   * Reads what became of the retries that a dead run left open.
   *
   * @return false if some are still open whose new logs could be taken for new failures
   */
  boolean settleLeftovers(Duration timeout) {
    open().forEach(entry -> leftovers.add(entry.id()));
    state.leftUnknown(undecided().count());
    long patientUntil = time.nanoTime() + SHORT_PATIENCE.toNanos();
    verify(
        entry -> entry.state() == DeliveryState.UNKNOWN || time.nanoTime() - patientUntil < 0,
        () -> true,
        timeout);
    return undecided().allMatch(LedgerEntry::lineageIsTold);
  }

  private Stream<LedgerEntry> undecided() {
    return open().filter(entry -> entry.state() == DeliveryState.UNKNOWN);
  }

  /** What may have been sent and is still worth asking for, page by page. */
  private Stream<LedgerEntry> open() {
    return Stream.iterate(
            ledger.unsettled(run.id(), account, 0, BATCH),
            page -> !page.isEmpty(),
            page -> ledger.unsettled(run.id(), account, page.get(page.size() - 1).id(), BATCH))
        .flatMap(List::stream);
  }

  /** What the first few of each webhook tell. */
  enum Canary {
    /** At least one of them was delivered. */
    DELIVERED,
    /** None was, and none is open. */
    FAILED,
    /** None was so far. */
    OPEN
  }

  /** Reads what became of the first few of each webhook. */
  Map<String, Canary> verifyCanary(List<LedgerEntry> sent, Duration timeout) {
    sent.forEach(entry -> canary.add(entry.id()));
    // Once one was delivered, a lost answer, which takes long to settle, holds up nothing.
    boolean unused =
        verify(
            entry ->
                canary.contains(entry.id())
                    && !(deliveredTo.contains(entry.webhook())
                        && entry.state() == DeliveryState.UNKNOWN),
            () -> true,
            timeout);
    Set<String> open =
        open()
            .filter(entry -> canary.contains(entry.id()))
            .map(LedgerEntry::webhook)
            .collect(Collectors.toSet());
    Map<String, Canary> told = new LinkedHashMap<>();
    for (LedgerEntry entry : sent) {
      String webhook = entry.webhook();
      told.put(
          webhook,
          deliveredTo.contains(webhook)
              ? Canary.DELIVERED
              : open.contains(webhook) ? Canary.OPEN : Canary.FAILED);
    }
    return told;
  }

  /** Reads outcomes beside the sending, and for a while behind it. */
  void verifyAll(Duration timeout) {
    verify(entry -> true, state::hasEnded, timeout);
  }

  /**
   * Reads until all has been sent and nothing that is awaited is open, or the time for it is over.
   *
   * @return whether nothing that is awaited is open
   */
  private boolean verify(
      Predicate<LedgerEntry> awaited, BooleanSupplier allSent, Duration timeout) {
    Instant end = null;
    nextDue = time.now();
    while (awaitTimeToRead(allSent, end)) {
      if (end == null && allSent.getAsBoolean()) {
        end = time.now().plus(timeout);
      }
      boolean isLast = end != null && !time.now().isBefore(end);
      long open = readOutcomes(awaited, isLast);
      if (end != null && open == 0) {
        return true;
      }
      if (isLast) {
        return false;
      }
    }
    return false;
  }

  /**
   * Waits until there can be news. While more is being sent, new logs keep lying on top of those
   * that are looked for: then outcomes are read some at a time. False if the run ends.
   */
  private boolean awaitTimeToRead(BooleanSupplier allSent, @Nullable Instant end) {
    if (nextDue.equals(NEVER)) {
      run.await(state, LONG, () -> allSent.getAsBoolean() || state.sent() != sentBefore);
    }
    run.await(state, READ_EVERY, () -> allSent.getAsBoolean() || state.waitsForOutcomes());
    Duration wait = untilNextRead(end);
    while (!wait.isZero() && run.pause(wait)) {
      wait = untilNextRead(end);
    }
    return pace.awaitRest();
  }

  private Duration untilNextRead(@Nullable Instant end) {
    Instant at = nextDue;
    if (state.sent() != sentBefore) {
      Instant ofTheNew = readAt.plus(agenda.firstAfter());
      at = ofTheNew.isBefore(at) ? ofTheNew : at;
    }
    at = end != null && end.isBefore(at) ? end : at;
    Instant now = time.now();
    return at.equals(NEVER) || !at.isAfter(now)
        ? Duration.ZERO
        : min(Duration.between(now, at), LOOK);
  }

  /** Reads once what is due; how many of those awaited are still open. */
  private long readOutcomes(Predicate<LedgerEntry> isAwaited, boolean isLast) {
    sentBefore = state.sent();
    readAt = time.now();
    Instant due = NEVER;
    long awaited = 0;
    long after = 0;
    int read = BATCH;
    while (read == BATCH && !run.isStopping()) {
      List<LedgerEntry> entries = ledger.unsettled(run.id(), account, after, BATCH);
      read = entries.size();
      if (entries.isEmpty()) {
        break;
      }
      after = entries.get(read - 1).id();
      Instant now = time.now();
      List<LedgerEntry> open =
          new ArrayList<>(entries.stream().filter(e -> !isLast && !agenda.isDue(e, now)).toList());
      List<LedgerEntry> asked =
          entries.stream().filter(e -> isLast || agenda.isDue(e, now)).toList();
      if (!asked.isEmpty()) {
        open.addAll(settle(asked));
      }
      awaited += open.stream().filter(isAwaited).count();
      Instant first = agenda.firstOf(open);
      due = first.isBefore(due) ? first : due;
    }
    nextDue = due;
    return awaited;
  }

  /** Reads and records outcomes; those of the entries that are still open. */
  private List<LedgerEntry> settle(List<LedgerEntry> entries) {
    List<RetryResult> results = resultsAmongSiblings(entries);
    List<RetryOutcome> outcomes;
    long begun = time.nanoTime();
    try {
      outcomes =
          run.read(() -> client.outcomes(results)).subList(0, entries.size()).stream()
              .map(Verifier::decided)
              .toList();
      failedReads = 0;
      pace.eased();
    } catch (RedriveException e) {
      LOG.debug("run={} account={} reading failed: {}", run.id(), account, e.summary());
      heed(e);
      entries.forEach(entry -> agenda.isStillOpen(entry, time.now()));
      return entries;
    }
    Instant now = time.now();
    ledger.settle(run.id(), entries, outcomes, now);
    var open = new ArrayList<LedgerEntry>();
    long delivered = 0;
    long failedAgain = 0;
    long ours = 0;
    var telling = new ArrayList<Integer>();
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      RetryOutcome.Status outcome = outcomes.get(i).status();
      if (outcome == RetryOutcome.Status.PENDING) {
        open.add(entry);
        agenda.isStillOpen(entry, time.now());
        continue;
      }
      agenda.isSettled(entry, outcome == RetryOutcome.Status.DELIVERED, time.now());
      state.settled(outcome, entry.state() == DeliveryState.UNKNOWN);
      if (outcome != RetryOutcome.Status.NOT_SENT) {
        listener.onOutcome(entry.settled(outcomes.get(i), now));
      }
      // What an earlier run sent tells nothing of the endpoint as it is now. What is settled as not
      // sent is sent by this run, and then counts like all else.
      if (leftovers.remove(entry.id())) {
        continue;
      }
      ours++;
      if (outcome == RetryOutcome.Status.DELIVERED) {
        delivered++;
        telling.add(i);
        if (canary.contains(entry.id())) {
          deliveredTo.add(entry.webhook());
        }
      } else if (outcome == RetryOutcome.Status.FAILED_AGAIN) {
        failedAgain++;
        telling.add(i);
      }
    }
    if (delivered > 0 && failedAgain > 0) {
      // What was sent last tells best how the endpoint is now. Where all fared alike, any will do.
      telling.sort(Comparator.comparing(entries::get, SENT_FIRST));
    }
    for (int i : telling) {
      judge.hears(
          entries.get(i).webhook(), outcomes.get(i).status() == RetryOutcome.Status.FAILED_AGAIN);
    }
    telling.stream().map(i -> entries.get(i).webhook()).distinct().forEach(judge::decide);
    LOG.debug(
        "run={} account={} reading: {} asked, {} settled, {} open, in {} ms",
        run.id(),
        account,
        entries.size(),
        entries.size() - open.size(),
        open.size(),
        (time.nanoTime() - begun) / 1_000_000);
    // Only then is there room for more.
    window.settled(ours, delivered, failedAgain);
    state.changed();
    progress.report();
    return open;
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
   * The results to settle, and behind them the logs of siblings that are accounted for: a client
   * takes a log as evidence for one result only, so that they prove nothing for an unknown one.
   */
  private List<RetryResult> resultsAmongSiblings(List<LedgerEntry> entries) {
    var results = new ArrayList<RetryResult>(entries.size());
    entries.forEach(entry -> results.add(entry.toResult()));
    List<LedgerEntry> unknown =
        entries.stream().filter(entry -> entry.state() == DeliveryState.UNKNOWN).toList();
    if (!unknown.isEmpty()) {
      Map<Long, List<String>> siblings = ledger.logsOfSiblings(unknown);
      var named = new HashSet<String>();
      for (LedgerEntry entry : unknown) {
        for (String logId : siblings.getOrDefault(entry.id(), List.of())) {
          if (named.add(logId)) {
            results.add(
                RetryResult.accepted(entry.delivery(), logId, entry.toResult().requestedAt()));
          }
        }
      }
    }
    return results;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
