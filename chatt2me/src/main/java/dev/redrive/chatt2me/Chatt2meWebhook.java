package dev.redrive.chatt2me;

import dev.redrive.ProviderText;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A webhook with all fields that Chatt2.me has.
 *
 * @param id its UUID
 * @param label its label; null if it has none
 * @param endpoint the receiver's URL; null if the hub does not say
 * @param eventType the type of all events of the webhook, {@code Message} or {@code MessageStatus};
 *     null if the hub does not say
 * @param active whether the hub delivers to it; null if the hub does not say
 * @param isVerified whether the endpoint passed the hub's verification; null if the hub does not
 *     say
 * @param numberOfErrors how many failed logs the hub counts; null if the hub does not say.
 *     Recovered events are still counted, because a failed log stays failed forever
 * @param createdDate when it was created; null if the hub does not say
 * @see <a href="https://docs.chatt2.me/docs/latest/webhooks/create-webhook/">Chatt2.me:
 *     webhooks</a>
 */
public record Chatt2meWebhook(
    String id,
    @Nullable String label,
    @Nullable String endpoint,
    @Nullable String eventType,
    @Nullable Boolean active,
    @Nullable Boolean isVerified,
    @Nullable Long numberOfErrors,
    @Nullable Instant createdDate) {
  public Chatt2meWebhook {
    Objects.requireNonNull(id, "id");
  }

  /** Shows the endpoint without user info and query, which may contain tokens. */
  @Override
  public String toString() {
    return "Chatt2meWebhook["
        + ProviderText.clean(id)
        + (label == null ? "" : ", " + ProviderText.clean(label))
        + (endpoint == null ? "" : ", " + ProviderText.endpoint(endpoint))
        + (eventType == null ? "" : ", " + ProviderText.clean(eventType))
        + (active == null ? "" : active ? ", active" : ", not active")
        + (numberOfErrors == null ? "" : ", " + numberOfErrors + " errors")
        + "]";
  }
}
