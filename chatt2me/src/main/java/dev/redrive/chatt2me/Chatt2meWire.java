package dev.redrive.chatt2me;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderTime;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The wire records of the API. Only fields that nothing works without are required. */
final class Chatt2meWire {
  private Chatt2meWire() {}

  /** A page. A row is null if it cannot be read. */
  record Page<T>(List<@Nullable T> data, @Nullable Pagination pagination) {
    Page {
      data = Collections.unmodifiableList(data);
    }

    /** Returns the page in the form of the HTTP layer. */
    PageReader.Page<T> neutral() {
      Long total = pagination == null ? null : pagination.total();
      return new PageReader.Page<>(data, total == null ? -1 : total);
    }
  }

  record Pagination(@Nullable Long total) {}

  record WebhookRow(
      String id,
      @Nullable String label,
      @Nullable String endpoint,
      @Nullable String eventType,
      @Nullable Boolean active,
      @Nullable Boolean isVerified,
      @Nullable Long numberOfErrors,
      @Nullable String createdDate) {
    WebhookRow {
      Objects.requireNonNull(id, "id");
    }
  }

  record LogRow(
      String id,
      @Nullable String webhookId,
      @Nullable Integer statusCode,
      @Nullable JsonNode responseBody,
      @Nullable String status,
      @Nullable String sendAt,
      @Nullable String createdDate,
      @JsonProperty("messageId") @Nullable JsonNode message,
      @Nullable Boolean isDeleted,
      @Nullable LogWebhook webhook) {
    LogRow {
      Objects.requireNonNull(id, "id");
    }

    /** Returns the id of the message; null if it is missing or unreadable. */
    @Nullable String messageId() {
      String id = message == null || !message.isValueNode() ? null : message.asText(null);
      return id == null || id.isBlank() ? null : id;
    }

    /** Whether the message id is present but unreadable. That is not the same as no message. */
    boolean hidesMessage() {
      return message != null && message.isContainerNode();
    }

    /**
     * Returns when the attempt was recorded, or else when it was sent; null if both are missing.
     */
    @Nullable Instant time() {
      Instant created = ProviderTime.parse(createdDate);
      return created != null ? created : ProviderTime.parse(sendAt);
    }
  }

  record LogWebhook(@Nullable String id, @Nullable String endpoint, @Nullable String eventType) {}

  record RetryAnswer(@Nullable Boolean success, @Nullable String newLogId) {}

  record BulkRetry(List<String> webhookLogIds) {}

  record BulkRetryAnswer(List<@Nullable BulkRetryRow> results) {
    BulkRetryAnswer {
      results = Collections.unmodifiableList(results);
    }
  }

  record BulkRetryRow(
      @Nullable String webhookLogId, @Nullable Boolean success, @Nullable String newLogId) {}

  record ErrorAnswer(@Nullable String errorMessage, @Nullable String errorCode)
      implements ErrorBody {}
}
