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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads what became of one account's retries, and stops the sending when it is bad. */
final class Verifier {
  /** All that is usually out: a list is read once for all that is looked for in it. */
  private static final int BATCH = SendWindow.USUAL_MOST;

  private static final int MOST_FAILED_READS = 3;

  /** Outcomes are read at least this often, however long sending goes on. */
  private static final Duration READ_EVERY = Duration.ofSeconds(1);

  /** What the provider took is not in the way of the rest: its new log is known. */
  private static final Duration SHORT_PATIENCE = Duration.ofMinutes(2);

  private static final Duration FIRST_POLL = Duration.ofMillis(100);
  private static final Duration MOST_POLL = Duration.ofSeconds(10);

  private static final Comparator<LedgerEntry> SENT_FIRST =
      Comparator.comparing(LedgerEntry::requestedAt, nullsFirst(naturalOrder()))
          .thenComparing(
              entry -> entry.delivery().latest().createdAt(), nullsFirst(naturalOrder()));

  private final RecoveryRun run;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final Account account;
  private final AccountState state;
  private final SendWindow window;
  private final ProviderPace pace;
  private final OutcomeWindow latest;
  private final Set<Long> leftovers = new HashSet<>();
  private final Set<Long> canary = new HashSet<>();
  private int failedReads;
  private boolean canaryLives;

  /** How many had been sent when a reading left none of them open; negative while some are. */
  private long settledUpTo = -1;

  Verifier(
      RecoveryRun run,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      SendWindow window,
      ProviderPace pace) {
    this.run = run;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.client = client;
    this.account = Account.of(client);
    this.state = state;
    this.window = window;
    this.pace = pace;
    this.latest = new OutcomeWindow(settings.stopRule());
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

  /** What became of the first few. */
  enum Canary {
    /** At least one of them was delivered. */
    DELIVERED,
    /** None was, and none is open. */
    FAILED,
    /** None was so far. */
    OPEN
  }

  /** Reads the outcomes of the first few, given by their entries' ids. */
  Canary verifyCanary(Set<Long> sent, Duration timeout) {
    canary.addAll(sent);
    // Once one was delivered, a lost answer, which takes long to settle, holds up nothing.
    boolean allSettled =
        verify(
            entry ->
                sent.contains(entry.id())
                    && !(canaryLives && entry.state() == DeliveryState.UNKNOWN),
            () -> true,
            timeout);
    return canaryLives ? Canary.DELIVERED : allSettled ? Canary.FAILED : Canary.OPEN;
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
    Duration poll = FIRST_POLL;
    long end = 0;
    boolean ending = false;
    while (awaitTimeToRead(allSent)) {
      boolean last = allSent.getAsBoolean();
      if (last && !ending) {
        ending = true;
        end = time.nanoTime() + timeout.toNanos();
      }
      long sent = state.sent();
      Pass pass = readOutcomes(awaited);
      settledUpTo = pass.open() == 0 ? sent : -1;
      if (ending && pass.awaited() == 0) {
        return true;
      }
      if (ending && time.nanoTime() - end >= 0) {
        return false;
      }
      if (pass.settled() > 0) {
        poll = FIRST_POLL;
      } else if (pass.open() > 0) {
        run.pause(poll);
        poll = min(poll.multipliedBy(2), MOST_POLL);
      }
    }
    return false;
  }

  /**
   * While more is being sent, new logs keep lying on top of those that are looked for: outcomes are
   * read when the sender waits for them. False if the run ends.
   */
  private boolean awaitTimeToRead(BooleanSupplier allSent) {
    run.await(
        state,
        READ_EVERY,
        () -> allSent.getAsBoolean() || (state.waitsForOutcomes() && state.sent() != settledUpTo));
    return pace.awaitRest();
  }

  /** One reading: how many are still open, how many of them are awaited, how many were settled. */
  private record Pass(long open, long awaited, long settled) {}

  private Pass readOutcomes(Predicate<LedgerEntry> isAwaited) {
    long open = 0;
    long awaited = 0;
    long settled = 0;
    long after = 0;
    int read = BATCH;
    while (read == BATCH && !run.isStopping()) {
      List<LedgerEntry> entries = ledger.unsettled(run.id(), account, after, BATCH);
      read = entries.size();
      if (entries.isEmpty()) {
        break;
      }
      after = entries.get(read - 1).id();
      List<LedgerEntry> stillOpen = settle(entries);
      open += stillOpen.size();
      awaited += stillOpen.stream().filter(isAwaited).count();
      settled += read - stillOpen.size();
    }
    return new Pass(open, awaited, settled);
  }

  /** Reads and records outcomes; those of the entries that are still open. */
  private List<LedgerEntry> settle(List<LedgerEntry> entries) {
    List<RetryResult> results = resultsAmongSiblings(entries);
    List<RetryOutcome> outcomes;
    try {
      outcomes =
          run.read(() -> client.outcomes(results)).subList(0, entries.size()).stream()
              .map(Verifier::decided)
              .toList();
      failedReads = 0;
      pace.eased();
    } catch (RedriveException e) {
      heed(e);
      return entries;
    }
    ledger.settle(run.id(), entries, outcomes, time.now());
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
        continue;
      }
      state.settled(outcome, entry.state() == DeliveryState.UNKNOWN);
      // What an earlier run sent tells nothing of the endpoint as it is now. What is settled as not
      // sent is sent by this run, and then counts like all else.
      if (leftovers.remove(entry.id())) {
        continue;
      }
      ours++;
      if (outcome == RetryOutcome.Status.DELIVERED) {
        delivered++;
        telling.add(i);
        canaryLives |= canary.contains(entry.id());
      } else if (outcome == RetryOutcome.Status.FAILED_AGAIN) {
        failedAgain++;
        telling.add(i);
      }
    }
    if (delivered > 0 && failedAgain > 0) {
      // What was sent last tells best how the endpoint is now. Where all fared alike, any will do.
      telling.sort(Comparator.comparing(entries::get, SENT_FIRST));
    }
    telling.forEach(i -> latest.add(outcomes.get(i).status() == RetryOutcome.Status.FAILED_AGAIN));
    window.settled(ours, delivered, failedAgain);
    if (state.isSending() && latest.isBad()) {
      state.stop(
          latest.describe()
              + ": the endpoint is broken, or broke down under the load. Fix it and run again",
          null);
    }
    state.changed();
    run.progress();
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
