package dev.redrive.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How Chatt2.me writes its logs, webhooks and pages. */
final class Chatt2meJson {
  private final String applicationId;
  private final Ids messageIds;
  private final String failedName;

  Chatt2meJson(String applicationId, Ids messageIds, String failedName) {
    this.applicationId = applicationId;
    this.messageIds = messageIds;
    this.failedName = failedName;
  }

  static Json page(List<Json> rows, int offset, int limit, int total) {
    return Json.object()
        .put("data", rows)
        .put(
            "pagination",
            Json.object()
                .put("offset", offset)
                .put("limit", limit)
                .put("total", total)
                .put("totalPages", (total + limit - 1) / limit));
  }

  /** A webhook with what the specification requires of one [spec], and its label [doc]. */
  Json webhook(Subscription webhook, @Nullable Integer errors) {
    return Json.object()
        .put("id", webhook.id())
        .put("applicationId", applicationId)
        .put("active", webhook.isActive())
        .putIfPresent("numberOfErrors", errors)
        .put("label", webhook.name())
        .put("eventType", webhook.eventType())
        .put("endpoint", webhook.url())
        .put("authenticationProtocol", "NoAuthentication")
        .put("isVerified", true)
        .put("createdDate", "2026-01-01T00:00:00.000Z")
        .put("lastModifiedDate", "2026-01-02T00:00:00.000Z");
  }

  Json log(Chatt2meLogs.Log log) {
    boolean noAnswer = log.status == Endpoint.NO_ANSWER;
    boolean hasMessage = log.message != Chatt2meLogs.NO_MESSAGE;
    String time = Json.time(log.sentAt);
    return Json.object()
        .put("id", log.id)
        .put("webhookId", log.webhook().id())
        // No answer is 0 or null [doc].
        .put("statusCode", noAnswer && log.number % 2 == 0 ? null : (Integer) log.status)
        .put("responseBody", noAnswer ? null : responseBody(log.status))
        .put("status", log.succeeded() ? "Success" : failedName)
        .put("sendAt", time)
        .put("createdDate", time)
        .putIfPresent("messageId", hasMessage ? messageIds.uuid(log.message) : null)
        .putIfPresent("isDeleted", log.deleted ? true : null)
        .put(
            "webhook",
            Json.object()
                .put("id", log.webhook().id())
                .put("endpoint", log.webhook().url())
                .put("eventType", log.webhook().eventType()));
  }

  /** What the endpoint answered, as text: JSON where it failed. */
  private static String responseBody(int status) {
    return Endpoint.isSuccess(status)
        ? "OK"
        : Json.object()
            .put("error", Json.object().put("code", status).put("message", Causes.reason(status)))
            .text();
  }
}
