package dev.redrive;

/** The result of a delivery attempt, as the provider recorded it. */
public enum DeliveryStatus {
  /** Queued or being sent. It has not failed; a retry would deliver the event twice. */
  PENDING,
  /** The endpoint returned 2xx. */
  SUCCEEDED,
  /** The attempt ended without a 2xx response. */
  FAILED,
  /**
   * A status that this version does not know. It may still change. See {@link
   * WebhookLog#providerStatus()}.
   */
  UNKNOWN
}
