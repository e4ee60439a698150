package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.RetryLedger.Admission;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One delivery in the ledger. Holds no payload, response or signature.
 *
 * @param id the ledger's own number, in the order of arrival
 * @param account the account that it was listed for
 * @param key the delivery as it was first found
 * @param first why it failed when it was first found
 * @param delivery its latest failed attempt: what a retry names. Without response, error text or
 *     JSON
 * @param state where it stands
 * @param sends retry requests that were claimed for it, in all rounds
 * @param newLogId the log of the latest retry; null if none was named
 * @param reason why it stands there, for people; null if the state says it all
 * @param requestedAt when the latest retry was claimed or its request ended; null if none was
 * @param lostAt when another run found the claim of one that had died, which may have sent its
 *     request until then; null if none did
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
  /** The reason of a claim that its run left behind. */
  public static final String LOST = "the run that sent it ended before it recorded the answer";

  /** The reason of what a person said to be delivered. */
  public static final String BY_HAND = "resolved by hand";

  public LedgerEntry {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(state, "state");
  }

  /**
   * What it shares with its siblings (see {@link RetryLedger#claim}); null if it has none: the
   * provider tells which other logs are attempts of the same event. Where it does not, a retry's
   * log can be listed as a delivery of its own.
   */
  public @Nullable String subject() {
    return subject(delivery);
  }

  /** The same of a delivery that may not be in the ledger. */
  public static @Nullable String subject(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return log.lineage().equals(log.logId()) ? log.webhookId() + "\n" + log.eventId() : null;
  }

  /** Its webhook's id; {@code ""} if that is not known. */
  public String webhook() {
    return Objects.requireNonNullElse(delivery.latest().webhookId(), "");
  }

  /**
   * The retry as the client reported it, to ask for its outcome.
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

  /** A delivery that a ledger did not know. */
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

  /** Whether it was claimed, and what came of that is open. */
  public boolean isUnderWay() {
    return state == DeliveryState.SENDING || isWorthAsking();
  }

  /** Whether reading may still tell what became of it. */
  public boolean isWorthAsking() {
    return state.isUnsettled() && settledAt == null;
  }

  /**
   * What comes of giving it to a run that does not have it yet.
   *
   * @param isApproved whether an approved run was to send it. One that was sent before and waits
   *     only for runs that were never approved failed again or was rejected in an earlier one
   */
  public Admission admission(Round round, boolean isApproved) {
    return switch (state) {
      case FOUND ->
          sends > 0 && !isApproved && round == Round.FIRST
              ? Admission.FAILED_AGAIN_EARLIER
              : Admission.ADMITTED;
      case FAILED_AGAIN ->
          round == Round.ANOTHER ? Admission.ADMITTED : Admission.FAILED_AGAIN_EARLIER;
      case REJECTED -> round == Round.ANOTHER ? Admission.ADMITTED : Admission.REJECTED_EARLIER;
      case DELIVERED -> Admission.ALREADY_DELIVERED;
      case SENDING, ACCEPTED -> Admission.UNDER_WAY;
      case UNKNOWN -> isWorthAsking() ? Admission.UNDER_WAY : Admission.UNKNOWN_EARLIER;
    };
  }

  /**
   * What an admission means for a log that has become known as an attempt that a retry made: how
   * its delivery ended, unless that is delivered, or counted in this run.
   */
  public static Admission ofRetryLog(Admission admission) {
    return switch (admission) {
      case ALREADY_DELIVERED, IN_THIS_RUN, EARLIER_ATTEMPT -> Admission.PART_OF_LINEAGE;
      default -> admission;
    };
  }

  /** It, listed for another account. */
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

  /** It, waiting to be sent. */
  public LedgerEntry queued() {
    return with(DeliveryState.FOUND, newLogId, null, requestedAt, null);
  }

  /** It, delivered as a person knows. */
  public LedgerEntry deliveredByHand(Instant now) {
    return with(DeliveryState.DELIVERED, newLogId, BY_HAND, requestedAt, now);
  }

  /** It with the attempt to retry: a newer one that was listed, as long as it waits. */
  public LedgerEntry withNewest(FailedDelivery found) {
    return state == DeliveryState.FOUND && Kept.isNewer(found.latest(), delivery.latest())
        ? with(Kept.of(found))
        : this;
  }

  /** It, claimed to be sent. */
  public LedgerEntry claimed(Instant now) {
    return with(delivery, DeliveryState.SENDING, sends + 1, null, null, now, null, null);
  }

  /** It, after the run that claimed it died. */
  public LedgerEntry lost(Instant now) {
    return with(delivery, DeliveryState.UNKNOWN, sends, newLogId, LOST, requestedAt, now, null);
  }

  /** It after the request that it was claimed for. */
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

  /** It after what a reading told. */
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

  /** Where neither attempt has a status, the provider tells none: the cause stays. */
  private FailureCause cause(WebhookLog log) {
    return log.httpStatus() == null && delivery.latest().httpStatus() == null
        ? delivery.cause()
        : FailureCause.ofHttpStatus(log.httpStatus());
  }

  private static @Nullable String shortened(@Nullable String reason) {
    return reason == null ? null : ProviderText.clean(reason);
  }
}
