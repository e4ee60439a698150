package dev.redrive.http;

import dev.redrive.DeliveryQuery;
import org.jspecify.annotations.Nullable;

/**
 * The one webhook that a client is set to. A query that names a webhook takes precedence.
 *
 * @param id null if the client is set to none
 */
public record DefaultWebhook(@Nullable String id) {
  /** The query; with this webhook if it names none. */
  public DeliveryQuery applyTo(DeliveryQuery query) {
    return id == null || query.webhookId() != null
        ? query
        : query.toBuilder().webhookId(id).build();
  }
}
