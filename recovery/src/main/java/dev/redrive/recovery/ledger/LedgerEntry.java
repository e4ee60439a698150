package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One delivery in the ledger. Contains no payload, response or signature.
 *
 * @param id the ledger's own number, in the order of arrival
 * @param account the account for which it was last listed
 * @param key the delivery as it was first found
 * @param first why it failed when it was first found
 * @param delivery its latest failed attempt, which is the one to retry. Without response, error
 *     text or JSON
 * @param state its state
 * @param sends how many retry requests were claimed for it, in all rounds
 * @param newLogId the id of the latest retry's log; null if it is not known
 * @param reason the reason for the state, as text for people; null if the state says it all
 * @param requestedAt when the latest retry was claimed or its request ended; null if there was none
 * @param lostAt when another run took up the claim of a dead run, whose request may have been sent
 *     until then; null if none did
 * @param settledAt when the outcome was read; null if it is not settled
 */
public record LedgerEntry(
    long id,
    Account account,
    DeliveryKey key,
    FirstFailure first,
    FailedDelivery delivery,
    DeliveryState state,
    int sends,
    @Nullable String newLogId,
    @Nullable String reason,
    @Nullable Instant requestedAt,
    @Nullable Instant lostAt,
    @Nullable Instant settledAt) {
  /** The reason for a claim that a dead run left behind. */
  public static final String LOST = "the run that sent it ended before it recorded the response";

  /** The reason for a delivery that a person marked as delivered. */
  public static final String BY_HAND = "resolved by hand";

  /** How long a continuous recovery waits after the first retry that failed again. */
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(10);

  /** How often a continuous recovery sends a delivery at most: for some 21 hours. */
  private static final int MOST_SENDS = 8;

  public LedgerEntry {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(state, "state");
  }

  /**
   * Returns what siblings have in common (see {@link RetryLedger#claim}). Null if there can be no
   * siblings, because the provider says which logs are attempts of the same event. If it does not
   * say, the log of a retry can be listed as a delivery of its own.
   */
  public @Nullable String subject() {
    return subject(delivery);
  }

  /** Like {@link #subject()}, for a delivery that may not be in the ledger. */
  public static @Nullable String subject(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return log.lineage().equals(log.logId()) ? log.webhookId() + "\n" + log.eventId() : null;
  }

  /** Returns the id of its webhook; {@code ""} if it is not known. */
  public String webhook() {
    return Objects.requireNonNullElse(delivery.latest().webhookId(), "");
  }

  /**
   * Returns the retry as the client reported it, to read its outcome.
   *
   * @throws IllegalStateException unless the entry {@linkplain DeliveryState#isUnsettled() is
   *     unsettled}
   */
  public RetryResult toResult() {
    if (!state.isUnsettled() || requestedAt == null) {
      throw new IllegalStateException(key + " has no retry to settle: " + state);
    }
    if (state == DeliveryState.ACCEPTED) {
      return RetryResult.accepted(delivery, newLogId, requestedAt);
    }
    String why = reason == null ? "not recorded" : reason;
    return lostAt == null
        ? RetryResult.unknown(delivery, why, requestedAt)
        : RetryResult.unknown(delivery, why, lostAt).startedAt(requestedAt);
  }

  /** Returns a new entry, for a delivery that the ledger did not know. */
  public static LedgerEntry found(long id, Account account, FailedDelivery found) {
    return new LedgerEntry(
        id,
        account,
        found.key(),
        FirstFailure.of(found),
        Kept.of(found),
        DeliveryState.FOUND,
        0,
        null,
        null,
        null,
        null,
        null);
  }

  /** Whether it was claimed and the result is still open. */
  public boolean isUnderWay() {
    return state == DeliveryState.SENDING || isWorthAsking();
  }

  /** Whether reading may still settle it. */
  public boolean isWorthAsking() {
    return state.isUnsettled() && settledAt == null;
  }

  /**
   * Returns when a continuous recovery may send it once more: some time after it failed again,
   * twice as long after each further retry. Null if it did not fail again, or was sent often
   * enough.
   */
  public @Nullable Instant dueAgainAt() {
    return state != DeliveryState.FAILED_AGAIN || settledAt == null || sends >= MOST_SENDS
        ? null
        : settledAt.plus(FIRST_PAUSE.multipliedBy(1L << Math.max(0, sends - 1)));
  }

  private boolean isDueAgain(Instant now) {
    Instant due = dueAgainAt();
    return due != null && !due.isAfter(now);
  }

  /**
   * Returns what happens if it is given to a run that does not have it yet.
   *
   * @param isApproved whether an approved run queued it. If only unapproved runs did, a delivery
   *     that was sent before counts as failed again or rejected in an earlier run
   * @param now the ledger's time
   */
  public Admission admission(Round round, boolean isApproved, Instant now) {
    return switch (state) {
      case FOUND ->
          sends > 0 && !isApproved && round != Round.ANOTHER
              ? Admission.FAILED_AGAIN_EARLIER
              : Admission.ADMITTED;
      case FAILED_AGAIN ->
          round == Round.ANOTHER || (round == Round.WHEN_DUE && isDueAgain(now))
              ? Admission.ADMITTED
              : Admission.FAILED_AGAIN_EARLIER;
      case REJECTED -> round == Round.ANOTHER ? Admission.ADMITTED : Admission.REJECTED_EARLIER;
      case DELIVERED -> Admission.ALREADY_DELIVERED;
      case SENDING, ACCEPTED -> Admission.UNDER_WAY;
      case UNKNOWN -> isWorthAsking() ? Admission.UNDER_WAY : Admission.UNKNOWN_EARLIER;
    };
  }

  /** Returns a copy that is listed for another account. */
  public LedgerEntry listedFor(Account other) {
    return other.equals(account)
        ? this
        : new LedgerEntry(
            id,
            other,
            Kept.renamed(key, other),
            first,
            Kept.renamed(delivery, other),
            state,
            sends,
            newLogId,
            reason,
            requestedAt,
            lostAt,
            settledAt);
  }

  /** Returns a copy that is waiting to be sent. */
  public LedgerEntry queued() {
    return with(DeliveryState.FOUND, newLogId, null, requestedAt, null);
  }

  /** Returns a copy that a person marked as delivered. */
  public LedgerEntry deliveredByHand(Instant now) {
    return with(DeliveryState.DELIVERED, newLogId, BY_HAND, requestedAt, now);
  }

  /** Returns a copy with a newer attempt to retry, if it is waiting and the attempt is newer. */
  public LedgerEntry withNewest(FailedDelivery found) {
    return state == DeliveryState.FOUND && Kept.isNewer(found.latest(), delivery.latest())
        ? with(Kept.of(found))
        : this;
  }

  /** Returns a copy that is claimed. */
  public LedgerEntry claimed(Instant now) {
    return with(delivery, DeliveryState.SENDING, sends + 1, null, null, now, null, null);
  }

  /** Returns a copy whose claim was lost because its run died. */
  public LedgerEntry lost(Instant now) {
    return with(delivery, DeliveryState.UNKNOWN, sends, newLogId, LOST, requestedAt, now, null);
  }

  /** Returns a copy with the result of its request. */
  public LedgerEntry recorded(RetryResult result) {
    DeliveryState next =
        switch (result.status()) {
          case ACCEPTED -> DeliveryState.ACCEPTED;
          case REJECTED -> DeliveryState.REJECTED;
          case NOT_SENT -> DeliveryState.FOUND;
          case UNKNOWN -> DeliveryState.UNKNOWN;
        };
    Instant ended = next == DeliveryState.REJECTED ? result.requestedAt() : null;
    return with(next, result.newLogId(), result.reason(), result.requestedAt(), ended);
  }

  /** Returns a copy with an outcome that was read. */
  public LedgerEntry settled(RetryOutcome outcome, Instant now) {
    WebhookLog log = outcome.log();
    String logId = log == null ? newLogId : log.logId();
    String why = outcome.reason();
    return switch (outcome.status()) {
      case PENDING -> with(state, newLogId, why, requestedAt, settledAt);
      case NOT_SENT -> with(DeliveryState.FOUND, logId, why, requestedAt, null);
      case DELIVERED -> with(DeliveryState.DELIVERED, logId, why, requestedAt, now);
      case REJECTED -> with(DeliveryState.REJECTED, logId, why, requestedAt, now);
      case UNKNOWN -> with(DeliveryState.UNKNOWN, logId, why, requestedAt, now);
      case FAILED_AGAIN ->
          with(log == null ? delivery : Kept.of(new FailedDelivery(log, cause(log))))
              .with(DeliveryState.FAILED_AGAIN, logId, why, requestedAt, now);
    };
  }

  private LedgerEntry with(FailedDelivery attempt) {
    return with(attempt, state, sends, newLogId, reason, requestedAt, lostAt, settledAt);
  }

  private LedgerEntry with(
      DeliveryState next,
      @Nullable String log,
      @Nullable String why,
      @Nullable Instant requested,
      @Nullable Instant settled) {
    return with(delivery, next, sends, log, shortened(why), requested, lostAt, settled);
  }

  private LedgerEntry with(
      FailedDelivery attempt,
      DeliveryState next,
      int claims,
      @Nullable String log,
      @Nullable String why,
      @Nullable Instant requested,
      @Nullable Instant lost,
      @Nullable Instant settled) {
    return new LedgerEntry(
        id, account, key, first, attempt, next, claims, log, why, requested, lost, settled);
  }

  /** If neither attempt has a status, the provider shows none: then the cause stays the same. */
  private FailureCause cause(WebhookLog log) {
    return log.httpStatus() == null && delivery.latest().httpStatus() == null
        ? delivery.cause()
        : FailureCause.ofHttpStatus(log.httpStatus());
  }

  private static @Nullable String shortened(@Nullable String reason) {
    return reason == null ? null : ProviderText.clean(reason);
  }
}
