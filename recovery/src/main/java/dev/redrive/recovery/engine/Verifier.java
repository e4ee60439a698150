package dev.redrive.recovery.engine;

import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of one account's retries until they are settled. */
final class Verifier {
  /** As many as are usually out, so that a provider's list is read once for all of them. */
  private static final int BATCH = SendWindow.USUAL_MOST;

  /** How often outcomes are read while sending goes on, at least. */
  private static final Duration READ_EVERY = Duration.ofSeconds(1);

  /** How long to wait for accepted leftovers. Their new logs are known, so they block nothing. */
  private static final Duration SHORT_PATIENCE = Duration.ofMinutes(2);

  /** How long to wait for a retry that failed and that the provider repeats by itself. */
  private static final Duration OF_REPEATS = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofDays(365);
  private static final Instant NEVER = Instant.MAX;

  private final RunControl run;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final Account account;
  private final AccountState state;
  private final ProviderPace pace;
  private final SendWindow window;

  private final OutcomeReader reader;
  private final Agenda agenda;

  /** When the entries that the last read left open are due; {@link #NEVER} if there were none. */
  private Instant nextDue;

  private Instant readAt;

  /** How many deliveries had been sent at the last read. */
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
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.account = Account.of(client);
    this.state = state;
    this.pace = pace;
    this.window = window;
    this.reader =
        new OutcomeReader(run, listener, progress, settings, client, state, webhooks, window, pace);
    this.agenda = reader.agenda();
    this.readAt = time.now();
    this.nextDue = readAt;
  }

  /**
   * Reads the outcomes of retries that dead runs left open.
   *
   * @return false if some are still open whose new logs could be taken for new failures
   */
  boolean settleLeftovers(Duration timeout) {
    open().forEach(reader::addLeftover);
    state.leftUnknown(undecided().count());
    long patientUntil = time.nanoTime() + SHORT_PATIENCE.toNanos();
    verify(
        entry ->
            isLikeANewFailure(entry)
                || (!reader.failsFor(entry, Duration.ZERO)
                    && (entry.state() == DeliveryState.UNKNOWN
                        || time.nanoTime() - patientUntil < 0)),
        () -> true,
        timeout);
    return open().noneMatch(Verifier::isLikeANewFailure);
  }

  /** Whether a new log of a retry could be taken for a new failure. */
  private static boolean isLikeANewFailure(LedgerEntry entry) {
    return entry.state() == DeliveryState.UNKNOWN && entry.subject() != null;
  }

  private Stream<LedgerEntry> undecided() {
    return open().filter(entry -> entry.state() == DeliveryState.UNKNOWN);
  }

  /** Returns the entries that are not settled yet, read page by page. */
  private Stream<LedgerEntry> open() {
    return Stream.iterate(
            ledger.unsettled(run.id(), account, 0, BATCH),
            page -> !page.isEmpty(),
            page -> ledger.unsettled(run.id(), account, page.get(page.size() - 1).id(), BATCH))
        .flatMap(List::stream);
  }

  /** The result of the canary of a webhook. */
  enum Told {
    /** At least one of them was delivered. */
    DELIVERED,
    /** None was delivered, and each has failed, even if the provider repeats it. */
    FAILED,
    /** None was delivered so far, and some have not failed. */
    OPEN
  }

  /** Reads the outcomes of the canary of each webhook. */
  Map<String, Told> verifyCanary(List<LedgerEntry> sent, Duration timeout) {
    sent.forEach(reader::addFirst);
    // Once one was delivered, the canary does not wait for a lost response, which may take long.
    boolean unused =
        verify(
            entry ->
                isOpenFirst(entry)
                    && !(reader.deliveredTo(entry.webhook())
                        && entry.state() == DeliveryState.UNKNOWN),
            () -> true,
            timeout);
    Set<String> open =
        open().filter(this::isOpenFirst).map(LedgerEntry::webhook).collect(Collectors.toSet());
    Map<String, Told> told = new LinkedHashMap<>();
    for (LedgerEntry entry : sent) {
      String webhook = entry.webhook();
      told.put(
          webhook,
          reader.deliveredTo(webhook)
              ? Told.DELIVERED
              : open.contains(webhook) ? Told.OPEN : Told.FAILED);
    }
    return told;
  }

  private boolean isOpenFirst(LedgerEntry entry) {
    return reader.isFirst(entry) && !reader.failsFor(entry, Duration.ZERO);
  }

  /** Reads outcomes while deliveries are sent, and for some time afterwards. */
  void verifyAll(Duration timeout) {
    verify(
        entry -> !reader.failsFor(entry, state.isOpen() ? OF_REPEATS : Duration.ZERO),
        state::hasEnded,
        timeout);
  }

  /**
   * Reads until everything is sent and no awaited entry is open, or until the timeout.
   *
   * @return whether no awaited entry is open
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
   * Waits until a read may tell something new. While more is being sent, new logs keep pushing down
   * those that are looked for, so outcomes are read many at a time. Returns false if the run ends.
   */
  private boolean awaitTimeToRead(BooleanSupplier allSent, @Nullable Instant end) {
    if (nextDue.equals(NEVER)) {
      // If others have taken over what the sender waits for, a further read corrects the counts.
      run.await(
          state,
          LONG,
          () ->
              allSent.getAsBoolean()
                  || state.sent() != sentBefore
                  || (state.waitsForOutcomes() && (state.mayQueueMore() || window.isAnyOut())));
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

  /** Reads once what is due. Returns how many awaited entries are still open. */
  private long readOutcomes(Predicate<LedgerEntry> isAwaited, boolean isLast) {
    long goneOut = window.sentSoFar();
    sentBefore = state.sent();
    readAt = time.now();
    Instant due = NEVER;
    long awaited = 0;
    long stillOpen = 0;
    long stillUnknown = 0;
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
        open.addAll(reader.settle(asked));
      }
      awaited += open.stream().filter(isAwaited).count();
      stillOpen += open.size();
      stillUnknown += open.stream().filter(e -> e.state() == DeliveryState.UNKNOWN).count();
      Instant first = agenda.firstOf(open);
      due = first.isBefore(due) ? first : due;
    }
    nextDue = due;
    if (!run.isStopping() && state.openAre(stillUnknown, sentBefore)) {
      window.outAre(stillOpen, goneOut);
      state.changed();
    }
    return awaited;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
