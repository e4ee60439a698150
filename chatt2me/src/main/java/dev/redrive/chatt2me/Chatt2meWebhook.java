package dev.redrive.chatt2me;

import dev.redrive.ProviderText;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as Chatt2.me tells it.
 *
 * @param id its UUID
 * @param label its label, null if it has none
 * @param endpoint the receiver's URL, null if not told
 * @param eventType {@code Message} or {@code MessageStatus}: all logs of the webhook are of it;
 *     null if not told
 * @param active whether the hub delivers to it; null if not told
 * @param isVerified whether the endpoint passed the hub's verification; null if not told
 * @param numberOfErrors how many failed logs the hub counts; null if not told. Recovered events
 *     stay counted: a failed log stays failed for ever
 * @param createdDate when it was created, null if not told
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

  /** The endpoint without its query, where receivers keep tokens. */
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
