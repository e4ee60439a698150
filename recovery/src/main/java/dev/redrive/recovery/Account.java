package dev.redrive.recovery;

import dev.redrive.Capability;
import dev.redrive.WebhookRetryClient;
import java.util.Objects;

/**
 * One account at one provider.
 *
 * @param provider the provider's id
 * @param name the account's name there, as in every {@link dev.redrive.DeliveryKey}
 * @param identity where the ids of its deliveries are unique
 */
public record Account(String provider, String name, Identity identity) {
  /** Where an id names one delivery only. */
  public enum Identity {
    /** In the account: another account may have the same id for something else. */
    IN_ACCOUNT,
    /** At the provider: the account's name is a label that may change. */
    AT_PROVIDER
  }

  public Account {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(identity, "identity");
  }

  /** An account with ids of its own. */
  public Account(String provider, String name) {
    this(provider, name, Identity.IN_ACCOUNT);
  }

  /** The account that a client works for. */
  public static Account of(WebhookRetryClient client) {
    return new Account(
        client.traits().provider(),
        client.account(),
        client.traits().can(Capability.UNIQUE_IDS) ? Identity.AT_PROVIDER : Identity.IN_ACCOUNT);
  }

  @Override
  public String toString() {
    return provider + ":" + name;
  }
}
