package dev.redrive.voiso;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire records of both versions of the API. */
final class VoisoWire {
  private VoisoWire() {}

  record SubscriptionsV4(
      @Nullable List<@Nullable SubscriptionRow> webhooks, @Nullable Metadata metadata) {
    /** Returns the rows of the page; null for a row that cannot be read. */
    List<@Nullable SubscriptionRow> rows() {
      return required(webhooks, "webhooks");
    }
  }

  record SubscriptionRow(
      @Nullable String id,
      @Nullable String name,
      @Nullable String url,
      @Nullable List<@Nullable String> events) {}

  record FailuresV4(
      @JsonProperty("webhook_failures") @Nullable List<@Nullable Recorded<FailureRow>> failures,
      @Nullable Metadata metadata) {
    /** Returns the rows of the page; null for a row that cannot be read. */
    List<@Nullable Recorded<FailureRow>> rows() {
      return required(failures, "failures");
    }
  }

  record OneFailureV4(@JsonProperty("webhook_failure") @Nullable Recorded<FailureRow> failure) {}

  record Metadata(@Nullable Long total) {
    /** Returns how many rows match; -1 if Voiso does not say. */
    static long totalOf(@Nullable Metadata metadata) {
      return metadata == null || metadata.total == null ? -1 : metadata.total;
    }
  }

  /** A response of v1, which may be 2xx with an error. */
  record FailuresV1(
      @Nullable List<@Nullable Recorded<FailureRow>> failures, @Nullable String error) {
    /** Returns the rows of the page; null for a row that cannot be read. */
    List<@Nullable Recorded<FailureRow>> rows() {
      return required(failures, "failures");
    }
  }

  /** A response of v1, which may be 2xx with an error. */
  record RetriggeredV1(@Nullable String status, @Nullable String error) {}

  /** The record of a failure. v1 documents only {@code id} and {@code event}. */
  record FailureRow(
      @Nullable String id,
      @Nullable String event,
      @Nullable String status,
      @Nullable String reason,
      @Nullable JsonNode webhook,
      @JsonProperty("last_attempt_at") @Nullable String lastAttemptAt,
      @JsonProperty("created_at") @Nullable JsonNode created,
      @JsonProperty("updated_at") @Nullable String updatedAt) {

    /** Returns the id of a row; null or blank if it has none. */
    static @Nullable String id(Recorded<FailureRow> row) {
      return row.value().id();
    }

    /** Returns when the failure was created; null if the time is missing or unreadable. */
    @Nullable Instant createdAt() {
      return created == null ? null : ProviderTime.parse(created.asText());
    }

    /** Whether the creation time is present but unreadable. That is not the same as no time. */
    boolean isUndated() {
      return created != null && !created.isNull() && createdAt() == null;
    }

    /** Returns a text field of the webhook; null if it is missing. */
    @Nullable String webhookText(String field) {
      JsonNode value = webhook == null ? null : webhook.get(field);
      return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
    }
  }

  /** {@code {"error": text}} or {@code {"errors": {parameter: [text]}}}. */
  record ErrorAnswer(@Nullable JsonNode error, @Nullable JsonNode errors) implements ErrorBody {
    @Override
    public @Nullable String errorMessage() {
      if (error != null && error.isTextual()) {
        return error.textValue();
      }
      if (errors == null || errors.isEmpty()) {
        return null;
      }
      var parameters = new ArrayList<String>();
      errors
          .properties()
          .forEach(each -> parameters.add(each.getKey() + " " + texts(each.getValue())));
      return String.join("; ", parameters);
    }

    private static String texts(JsonNode messages) {
      if (!messages.isArray()) {
        return messages.asText();
      }
      List<String> texts = new ArrayList<>();
      messages.forEach(message -> texts.add(message.asText()));
      return String.join(", ", texts);
    }
  }

  private static <T> List<@Nullable T> required(@Nullable List<@Nullable T> rows, String what) {
    if (rows == null) {
      throw malformed("list " + what, "the response has no list of " + what);
    }
    return rows;
  }

  static MalformedResponseException malformed(String operation, String what) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, operation, what), null);
  }
}
