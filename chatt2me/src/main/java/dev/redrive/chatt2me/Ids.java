package dev.redrive.chatt2me;

import dev.redrive.FailedDelivery;
import java.util.Locale;
import java.util.Objects;

/** Writes UUIDs in lower case, because a ledger or a user may have them in upper case. */
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
