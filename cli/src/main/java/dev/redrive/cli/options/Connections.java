package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All clients of one command, in the order in which the user named them. */
public final class Connections implements AutoCloseable {
  private final List<One> all;

  /**
   * A client, and who it is for.
   *
   * @param profile the name of its profile; null if it was described by flags
   * @param provider the provider
   * @param webhook the only webhook that it lists; null for all
   * @param client the client; closed with all of them
   */
  public record One(
      @Nullable String profile,
      ProviderFactory provider,
      @Nullable String webhook,
      WebhookRetryClient client) {
    /** Its name for people. */
    public String name() {
      return profile == null ? client.account() : profile;
    }
  }

  Connections(List<One> all) {
    this.all = List.copyOf(all);
  }

  public List<One> all() {
    return all;
  }

  /** Whether there is more than one, so that output has to tell them apart. */
  public boolean areSeveral() {
    return all.size() > 1;
  }

  public List<WebhookRetryClient> clients() {
    return all.stream().map(One::client).toList();
  }

  /** The names of several by their accounts, in their order; empty if there is only one. */
  public Map<Account, String> names() {
    Map<Account, String> names = new LinkedHashMap<>();
    if (areSeveral()) {
      all.forEach(one -> names.put(Account.of(one.client()), one.name()));
    }
    return names;
  }

  /**
   * The webhooks that clients are confined to, by account; empty if all list all of theirs. The
   * same for the same, in whatever order they were named.
   */
  public String webhooks() {
    return all.stream()
        .filter(one -> one.webhook() != null)
        .map(one -> Account.of(one.client()) + "=" + one.webhook())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    all.forEach(one -> one.client().close());
  }
}
