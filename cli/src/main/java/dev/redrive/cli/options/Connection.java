package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.WebhookRetryClient;
import org.jspecify.annotations.Nullable;

/**
 * A client, and who it is for.
 *
 * @param profile the name of its profile; null if it was described by flags
 * @param provider the provider
 * @param webhook the only webhook that it lists; null for all
 * @param client the client; {@link Connections} closes it
 */
public record Connection(
    @Nullable String profile,
    ProviderFactory provider,
    @Nullable String webhook,
    WebhookRetryClient client) {
  /** Its name for people. */
  public String name() {
    return profile == null ? client.account() : profile;
  }
}
