package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import org.jspecify.annotations.Nullable;

/**
 * Reduces a delivery to what a ledger stores: no field that could contain a payload, a response or
 * a signature.
 */
final class Kept {
  private Kept() {}

  static FailedDelivery of(FailedDelivery found) {
    return new FailedDelivery(of(found.latest(), found.latest().key()), found.cause());
  }

  private static WebhookLog of(WebhookLog log, DeliveryKey key) {
    return WebhookLog.builder(key, DeliveryStatus.FAILED)
        .logId(log.logId())
        .lineage(log.lineage())
        .webhook(log.webhookId(), null, ProviderText.endpoint(log.endpoint()))
        .event(log.eventId(), log.eventType())
        .httpStatus(log.httpStatus())
        .attemptNumber(log.attemptNumber())
        .createdAt(log.createdAt())
        .attemptedAt(log.attemptedAt())
        .build();
  }

  /** Returns the delivery under another name of its account. */
  static FailedDelivery renamed(FailedDelivery delivery, Account account) {
    return new FailedDelivery(
        of(delivery.latest(), renamed(delivery.latest().key(), account)), delivery.cause());
  }

  static DeliveryKey renamed(DeliveryKey key, Account account) {
    return new DeliveryKey(account.provider(), account.name(), key.id());
  }

  /** Whether an attempt was made later than another, as far as both have times or numbers. */
  static boolean isNewer(WebhookLog log, WebhookLog than) {
    int order = compare(log.createdAt(), than.createdAt());
    if (order == 0) {
      order = compare(log.attemptedAt(), than.attemptedAt());
    }
    if (order == 0) {
      order = compare(log.attemptNumber(), than.attemptNumber());
    }
    return order > 0;
  }

  private static <T extends Comparable<T>> int compare(@Nullable T a, @Nullable T b) {
    return a == null || b == null ? 0 : a.compareTo(b);
  }
}
