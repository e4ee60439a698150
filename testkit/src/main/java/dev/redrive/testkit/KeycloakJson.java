package dev.redrive.testkit;

import dev.redrive.testkit.KeycloakSends.Row;
import java.util.List;

/** How the extension of Keycloak writes sends and webhooks: fields that are null are left out. */
final class KeycloakJson {
  private static final String ADMIN = "admin.";

  private KeycloakJson() {}

  /**
   * A send.
   *
   * @param brief whether to leave out the payload, as in lists
   */
  static Json send(Row row, boolean brief) {
    String id = row.send().id();
    Subscription webhook = row.send().event.webhook();
    boolean isAdmin = row.send().type.startsWith(ADMIN);
    return Json.object()
        .put("id", id)
        .put("status", row.status())
        .put("retries", row.retries())
        .putIfPresent("payload", brief ? null : payload(row))
        .put("type", row.send().type)
        .put(
            "webhook",
            Json.object()
                .put("id", webhook.id())
                .put("enabled", webhook.isActive())
                .put("url", webhook.url()))
        .put("status_message", "HTTP " + row.status() + " " + Causes.reason(row.status()))
        .put("sent_at", row.sentAt().toEpochMilli())
        .put("event_id", eventId(id, 'e'))
        .put("keycloak_event_type", isAdmin ? "ADMIN" : "USER")
        .put("keycloak_event_id", eventId(id, 'f'));
  }

  private static String payload(Row row) {
    return Json.object()
        .put("id", eventId(row.send().id(), 'f'))
        .put("realmName", FakeKeycloak.REALM)
        .put("uid", "")
        .put("details", Json.object().put("username", "user-of-" + row.send().id()))
        .put("type", row.send().type)
        .text();
  }

  /** The ids of the extension's and of Keycloak's own record of the event. */
  private static String eventId(String id, char kind) {
    return kind + id.substring(1);
  }

  static Json webhook(Subscription webhook) {
    return Json.object()
        .put("id", webhook.id())
        .put("enabled", webhook.isActive())
        .put("url", webhook.url())
        .put("createdBy", eventId(webhook.id(), 'c'))
        .put("createdAt", 1_767_225_600_000L)
        .put("realm", FakeKeycloak.REALM)
        .put("eventTypes", List.of(webhook.eventType()));
  }
}
