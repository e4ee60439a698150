package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the API's requests and answers carry. A row that cannot be read is null in its list. */
final class OnlyOfficeWire {
  private OnlyOfficeWire() {}

  /** A page of logs. Without a list it is not a page of this API. */
  record LogPage(List<@Nullable Recorded<LogRow>> response, @Nullable Long total) {
    LogPage {
      Objects.requireNonNull(response, "response");
    }
  }

  /**
   * A log. Numbers that may grow new values are read as text, so that none makes a page unreadable;
   * {@code requestHeaders}, which holds a signature, is not read at all.
   */
  record LogRow(
      @Nullable Integer id,
      @Nullable String configName,
      @Nullable String trigger,
      @Nullable String creationTime,
      @Nullable String route,
      @Nullable String requestPayload,
      @Nullable String responsePayload,
      @Nullable String status,
      @Nullable String delivery,
      @Nullable Integer attempts,
      @Nullable JsonNode nextAttemptOn) {
    /** Whether the portal will try again by itself, be it at a time that cannot be read. */
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

  /** The answer to a retry of one log: the queued log, or null from a build that resets it. */
  record RetriedLog(@Nullable Recorded<LogRow> response) {}

  /** The answer to a retry of many logs: those that were queued, fewer than asked for at times. */
  record RetriedLogs(@Nullable List<@Nullable Recorded<LogRow>> response) {}

  /**
   * An error: thrown ({@code error}), or a validation error in the place of the answer ({@code
   * response}). The server's {@code stack} is not looked at.
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
