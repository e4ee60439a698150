package dev.redrive.recovery;

import dev.redrive.Capability;
import dev.redrive.WebhookRetryClient;
import java.util.Objects;

/**
 * An account at a provider.
 *
 * @param provider the provider's id
 * @param name the account's name, as in {@link dev.redrive.DeliveryKey#account()}
 * @param identity where the ids of its deliveries are unique
 */
public record Account(String provider, String name, Identity identity) {
  /** Where delivery ids are unique. */
  public enum Identity {
    /** Unique in the account: the same id in another account is another delivery. */
    IN_ACCOUNT,
    /** Unique at the provider: the account's name is only a label, and may change. */
    AT_PROVIDER
  }

  public Account {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(identity, "identity");
  }

  /** Creates an account whose delivery ids are unique in the account. */
  public Account(String provider, String name) {
    this(provider, name, Identity.IN_ACCOUNT);
  }

  /** Returns the account of a client. */
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
