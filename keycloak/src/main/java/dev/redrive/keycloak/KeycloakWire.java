package dev.redrive.keycloak;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.ProviderTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The wire records of the API. */
final class KeycloakWire {
  private KeycloakWire() {}

  record IssuedToken(
      @JsonProperty("access_token") String text,
      @JsonProperty("expires_in") @Nullable Long expiresIn) {
    IssuedToken {
      Objects.requireNonNull(text, "text");
    }
  }

  record WebhookRow(
      String id,
      @Nullable String url,
      @Nullable Boolean enabled,
      @Nullable List<@Nullable String> eventTypes) {
    WebhookRow {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * The record of one event for one webhook. Every attempt that gets an answer overwrites status,
   * retries and time.
   *
   * @param retries how many attempts got an answer, the first one included
   */
  record SendRow(
      String id,
      @JsonProperty("type") @Nullable String eventType,
      @Nullable WebhookRow webhook,
      @JsonProperty("status") @Nullable JsonNode answer,
      @JsonProperty("status_message") @Nullable String statusMessage,
      @Nullable Integer retries,
      @JsonProperty("sent_at") @Nullable JsonNode sent,
      @JsonProperty("keycloak_event_id") @Nullable String keycloakEventId) {
    SendRow {
      Objects.requireNonNull(id, "id");
    }

    /** Returns the endpoint's HTTP status; null if the record has none that is one. */
    @Nullable Integer httpStatus() {
      int status = answer == null || !answer.canConvertToInt() ? 0 : answer.intValue();
      return status < 100 || status > 999 ? null : status;
    }

    /** Returns the status as the record has it. */
    String statusText() {
      return answer == null || answer.isContainerNode() ? "" : answer.asText();
    }

    /** Returns when the latest attempt got its answer; null if that is missing or unreadable. */
    @Nullable Instant sentAt() {
      return sent == null || !sent.isValueNode() ? null : ProviderTime.parse(sent.asText());
    }
  }

  /** {@code {"error": text}}, at the token endpoint with an {@code error_description}. */
  record ErrorAnswer(
      @Nullable JsonNode error,
      @JsonProperty("error_description") @Nullable JsonNode errorDescription)
      implements ErrorBody {
    @Override
    public @Nullable String errorMessage() {
      return text(errorDescription) == null ? text(error) : text(errorDescription);
    }

    @Override
    public @Nullable String errorCode() {
      return text(errorDescription) == null ? null : text(error);
    }

    private static @Nullable String text(@Nullable JsonNode node) {
      return node == null ? null : node.textValue();
    }
  }
}
