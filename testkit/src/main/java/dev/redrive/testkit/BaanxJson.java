package dev.redrive.testkit;

import dev.redrive.testkit.BaanxEvent.Attempt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How Baanx writes its webhooks, events and attempts. */
final class BaanxJson {
  private final Ids businessIds;
  private final Ids attemptIds;
  private final Ids signatures;

  BaanxJson(Ids businessIds, Ids attemptIds, Ids signatures) {
    this.businessIds = businessIds;
    this.attemptIds = attemptIds;
    this.signatures = signatures;
  }

  static Json webhook(Subscription webhook, List<String> types) {
    return Json.object()
        .put("id", webhook.id())
        .put("name", webhook.name())
        .put("url", webhook.url())
        .put("eventTypes", types)
        .put("isActive", webhook.isActive())
        .put("createdAt", "2026-01-01T00:00:00.000Z");
  }

  Json event(BaanxEvent event) {
    String user = user(event);
    return Json.object()
        .put("id", event.id)
        .put("eventId", businessIds.uuid(event.number))
        .put("tenant", "partner-name")
        .put("eventType", event.type)
        .put("payload", Json.object().put("userId", user).put("status", "approved"))
        .put("userId", user)
        .put("sourceService", "kyc-service")
        .put("status", event.status)
        .put("createdAt", time(event.createdAt))
        .put("processedAt", time(event.processedAt))
        .put("queuedAt", time(event.createdAt.plusSeconds(1)));
  }

  Json status(BaanxEvent event) {
    return Json.object()
        .put("id", event.id)
        .put("eventId", businessIds.uuid(event.number))
        .put("status", event.status)
        .put("eventType", event.type)
        .put("createdAt", time(event.createdAt))
        .put("processedAt", time(event.processedAt));
  }

  Json attempt(Attempt attempt) {
    BaanxEvent event = attempt.delivery.event;
    Subscription webhook = attempt.delivery.webhook();
    long millis = attempt.at.toEpochMilli();
    boolean answered = attempt.status > 0;
    return Json.object()
        .put("id", attemptIds.uuid(attempt.serial))
        .put("eventId", businessIds.uuid(event.number))
        .put("webhookId", webhook.id())
        .put("attemptNumber", attempt.number)
        .put("requestUrl", webhook.url())
        .put(
            "requestHeaders",
            Json.object()
                .put("X-Timestamp", Long.toString(millis / 1_000))
                .put("X-Signature", "sha256=" + signatures.hex(millis)))
        .put("requestBody", Json.object().put("userId", user(event)))
        .put("responseStatus", answered ? (Integer) attempt.status : null)
        .put("responseBody", answered ? responseBody(attempt.status) : null)
        .put("errorMessage", errorMessage(attempt.status))
        .put("deliveryStatus", deliveryStatus(attempt.status))
        .put("durationMs", 145)
        .put("createdAt", time(attempt.at))
        .put("nextRetryAt", time(attempt.nextRetryAt()));
  }

  private static String user(BaanxEvent event) {
    return "user-" + event.number;
  }

  private static String responseBody(int httpStatus) {
    return Endpoint.isSuccess(httpStatus) ? "{\"received\": true}" : Causes.reason(httpStatus);
  }

  private static @Nullable String errorMessage(int status) {
    if (status == BaanxEvent.QUEUED || Endpoint.isSuccess(status)) {
      return null;
    }
    return status == Endpoint.NO_ANSWER
        ? "ECONNREFUSED"
        : "Request failed with status code " + status;
  }

  private static String deliveryStatus(int status) {
    if (status == BaanxEvent.QUEUED) {
      return "pending";
    }
    return Endpoint.isSuccess(status) ? "success" : "failed";
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Json.time(instant);
  }
}
