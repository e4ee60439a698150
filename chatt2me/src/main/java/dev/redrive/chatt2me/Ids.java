package dev.redrive.chatt2me;

import dev.redrive.FailedDelivery;
import java.util.Locale;
import java.util.Objects;

/** UUIDs in one spelling, since a ledger or a user may hold them in upper case. */
final class Ids {
  private Ids() {}

  static String of(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  static String of(FailedDelivery delivery) {
    return of(delivery.key().id());
  }

  static String ofWebhook(FailedDelivery delivery) {
    return of(Objects.requireNonNull(delivery.latest().webhookId(), "webhookId"));
  }
}
