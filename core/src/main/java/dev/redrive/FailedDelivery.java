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
