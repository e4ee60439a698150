package dev.redrive.cli.page;

import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.Objects;

/**
 * Where deliveries go.
 *
 * @param name the webhook's name; its URL, or else its id, if there is none
 * @param url the URL without query; empty if it is the name or not known
 */
public record Endpoint(String name, String url) {
  static final Endpoint OTHERS = new Endpoint("(others)", "");

  static Endpoint of(LedgerEntry entry, WebhookNames names) {
    WebhookLog log = entry.delivery().latest();
    String url = Objects.requireNonNullElse(ProviderText.endpoint(log.endpoint()), "");
    String name = names.of(entry.account(), log.webhookId());
    if (!name.isEmpty()) {
      return new Endpoint(name, url.isEmpty() ? "webhook " + log.webhookId() : url);
    }
    if (!url.isEmpty()) {
      return new Endpoint(url, "");
    }
    return new Endpoint(log.webhookId() == null ? "(not known)" : "webhook " + log.webhookId(), "");
  }
}
