package dev.redrive.cli.page;

import dev.redrive.RedriveException;
import dev.redrive.Webhook;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of webhooks, which providers know and the ledger does not keep. */
public final class WebhookNames {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookNames.class);

  public static final WebhookNames NONE = new WebhookNames(Map.of());

  private final Map<String, String> names;

  private WebhookNames(Map<String, String> names) {
    this.names = names;
  }

  /** Asks the providers. A provider that cannot tell leaves its webhooks without names. */
  public static WebhookNames read(Iterable<? extends WebhookRetryClient> clients) {
    var names = new HashMap<String, String>();
    for (WebhookRetryClient client : clients) {
      try {
        for (Webhook webhook : client.webhooks()) {
          if (webhook.name() != null && !webhook.name().isBlank()) {
            names.put(key(Account.of(client), webhook.id()), webhook.name());
          }
        }
      } catch (RedriveException e) {
        // A page without names is better than none.
        LOG.debug("The page lacks names of webhooks: {}", e.getMessage());
      }
    }
    return new WebhookNames(names);
  }

  /** Returns the name of a webhook; empty if it is not known. */
  String of(Account account, @Nullable String webhook) {
    return webhook == null ? "" : names.getOrDefault(key(account, webhook), "");
  }

  private static String key(Account account, String webhook) {
    return account + "\n" + webhook.toLowerCase(Locale.ROOT);
  }
}
