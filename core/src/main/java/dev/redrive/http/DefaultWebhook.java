package dev.redrive.http;

import dev.redrive.DeliveryQuery;
import org.jspecify.annotations.Nullable;

/**
 * The webhook that a client is limited to by its settings. A query that names a webhook takes
 * precedence.
 *
 * @param id the id of the webhook; null if the client has no such setting
 */
public record DefaultWebhook(@Nullable String id) {
  /** Returns the query, with this webhook if it names none. */
  public DeliveryQuery applyTo(DeliveryQuery query) {
    return id == null || query.webhookId() != null
        ? query
        : query.toBuilder().webhookId(id).build();
  }

  /**
   * As {@link #applyTo(DeliveryQuery)}, for a provider whose webhooks have UUIDs.
   *
   * @param displayName the provider's name, as shown to people
   * @param operation what the query is for, such as {@code list logs}
   * @throws dev.redrive.InvalidRequestException if the webhook's id is not a UUID
   */
  public DeliveryQuery applyTo(DeliveryQuery query, String displayName, String operation) {
    DeliveryQuery effective = applyTo(query);
    if (effective.webhookId() != null) {
      RequiredUuid.check(displayName, operation, "webhook id", effective.webhookId());
    }
    return effective;
  }
}
