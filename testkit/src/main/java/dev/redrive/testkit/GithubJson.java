package dev.redrive.testkit;

import dev.redrive.testkit.GithubDeliveries.Delivery;

/** How GitHub writes its deliveries, webhooks and errors. */
final class GithubJson {
  private static final String MADE = "2026-01-31T12:00:00Z";

  private GithubJson() {}

  /** A delivery as a list has it: without request and response. */
  static Json delivery(Delivery delivery) {
    return Json.object()
        .put("id", delivery.id)
        .put("guid", delivery.guid)
        .put("delivered_at", delivery.at.toString())
        .put("redelivery", delivery.redelivery)
        .put("duration", 0.27)
        .put("status", status(delivery.status))
        .put("status_code", delivery.status)
        .put("event", delivery.type)
        .put("action", delivery.type.equals("push") ? null : "opened")
        .put("installation_id", null)
        .put("repository_id", 456)
        .put("throttled_at", null);
  }

  static Json withRequest(Delivery delivery) {
    return delivery(delivery)
        .put("url", delivery.webhook().url())
        .put(
            "request",
            Json.object()
                .put(
                    "headers",
                    Json.object()
                        .put("X-GitHub-Delivery", delivery.guid)
                        .put("X-GitHub-Event", delivery.type)
                        .put("X-Hub-Signature-256", "sha256=6dcb09b5b57875f334f61aebed695e2e"))
                .put("payload", Json.object().put("action", "opened")))
        .put("response", Json.object().put("headers", Json.object()).put("payload", "ok"));
  }

  static Json webhook(Subscription webhook, String url) {
    return Json.object()
        .put("type", "Repository")
        .put("id", Long.valueOf(webhook.id()))
        .put("name", "web")
        .put("active", webhook.isActive())
        .put("events", GithubDeliveries.EVENTS)
        .put("config", config(webhook))
        .put("updated_at", MADE)
        .put("created_at", MADE)
        .put("url", url)
        .put("test_url", url + "/test")
        .put("ping_url", url + "/pings")
        .put("deliveries_url", url + "/deliveries")
        .put(
            "last_response",
            Json.object().put("code", null).put("status", "unused").put("message", null));
  }

  static Json config(Subscription webhook) {
    return Json.object()
        .put("content_type", "json")
        .put("insecure_ssl", "0")
        .put("secret", "********")
        .put("url", webhook.url());
  }

  static Json error(int httpStatus, String message) {
    return Json.object()
        .put("message", message)
        .put("documentation_url", "https://docs.github.com/rest")
        .put("status", Integer.toString(httpStatus));
  }

  private static String status(int httpStatus) {
    return httpStatus == Endpoint.NO_ANSWER
        ? "failed to connect to host"
        : Endpoint.isSuccess(httpStatus) ? "OK" : Causes.reason(httpStatus);
  }
}
