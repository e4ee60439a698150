package dev.redrive.baanx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.DeliveryStatus;
import dev.redrive.JsonText;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.BaanxWire.LogRow;
import dev.redrive.baanx.BaanxWire.WebhookRow;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class BaanxMapper {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProviderHttp http;

  BaanxMapper(ProviderHttp http) {
    this.http = http;
  }

  static Webhook webhook(WebhookRow row) {
    List<String> types = row.eventTypes() == null ? List.of() : row.eventTypes();
    Set<String> known =
        types.stream().filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
    return new Webhook(row.id(), row.name(), row.url(), row.active(), null, known);
  }

  static BaanxEvent event(EventRow row) {
    String status = row.status() == null ? "" : row.status();
    return new BaanxEvent(
        row.id(),
        row.eventId(),
        row.eventType(),
        BaanxEvent.Status.of(status),
        status,
        ProviderTime.parse(row.createdAt()),
        ProviderTime.parse(row.processedAt()));
  }

  /**
   * Maps an attempt.
   *
   * @param eventId the id of the event's record; null if it is not known
   * @param webhookId the id of the webhook; null if it is not known
   */
  WebhookLog log(
      Recorded<LogRow> recorded,
      @Nullable String eventId,
      @Nullable String eventType,
      @Nullable String webhookId) {
    LogRow row = recorded.value();
    String keyId = DeliveryId.keyId(eventId, row, webhookId == null ? "" : webhookId);
    Instant at = ProviderTime.parse(row.createdAt());
    return WebhookLog.builder(http.key(keyId), status(row.deliveryStatus()))
        .logId(row.id())
        .webhook(webhookId, null, row.requestUrl())
        .event(eventId, eventType)
        .providerStatus(row.deliveryStatus() == null ? "" : row.deliveryStatus())
        .httpStatus(row.responseStatus())
        .error(row.errorMessage())
        .responseBody(row.responseBody())
        .attemptNumber(row.attemptNumber())
        .createdAt(at)
        .attemptedAt(at)
        .nextRetryAt(nextRetry(row.nextRetryAt()))
        .json(recorded.json())
        .build();
  }

  /** Returns the business id in an attempt's record; null if it is missing. */
  static @Nullable String businessId(JsonText record) {
    try {
      return JSON.readTree(record.text()).path("eventId").textValue();
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * Takes an unreadable time as now: Baanx will send the event again at some time, so a retry could
   * deliver it twice.
   */
  private @Nullable Instant nextRetry(@Nullable JsonNode told) {
    if (told == null || told.isNull() || (told.isValueNode() && told.asText().isBlank())) {
      return null;
    }
    Instant at = ProviderTime.parse(told.asText());
    return at == null ? http.now() : at;
  }

  private static DeliveryStatus status(@Nullable String deliveryStatus) {
    if (deliveryStatus == null) {
      return DeliveryStatus.UNKNOWN;
    }
    return switch (deliveryStatus.toLowerCase(Locale.ROOT)) {
      case "pending", "processing" -> DeliveryStatus.PENDING;
      case "success" -> DeliveryStatus.SUCCEEDED;
      case "failed" -> DeliveryStatus.FAILED;
      default -> DeliveryStatus.UNKNOWN;
    };
  }
}
