package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one retry request. It tells what the provider said, never that the event was
 * delivered: for that, ask {@link WebhookRetryClient#outcomes(java.util.List)}.
 *
 * @param delivery what was to be retried; as the provider shows it, if it was given by its
 *     {@linkplain FailedDelivery#of(DeliveryKey, String) id alone}
 * @param status what came of the request
 * @param newLogId the new attempt's log at the provider; null if none was named
 * @param reason why it is not {@link Status#ACCEPTED}, in words for people; null if it is
 * @param error the failure of the request, null if the provider answered for this delivery. {@link
 *     RateLimitedException} and {@link AuthenticationException} concern every later request too
 * @param requestedAt when the request ended, or may have ended, by the client's clock: only ever
 *     compared with that clock, to tell how long ago it was
 * @param startedAt when it began at the earliest, by the same clock; null for a request timeout
 *     before {@code requestedAt}. What was there before is not taken for its new attempt
 */
public record RetryResult(
    FailedDelivery delivery,
    Status status,
    @Nullable String newLogId,
    @Nullable String reason,
    @Nullable RedriveException error,
    Instant requestedAt,
    @Nullable Instant startedAt) {

  /** What came of a retry request. */
  public enum Status {
    /** The provider queued or made an attempt: not yet a delivery. */
    ACCEPTED,
    /** The provider said no to this delivery: unknown, not failed, wrong state. */
    REJECTED,
    /**
     * The provider certainly did no work: it never got the request, or refused it unread (401, 403,
     * 429).
     */
    NOT_SENT,
    /** The provider may have done it: only reading the logs tells. */
    UNKNOWN
  }

  public RetryResult {
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(requestedAt, "requestedAt");
  }

  /** A result of a request that began no more than a request timeout before it ended. */
  public RetryResult(
      FailedDelivery delivery,
      Status status,
      @Nullable String newLogId,
      @Nullable String reason,
      @Nullable RedriveException error,
      Instant requestedAt) {
    this(delivery, status, newLogId, reason, error, requestedAt, null);
  }

  public static RetryResult accepted(
      FailedDelivery delivery, @Nullable String newLogId, Instant requestedAt) {
    return new RetryResult(delivery, Status.ACCEPTED, newLogId, null, null, requestedAt, null);
  }

  public static RetryResult rejected(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.REJECTED, null, reason, null, requestedAt, null);
  }

  public static RetryResult notSent(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.NOT_SENT, null, reason, null, requestedAt, null);
  }

  public static RetryResult unknown(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.UNKNOWN, null, reason, null, requestedAt, null);
  }

  /** Key, status and reason; nothing uncleaned reaches a log line. */
  @Override
  public String toString() {
    return "RetryResult["
        + ProviderText.clean(key().toString())
        + ", "
        + status
        + (newLogId == null ? "" : ", log " + ProviderText.clean(newLogId))
        + (reason == null ? "" : ", " + ProviderText.clean(reason))
        + "]";
  }

  /** This result of a request that began at {@code startedAt} at the earliest. */
  public RetryResult startedAt(Instant startedAt) {
    return new RetryResult(delivery, status, newLogId, reason, error, requestedAt, startedAt);
  }

  /** This result with the failure that explains it. */
  public RetryResult because(RedriveException error) {
    return new RetryResult(delivery, status, newLogId, reason, error, requestedAt, startedAt);
  }

  public DeliveryKey key() {
    return delivery.key();
  }

  /**
   * Whether sending it again cannot deliver the event twice: true for {@link Status#NOT_SENT} only.
   * A rejected delivery may be one whose event another attempt delivers.
   */
  public boolean mayBeSentAgain() {
    return status == Status.NOT_SENT;
  }

  /**
   * Whether only {@link WebhookRetryClient#outcomes(java.util.List)} can tell what became of it.
   */
  public boolean needsOutcome() {
    return status == Status.ACCEPTED || status == Status.UNKNOWN;
  }
}
