package dev.redrive.testkit.contract;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Listed deliveries, their ids, and the same deliveries as others than a listing know them. */
final class Deliveries {
  private Deliveries() {}

  static List<FailedDelivery> list(WebhookRetryClient client) {
    return client.failures(DeliveryQuery.all()).toList();
  }

  static List<String> ids(List<FailedDelivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.key().id()).toList();
  }

  static Set<String> logIds(List<WebhookLog> logs) {
    return logs.stream().map(log -> log.key().id()).collect(Collectors.toSet());
  }

  /** A delivery as a ledger brings it back: without the provider's texts. */
  static FailedDelivery fromLedger(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return new FailedDelivery(
        WebhookLog.builder(log.key(), log.status())
            .logId(log.logId())
            .lineage(log.lineage())
            .webhook(log.webhookId(), null, log.endpoint())
            .event(log.eventId(), log.eventType())
            .httpStatus(log.httpStatus())
            .attemptNumber(log.attemptNumber())
            .createdAt(log.createdAt())
            .attemptedAt(log.attemptedAt())
            .build(),
        delivery.cause());
  }

  /** A delivery as a person names it. */
  static FailedDelivery byId(FailedDelivery listed) {
    return FailedDelivery.of(listed.key(), listed.latest().webhookId());
  }

  /** A delivery under another key. */
  static FailedDelivery renamed(FailedDelivery delivery, DeliveryKey key) {
    WebhookLog log = delivery.latest();
    return new FailedDelivery(
        WebhookLog.builder(key, log.status())
            .webhook(log.webhookId(), log.webhookName(), log.endpoint())
            .event(log.eventId(), log.eventType())
            .httpStatus(log.httpStatus())
            .createdAt(log.createdAt())
            .attemptedAt(log.attemptedAt())
            .build(),
        delivery.cause());
  }
}
