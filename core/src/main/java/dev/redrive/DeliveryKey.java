package dev.redrive;

import java.util.Objects;

/**
 * Names one delivery everywhere: in results, reports and the ledger.
 *
 * @param provider the provider's id, such as {@code chatt2me}
 * @param account what tells two accounts at one provider apart; by default the authority of the
 *     base URL. Never a secret
 * @param id the provider's id of the delivery. At Baanx, where a delivery is an (event, webhook)
 *     pair, {@code eventId/webhookId}
 */
public record DeliveryKey(String provider, String account, String id) {
  public DeliveryKey {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(id, "id");
  }

  /** {@code provider:account:id}, for people to read; ids may hold any character. */
  @Override
  public String toString() {
    return provider + ":" + account + ":" + id;
  }
}
