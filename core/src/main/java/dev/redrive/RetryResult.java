package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of one retry request: what the provider said. It never means that the event was
 * delivered; for that, call {@link WebhookRetryClient#outcomes(java.util.List)}.
 *
 * @param delivery what was to be retried; as the provider shows it, if it was given by its
 *     {@linkplain FailedDelivery#of(DeliveryKey, String) id alone}
 * @param status the result
 * @param newLogId the provider's id of the new attempt's log; null if the provider gave none
 * @param reason why it is not {@link Status#ACCEPTED}, as text for people; null if it is
 * @param error why the request failed; null if the provider responded for this delivery. A {@link
 *     RateLimitedException} or {@link AuthenticationException} affects every later request, too
 * @param requestedAt when the request ended, or may have ended, by the client's clock. It is only
 *     used to measure how long ago that was
 * @param startedAt the earliest that the request began, by the same clock; null means one request
 *     timeout before {@code requestedAt}. Earlier attempts are not evidence for this request
 * @param attempt the new attempt's log, as the response showed it; null if the response showed
 *     none. If it is final, {@link WebhookRetryClient#outcomes(java.util.List)} reads nothing more
 */
public record RetryResult(
    FailedDelivery delivery,
    Status status,
    @Nullable String newLogId,
    @Nullable String reason,
    @Nullable RedriveException error,
    Instant requestedAt,
    @Nullable Instant startedAt,
    @Nullable WebhookLog attempt) {

  /** The result of a retry request. */
  public enum Status {
    /** The provider queued or made an attempt. It may not be delivered yet. */
    ACCEPTED,
    /** The provider refused this delivery, for example because it is unknown or has not failed. */
    REJECTED,
    /**
     * The provider certainly did nothing: the request did not reach it, or was refused unprocessed
     * (401, 403, 429).
     */
    NOT_SENT,
    /** The provider may have made an attempt. Only its logs can tell. */
    UNKNOWN
  }

  public RetryResult {
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(requestedAt, "requestedAt");
  }

  /** A result without {@code startedAt} and {@code attempt}. */
  public RetryResult(
      FailedDelivery delivery,
      Status status,
      @Nullable String newLogId,
      @Nullable String reason,
      @Nullable RedriveException error,
      Instant requestedAt) {
    this(delivery, status, newLogId, reason, error, requestedAt, null, null);
  }

  /**
   * Returns an {@link Status#ACCEPTED} result.
   *
   * @param newLogId the id of the new attempt's log; null if the provider gave none
   */
  public static RetryResult accepted(
      FailedDelivery delivery, @Nullable String newLogId, Instant requestedAt) {
    return new RetryResult(delivery, Status.ACCEPTED, newLogId, null, null, requestedAt);
  }

  /** Returns a {@link Status#REJECTED} result. */
  public static RetryResult rejected(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.REJECTED, null, reason, null, requestedAt);
  }

  /** Returns a {@link Status#NOT_SENT} result. */
  public static RetryResult notSent(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.NOT_SENT, null, reason, null, requestedAt);
  }

  /** Returns an {@link Status#UNKNOWN} result. */
  public static RetryResult unknown(FailedDelivery delivery, String reason, Instant requestedAt) {
    return new RetryResult(delivery, Status.UNKNOWN, null, reason, null, requestedAt);
  }

  /** Key, status and reason, cleaned: safe to log. */
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

  /** Returns a copy with the earliest time that the request began. */
  public RetryResult startedAt(Instant startedAt) {
    return new RetryResult(
        delivery, status, newLogId, reason, error, requestedAt, startedAt, attempt);
  }

  /**
   * Returns a copy with the new attempt's log, as the response showed it. {@code newLogId} becomes
   * the id of that log.
   */
  public RetryResult showing(WebhookLog attempt) {
    return new RetryResult(
        delivery, status, attempt.logId(), reason, error, requestedAt, startedAt, attempt);
  }

  /** Returns a copy with the error that explains it. */
  public RetryResult because(RedriveException error) {
    return new RetryResult(
        delivery, status, newLogId, reason, error, requestedAt, startedAt, attempt);
  }

  /** Returns the key of the delivery. */
  public DeliveryKey key() {
    return delivery.key();
  }

  /**
   * Whether it can be sent again without a risk of delivering the event twice: true for {@link
   * Status#NOT_SENT} only. The event of a rejected delivery may be delivered by another attempt.
   */
  public boolean mayBeSentAgain() {
    return status == Status.NOT_SENT;
  }

  /**
   * Whether the outcome is still open, so that {@link WebhookRetryClient#outcomes(java.util.List)}
   * has to read it.
   */
  public boolean needsOutcome() {
    return status == Status.ACCEPTED || status == Status.UNKNOWN;
  }
}
