package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The wire records of the API. A row that cannot be read is null in its list. */
final class OnlyOfficeWire {
  private OnlyOfficeWire() {}

  /** A page of logs. A response without the list is not one of this API. */
  record LogPage(List<@Nullable Recorded<LogRow>> response, @Nullable Long total) {
    LogPage {
      Objects.requireNonNull(response, "response");
    }
  }

  /**
   * A log. Enums are read as text, so that a new value cannot make a page unreadable. {@code
   * requestHeaders}, which contains a signature, is not read.
   */
  record LogRow(
      @Nullable Integer id,
      @Nullable String configName,
      @Nullable String trigger,
      @Nullable String creationTime,
      @Nullable String route,
      RequestPayload requestPayload,
      @Nullable String responsePayload,
      @Nullable String status,
      @Nullable String delivery,
      @Nullable Integer attempts,
      @Nullable JsonNode nextAttemptOn) {
    /** Whether the portal will send the log again by itself, even if the time is unreadable. */
    boolean tellsNextAttempt() {
      return nextAttemptOn != null
          && !nextAttemptOn.isNull()
          && !(nextAttemptOn.isValueNode() && nextAttemptOn.asText().isBlank());
    }
  }

  /** The webhooks, without those that cannot be read. */
  record WebhookList(List<WebhookRow> response) {
    WebhookList {
      response = response.stream().filter(Objects::nonNull).toList();
    }
  }

  /** A webhook's configuration and the status of its latest delivery. */
  record WebhookRow(WebhookConfig configs, @Nullable Integer status) {
    WebhookRow {
      Objects.requireNonNull(configs, "configs");
    }
  }

  record WebhookConfig(
      String id,
      @Nullable String name,
      @Nullable String uri,
      @Nullable Boolean enabled,
      @Nullable Boolean ssl,
      @Nullable String triggers,
      @Nullable String targetId,
      @Nullable String lastFailureContent,
      @Nullable String lastFailureOn,
      @Nullable String lastSuccessOn) {
    WebhookConfig {
      Objects.requireNonNull(id, "id");
    }
  }

  /** The triggers: a map of names to bits from older builds, a list from newer ones. */
  record TriggerList(@Nullable JsonNode response) {}

  /** The logs that one request retries. */
  record RetryRequest(List<Integer> ids) {}

  /** The response to a retry of one log: the queued log; null in builds that reset it. */
  record RetriedLog(@Nullable Recorded<LogRow> response) {}

  /** The response to a bulk retry: the queued logs, which may be fewer than requested. */
  record RetriedLogs(@Nullable List<@Nullable Recorded<LogRow>> response) {}

  /**
   * An error response: an exception of the server ({@code error}), or a validation error ({@code
   * response}). The server's {@code stack} is not read.
   */
  record ErrorAnswer(@Nullable JsonNode error, @Nullable JsonNode response) implements ErrorBody {
    @Override
    public @Nullable String errorMessage() {
      String thrown = text(error, "message");
      return thrown == null ? validationMessage() : thrown;
    }

    @Override
    public @Nullable String errorCode() {
      return text(error, "type");
    }

    private @Nullable String validationMessage() {
      String title = text(response, "title");
      if (response == null || title == null) {
        return null;
      }
      List<String> problems = new ArrayList<>();
      for (var field : response.path("errors").properties()) {
        for (JsonNode problem : field.getValue()) {
          problems.add(field.getKey() + ": " + problem.asText());
        }
      }
      return problems.isEmpty() ? title : title + " " + String.join("; ", problems);
    }

    private static @Nullable String text(@Nullable JsonNode node, String field) {
      JsonNode value = node == null ? null : node.get(field);
      return value == null || !value.isTextual() ? null : value.asText();
    }
  }
}
