package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that needs a retry. Immutable.
 *
 * @param latest its latest attempt at the time of listing
 * @param cause why that attempt failed
 */
public record FailedDelivery(WebhookLog latest, FailureCause cause) {
  public FailedDelivery {
    Objects.requireNonNull(latest, "latest");
    Objects.requireNonNull(cause, "cause");
  }

  /** Returns a failed delivery whose cause follows from the endpoint's HTTP status. */
  public static FailedDelivery of(WebhookLog latest) {
    return new FailedDelivery(latest, FailureCause.ofHttpStatus(latest.httpStatus()));
  }

  /**
   * Returns a delivery of which only the id is known, so that it can be retried without being
   * listed. Its status and cause are unknown.
   *
   * <p>Where the provider can show a single delivery ({@link Capability#FIND}), a retry reads it
   * first. The retry is rejected if the provider does not know the delivery, has delivered it or is
   * still sending it, be it as a newer log of the same event; otherwise {@link
   * RetryResult#delivery()} is the delivery as read. Elsewhere (Chatt2.me, Voiso v1) the retry is
   * sent at once, and if its response is lost, the outcome is {@link RetryOutcome.Status#UNKNOWN}.
   *
   * @param key the delivery; see {@link WebhookRetryClient#key}
   * @param webhookId the id of its webhook. Chatt2.me needs it; elsewhere it may be null
   */
  public static FailedDelivery of(DeliveryKey key, @Nullable String webhookId) {
    return new FailedDelivery(
        WebhookLog.builder(key, DeliveryStatus.UNKNOWN)
            .providerStatus("")
            .webhook(webhookId, null, null)
            .build(),
        FailureCause.UNKNOWN);
  }

  /** Whether only its key and webhook are known; see {@link #of(DeliveryKey, String)}. */
  public boolean knownByIdAlone() {
    return latest.status() == DeliveryStatus.UNKNOWN
        && latest.createdAt() == null
        && latest.attemptNumber() == null
        && latest.eventId() == null
        && latest.eventType() == null;
  }

  /** Returns the key that identifies this delivery. */
  public DeliveryKey key() {
    return latest.key();
  }

  /** Returns the chain of attempts that it belongs to; see {@link WebhookLog#lineage()}. */
  public String lineage() {
    return latest.lineage();
  }

  /**
   * Returns when the provider will send it again by itself; null if it will not. Such deliveries
   * are listed only if {@link DeliveryQuery#includesProviderRetries()} is set.
   */
  public @Nullable Instant providerRetriesAt() {
    return latest.nextRetryAt();
  }

  /** Whether the provider is still retrying it. A retry now may deliver the event twice. */
  public boolean providerIsRetrying() {
    return latest.nextRetryAt() != null;
  }
}
