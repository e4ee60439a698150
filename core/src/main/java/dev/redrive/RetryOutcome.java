package dev.redrive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a retry, read from the provider's logs.
 *
 * @param result the retry
 * @param status what became of it
 * @param log the new attempt's log; null where there is none or the provider shows none
 * @param reason why the status is what it is, in words for people; null where the log says it all
 */
public record RetryOutcome(
    RetryResult result, Status status, @Nullable WebhookLog log, @Nullable String reason) {

  /** What became of a retry. */
  public enum Status {
    /** The endpoint answered 2xx. */
    DELIVERED,
    /** The new attempt failed. */
    FAILED_AGAIN,
    /** The new attempt is under way, or it is too early to tell: ask again later. */
    PENDING,
    /** The provider said no to this delivery; {@link RetryResult#reason()} says why. */
    REJECTED,
    /** The provider certainly made no attempt: it may be sent again. */
    NOT_SENT,
    /** The logs do not tell; asking again is unlikely to help, sending again may deliver twice. */
    UNKNOWN
  }

  public RetryOutcome {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(status, "status");
  }

  public static RetryOutcome of(RetryResult result, Status status, String reason) {
    return new RetryOutcome(result, status, null, reason);
  }

  /** The outcome that the new attempt's own log tells. */
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
            ? "the provider's status is not known to this version: "
                + ProviderText.clean(log.providerStatus())
            : null;
    return new RetryOutcome(result, status, log, reason);
  }

  public DeliveryKey key() {
    return result.key();
  }

  /**
   * Whether sending it again cannot deliver the event twice: true for {@link Status#NOT_SENT} only.
   */
  public boolean mayBeSentAgain() {
    return status == Status.NOT_SENT;
  }

  /** Key, status and reason; nothing uncleaned reaches a log line. */
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
