package dev.redrive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a retry, read from the provider's logs.
 *
 * @param result the retry
 * @param status the outcome
 * @param log the new attempt's log; null if there is none or the provider shows none
 * @param reason the reason for the status, as text for people; null if the log says it all
 */
public record RetryOutcome(
    RetryResult result, Status status, @Nullable WebhookLog log, @Nullable String reason) {

  /** The outcome of a retry. */
  public enum Status {
    /** The endpoint returned 2xx. */
    DELIVERED,
    /** The new attempt failed. */
    FAILED_AGAIN,
    /** The new attempt is in progress, or it is too early to tell. Ask again later. */
    PENDING,
    /** The provider refused this delivery; {@link RetryResult#reason()} says why. */
    REJECTED,
    /** The provider certainly made no attempt. The retry may be sent again. */
    NOT_SENT,
    /** The logs do not tell. Asking again is unlikely to help; sending again may deliver twice. */
    UNKNOWN
  }

  public RetryOutcome {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(status, "status");
  }

  /** Returns an outcome that no log shows. */
  public static RetryOutcome of(RetryResult result, Status status, String reason) {
    return new RetryOutcome(result, status, null, reason);
  }

  /**
   * Returns the outcome that the new attempt's log shows. A failed attempt that the provider will
   * repeat by itself is {@link Status#PENDING}.
   */
  public static RetryOutcome of(RetryResult result, WebhookLog log) {
    Status status =
        switch (log.status()) {
          case SUCCEEDED -> Status.DELIVERED;
          case FAILED -> log.nextRetryAt() == null ? Status.FAILED_AGAIN : Status.PENDING;
          case PENDING -> Status.PENDING;
          case UNKNOWN -> Status.UNKNOWN;
        };
    String reason =
        log.status() == DeliveryStatus.UNKNOWN
            ? "this version does not know the provider's status: "
                + ProviderText.clean(log.providerStatus())
            : null;
    return new RetryOutcome(result, status, log, reason);
  }

  /** Returns the key of the delivery. */
  public DeliveryKey key() {
    return result.key();
  }

  /**
   * Whether it can be sent again without a risk of delivering the event twice: true for {@link
   * Status#NOT_SENT} only.
   */
  public boolean mayBeSentAgain() {
    return status == Status.NOT_SENT;
  }

  /**
   * Whether the new attempt failed and the provider will repeat it by itself: {@link
   * Status#PENDING}, with the log of a failure.
   */
  public boolean hasFailedSoFar() {
    return status == Status.PENDING && log != null && log.status() == DeliveryStatus.FAILED;
  }

  /** Key, status and reason, cleaned: safe to log. */
  @Override
  public String toString() {
    return "RetryOutcome["
        + ProviderText.clean(key().toString())
        + ", "
        + status
        + (log == null ? "" : ", log " + ProviderText.clean(log.logId()))
        + (reason == null ? "" : ", " + ProviderText.clean(reason))
        + "]";
  }
}
