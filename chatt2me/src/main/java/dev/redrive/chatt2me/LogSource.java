package dev.redrive.chatt2me;

import dev.redrive.WebhookLog;
import org.jspecify.annotations.Nullable;

/**
 * The webhook whose logs are listed, and what is known about it.
 *
 * @param failedLogs how many failed logs the hub counts; null if it is not known
 * @param swept whether it comes from the list of all webhooks; false if the caller named it
 */
record LogSource(
    String webhookId,
    @Nullable String label,
    @Nullable String endpoint,
    @Nullable String eventType,
    @Nullable Long failedLogs,
    boolean swept) {
  static LogSource named(String webhookId) {
    return new LogSource(webhookId, null, null, null, null, false);
  }

  static LogSource of(Chatt2meWebhook webhook) {
    return new LogSource(
        webhook.id(),
        webhook.label(),
        webhook.endpoint(),
        webhook.eventType(),
        webhook.numberOfErrors(),
        true);
  }

  /** Returns the webhook of a retried log. */
  static LogSource of(WebhookLog retried, String webhookId) {
    return new LogSource(
        webhookId, retried.webhookName(), retried.endpoint(), retried.eventType(), null, false);
  }
}
