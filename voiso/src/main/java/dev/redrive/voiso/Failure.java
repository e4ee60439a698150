package dev.redrive.voiso;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.DeliveryKey;
import dev.redrive.JsonText;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A failure's record; v1 documents no more of it than {@code id} and {@code event}. */
record Failure(
    @Nullable String id,
    @Nullable String event,
    @Nullable String status,
    @Nullable String reason,
    @Nullable JsonNode webhook,
    @JsonProperty("last_attempt_at") @Nullable String lastAttemptAt,
    @JsonProperty("created_at") @Nullable JsonNode created,
    @JsonProperty("updated_at") @Nullable String updatedAt) {

  /** When it was created; null if that is not told or cannot be read. */
  @Nullable Instant createdAt() {
    return created == null ? null : ProviderTime.parse(created.asText());
  }

  /** Whether a time is told that cannot be read, which is not the same as none. */
  boolean isUndated() {
    return created != null && !created.isNull() && createdAt() == null;
  }

  /**
   * @param absentStatus the status that a record without one stands for
   */
  WebhookLog toLog(DeliveryKey key, String absentStatus, JsonText json) {
    String word = status == null ? absentStatus : status;
    Instant attempted = ProviderTime.parse(lastAttemptAt);
    return WebhookLog.builder(key, FailureStatus.of(word))
        // One record holds all attempts of a delivery: its id tells the lineage.
        .lineage("failure/" + key.id())
        .providerStatus(word)
        .webhook(webhookText("id"), webhookText("name"), null)
        .event(null, event)
        .httpStatus(FailureReason.httpStatus(reason))
        .error(reason)
        .createdAt(createdAt())
        .attemptedAt(attempted == null ? ProviderTime.parse(updatedAt) : attempted)
        .json(json)
        .build();
  }

  private @Nullable String webhookText(String field) {
    JsonNode value = webhook == null ? null : webhook.get(field);
    return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
  }
}
