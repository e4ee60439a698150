package dev.redrive.voiso;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.redrive.DeliveryKey;
import dev.redrive.JsonText;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A failure's record; v1 documents no more of it than {@code id} and {@code event}. */
record Failure(
    @JsonDeserialize(using = LenientText.class) @Nullable String id,
    @JsonDeserialize(using = LenientText.class) @Nullable String event,
    @JsonDeserialize(using = LenientText.class) @Nullable String status,
    @JsonDeserialize(using = LenientText.class) @Nullable String reason,
    @Nullable JsonNode webhook,
    @JsonProperty("last_attempt_at") @JsonDeserialize(using = LenientText.class)
        @Nullable String lastAttemptAt,
    @JsonProperty("created_at") @JsonDeserialize(using = LenientText.class)
        @Nullable String createdAt,
    @JsonProperty("updated_at") @JsonDeserialize(using = LenientText.class)
        @Nullable String updatedAt) {

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
        .createdAt(ProviderTime.parse(createdAt))
        .attemptedAt(attempted == null ? ProviderTime.parse(updatedAt) : attempted)
        .json(json)
        .build();
  }

  private @Nullable String webhookText(String field) {
    JsonNode value = webhook == null ? null : webhook.get(field);
    return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
  }
}
