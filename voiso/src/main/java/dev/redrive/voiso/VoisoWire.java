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

/** What the answers of both generations of the API carry. */
final class VoisoWire {
  private VoisoWire() {}

  record SubscriptionsV4(
      @Nullable List<@Nullable SubscriptionRow> webhooks, @Nullable Metadata metadata) {
    /** The page's rows; null for one that cannot be read. */
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
    /** The page's rows; null for one that cannot be read. */
    List<@Nullable Recorded<FailureRow>> rows() {
      return required(failures, "failures");
    }
  }

  record OneFailureV4(@JsonProperty("webhook_failure") @Nullable Recorded<FailureRow> failure) {}

  record Metadata(@Nullable Long total) {
    /** How many rows match; -1 if that is not told. */
    static long totalOf(@Nullable Metadata metadata) {
      return metadata == null || metadata.total == null ? -1 : metadata.total;
    }
  }

  /** v1 may answer 2xx with an error. */
  record FailuresV1(
      @Nullable List<@Nullable Recorded<FailureRow>> failures, @Nullable String error) {
    /** The page's rows; null for one that cannot be read. */
    List<@Nullable Recorded<FailureRow>> rows() {
      return required(failures, "failures");
    }
  }

  /** v1 may answer 2xx with an error. */
  record RetriggeredV1(@Nullable String status, @Nullable String error) {}

  /** A failure's record; v1 documents no more of it than {@code id} and {@code event}. */
  record FailureRow(
      @Nullable String id,
      @Nullable String event,
      @Nullable String status,
      @Nullable String reason,
      @Nullable JsonNode webhook,
      @JsonProperty("last_attempt_at") @Nullable String lastAttemptAt,
      @JsonProperty("created_at") @Nullable JsonNode created,
      @JsonProperty("updated_at") @Nullable String updatedAt) {

    /** The id of a row; null or blank if it has none. */
    static @Nullable String id(Recorded<FailureRow> row) {
      return row.value().id();
    }

    /** When it was created; null if that is not told or cannot be read. */
    @Nullable Instant createdAt() {
      return created == null ? null : ProviderTime.parse(created.asText());
    }

    /** Whether a time is told that cannot be read, which is not the same as none. */
    boolean isUndated() {
      return created != null && !created.isNull() && createdAt() == null;
    }

    /** A text of its webhook; null if it is not told. */
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

    @Override
    public @Nullable String errorCode() {
      return null;
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
      throw malformed("list " + what, "the answer holds no list of " + what);
    }
    return rows;
  }

  static MalformedResponseException malformed(String operation, String what) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, operation, what), null);
  }
}
