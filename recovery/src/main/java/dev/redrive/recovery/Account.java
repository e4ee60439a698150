package dev.redrive.recovery;

import dev.redrive.DeliveryKey;
import dev.redrive.WebhookRetryClient;
import java.util.Objects;

/**
 * One account at one provider, as it stands in every {@link DeliveryKey}.
 *
 * @param provider the provider's id
 * @param name the account's name there
 */
public record Account(String provider, String name) {
  public Account {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(name, "name");
  }

  /** The account that a client works for. */
  public static Account of(WebhookRetryClient client) {
    return new Account(client.traits().provider(), client.account());
  }

  /** The account that a delivery belongs to. */
  public static Account of(DeliveryKey key) {
    return new Account(key.provider(), key.account());
  }

  @Override
  public String toString() {
    return provider + ":" + name;
  }
}
