package dev.redrive.baanx;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.Recorded;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wire records of the API. Payloads, and request headers, which contain a signature, are not
 * read. A missing list is an error and not an empty list, because the absence of an attempt is
 * evidence. For the same reason, a row that cannot be read is null in its list instead of being
 * dropped.
 */
final class BaanxWire {
  private BaanxWire() {}

  record WebhookRow(
      String id,
      @Nullable String name,
      @Nullable String url,
      @Nullable List<String> eventTypes,
      @JsonProperty("isActive") @Nullable Boolean active) {
    WebhookRow {
      Objects.requireNonNull(id, "id");
    }
  }

  /** The list of webhooks, which is a bare array. */
  record Webhooks(List<@Nullable WebhookRow> list) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Webhooks {
      Objects.requireNonNull(list, "list");
      if (!list.isEmpty() && list.stream().allMatch(Objects::isNull)) {
        throw new IllegalArgumentException("no webhook in the list can be read");
      }
    }

    /** Returns how many webhooks cannot be read. Their logs are not listed either. */
    long unreadable() {
      return list.stream().filter(Objects::isNull).count();
    }

    /** Returns the webhooks that can be read. */
    List<WebhookRow> readable() {
      return list.stream().filter(Objects::nonNull).toList();
    }
  }

  /** One page of events; {@code total} counts all that match. */
  record Events(@Nullable Long total, List<@Nullable EventRow> events) {
    Events {
      Objects.requireNonNull(events, "events");
    }

    /** Returns how many matching events are not on this page. */
    long notShown() {
      return total == null ? 0 : Math.max(0, total - events.size());
    }
  }

  /**
   * An event. {@code id} is the id of its record, for paths; {@code eventId} is the business id.
   */
  record EventRow(
      String id,
      @Nullable String eventId,
      @Nullable String eventType,
      @Nullable String status,
      @Nullable String createdAt,
      @Nullable String processedAt) {
    EventRow {
      Objects.requireNonNull(id, "id");
    }

    /** Returns an event of which only the id of the record is known. */
    static EventRow named(String id) {
      return new EventRow(id, null, null, null, null, null);
    }
  }

  record EventLogs(@Nullable EventRow event, List<@Nullable Recorded<LogRow>> logs) {
    EventLogs {
      Objects.requireNonNull(logs, "logs");
    }
  }

  record WebhookLogs(List<@Nullable Recorded<LogRow>> logs) {
    WebhookLogs {
      Objects.requireNonNull(logs, "logs");
    }
  }

  /** One attempt at one webhook; {@code eventId} is the business id. */
  record LogRow(
      String id,
      @Nullable String eventId,
      @Nullable String webhookId,
      @Nullable Integer attemptNumber,
      @Nullable String requestUrl,
      @Nullable Integer responseStatus,
      @Nullable String responseBody,
      @Nullable String errorMessage,
      @Nullable String deliveryStatus,
      @Nullable String createdAt,
      @Nullable JsonNode nextRetryAt) {
    LogRow {
      Objects.requireNonNull(id, "id");
    }
  }

  record RetryTarget(String webhookId) {}

  record RetryAnswer(@Nullable Boolean success, @Nullable Data data) {
    record Data(@Nullable Integer webhookCount, @Nullable String message) {}

    @Nullable Integer webhookCount() {
      return data == null ? null : data.webhookCount();
    }

    @Nullable String message() {
      return data == null ? null : data.message();
    }
  }

  record ErrorAnswer(@Nullable String message) implements ErrorBody {
    @Override
    public @Nullable String errorMessage() {
      return message;
    }
  }
}
