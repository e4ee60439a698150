package dev.redrive;

import java.util.Objects;

/**
 * Identifies a delivery: in results, in reports and in the ledger.
 *
 * @param provider the provider's id, such as {@code chatt2me}
 * @param account the name of the account at that provider; by default the host and port of the base
 *     URL. Never a secret
 * @param id the provider's id of the delivery. At Baanx, where a delivery is one event at one
 *     webhook, {@code eventId/webhookId}
 */
public record DeliveryKey(String provider, String account, String id) {
  public DeliveryKey {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(id, "id");
  }

  /** {@code provider:account:id}, to be shown, not parsed: an id may contain any character. */
  @Override
  public String toString() {
    return provider + ":" + account + ":" + id;
  }
}
