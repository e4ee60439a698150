package dev.redrive.testkit;

import java.util.List;

/** How Voiso writes its records, webhooks and pages. */
final class VoisoJson {
  private VoisoJson() {}

  /** A page of v4. */
  static Json page(String name, List<Json> rows, int total) {
    return Json.object().put(name, rows).put("metadata", Json.object().put("total", total));
  }

  static Json failure(VoisoFailures.Failure failure) {
    Subscription webhook = failure.event.webhook();
    return Json.object()
        .put("id", failure.id())
        .put("event", failure.eventName)
        .put("status", failure.status)
        .put("reason", reason(failure.answer))
        .put("webhook", Json.object().put("id", webhook.id()).put("name", webhook.name()))
        .put("last_attempt_at", failure.lastAttemptAt.toString())
        .put("created_at", failure.createdAt.toString())
        .put("updated_at", failure.updatedAt.toString());
  }

  /** As v1's list shows a record [doc]. */
  static Json shortFailure(VoisoFailures.Failure failure) {
    return Json.object().put("id", failure.id()).put("event", failure.eventName);
  }

  static Json webhook(Subscription webhook) {
    return Json.object()
        .put("id", webhook.id())
        .put("name", webhook.name())
        .put("url", webhook.url())
        .put("events", VoisoFailures.EVENTS);
  }

  private static String reason(int httpStatus) {
    return httpStatus == Endpoint.NO_ANSWER
        ? "Connection timeout"
        : "HTTP " + httpStatus + " " + Causes.reason(httpStatus);
  }
}
