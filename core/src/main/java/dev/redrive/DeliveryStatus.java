package dev.redrive;

/** What a provider recorded of one delivery attempt. */
public enum DeliveryStatus {
  /** Queued or being sent: not a failure, sending it again would double it. */
  PENDING,
  /** The endpoint answered 2xx. */
  SUCCEEDED,
  /** The attempt ended without a 2xx answer. */
  FAILED,
  /**
   * A value that this version does not know: never final. See {@link WebhookLog#providerStatus()}.
   */
  UNKNOWN
}
