package dev.redrive.chatt2me;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.chatt2me.Chatt2meWire.LogWebhook;
import dev.redrive.chatt2me.Chatt2meWire.WebhookRow;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class Chatt2meMapper {
  private static final LogWebhook UNTOLD = new LogWebhook(null, null, null);

  private final ProviderHttp http;

  Chatt2meMapper(ProviderHttp http) {
    this.http = http;
  }

  static Chatt2meWebhook webhook(WebhookRow row) {
    return new Chatt2meWebhook(
        row.id(),
        row.label(),
        row.endpoint(),
        row.eventType(),
        row.active(),
        row.isVerified(),
        row.numberOfErrors(),
        ProviderTime.parse(row.createdDate()));
  }

  static Webhook neutral(Chatt2meWebhook webhook) {
    return new Webhook(
        webhook.id(),
        webhook.label(),
        webhook.endpoint(),
        webhook.active(),
        webhook.numberOfErrors(),
        webhook.eventType() == null ? Set.of() : Set.of(webhook.eventType()));
  }

  /** Maps a log that was listed under {@code source}, which has the fields that the log lacks. */
  WebhookLog log(Recorded<LogRow> recorded, LogSource source) {
    LogRow row = recorded.value();
    LogWebhook told = row.webhook() == null ? UNTOLD : row.webhook();
    String webhookId = first(row.webhookId(), told.id(), source.webhookId());
    String eventType = first(told.eventType(), source.eventType(), null);
    var log =
        WebhookLog.builder(http.key(row.id()), status(row.status()))
            .webhook(webhookId, source.label(), first(told.endpoint(), source.endpoint(), null))
            .event(row.messageId(), eventType)
            .providerStatus(row.status() == null ? "" : row.status())
            .httpStatus(httpStatus(row.statusCode()))
            .responseBody(text(row.responseBody()))
            .createdAt(row.time())
            .attemptedAt(ProviderTime.parse(row.sendAt()))
            .json(recorded.json());
    if (webhookId != null && row.messageId() != null && EventTypes.isOncePerMessage(eventType)) {
      log.lineage(webhookId + "/" + row.messageId());
    }
    return log.build();
  }

  static DeliveryStatus status(@Nullable String status) {
    if ("Success".equalsIgnoreCase(status)) {
      return DeliveryStatus.SUCCEEDED;
    }
    return "Failed".equalsIgnoreCase(status) || "Error".equalsIgnoreCase(status)
        ? DeliveryStatus.FAILED
        : DeliveryStatus.UNKNOWN;
  }

  private static @Nullable Integer httpStatus(@Nullable Integer statusCode) {
    return statusCode == null || statusCode < 100 ? null : statusCode;
  }

  private static @Nullable String text(@Nullable JsonNode body) {
    if (body == null || body.isNull() || body.isMissingNode()) {
      return null;
    }
    return body.isTextual() ? body.textValue() : body.toString();
  }

  private static @Nullable String first(
      @Nullable String a, @Nullable String b, @Nullable String c) {
    return a != null ? a : b != null ? b : c;
  }
}
