package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that needs a retry.
 *
 * @param latest its latest attempt, as known when it was listed
 * @param cause why that attempt failed
 */
public record FailedDelivery(WebhookLog latest, FailureCause cause) {
  public FailedDelivery {
    Objects.requireNonNull(latest, "latest");
    Objects.requireNonNull(cause, "cause");
  }

  /** A failed delivery whose cause follows from the endpoint's HTTP status. */
  public static FailedDelivery of(WebhookLog latest) {
    return new FailedDelivery(latest, FailureCause.ofHttpStatus(latest.httpStatus()));
  }

  /**
   * A delivery of which the caller knows the id alone, so that it can be retried without listing
   * it. Its status and cause are unknown.
   *
   * <p>Where the provider shows single deliveries (Baanx, ONLYOFFICE, Voiso v4), a retry reads it
   * first, and is rejected if the provider does not know it, has delivered it or is still sending
   * it; {@link RetryResult#delivery()} then is what was read. Elsewhere (Chatt2.me, Voiso v1) it is
   * sent as it is, and if the answer is lost its outcome is {@link RetryOutcome.Status#UNKNOWN}.
   *
   * @param key names it, see {@link WebhookRetryClient#key}
   * @param webhookId its webhook; needed at Chatt2.me, ignored or null elsewhere
   */
  public static FailedDelivery of(DeliveryKey key, @Nullable String webhookId) {
    return new FailedDelivery(
        WebhookLog.builder(key, DeliveryStatus.UNKNOWN)
            .providerStatus("")
            .webhook(webhookId, null, null)
            .build(),
        FailureCause.UNKNOWN);
  }

  /** Whether nothing is known of it but key and webhook; see {@link #of(DeliveryKey, String)}. */
  public boolean knownByIdAlone() {
    return latest.status() == DeliveryStatus.UNKNOWN
        && latest.createdAt() == null
        && latest.attemptNumber() == null
        && latest.eventId() == null
        && latest.eventType() == null;
  }

  /** Names it everywhere. */
  public DeliveryKey key() {
    return latest.key();
  }

  /** The chain of attempts that this delivery belongs to; see {@link WebhookLog#lineage()}. */
  public String lineage() {
    return latest.lineage();
  }

  /**
   * When the provider will send it again by itself; null if it will not. Only deliveries asked for
   * with {@link DeliveryQuery#includesProviderRetries()} have one.
   */
  public @Nullable Instant providerRetriesAt() {
    return latest.nextRetryAt();
  }

  /** Whether the provider is still retrying by itself, so that a retry now may deliver twice. */
  public boolean providerIsRetrying() {
    return latest.nextRetryAt() != null;
  }
}
