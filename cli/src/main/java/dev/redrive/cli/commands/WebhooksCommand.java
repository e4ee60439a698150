package dev.redrive.cli.commands;

import dev.redrive.Webhook;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code redrive webhooks}. */
@Command(
    name = "webhooks",
    mixinStandardHelpOptions = true,
    description = "Lists the subscriptions, active or not, with their error counts where told.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive webhooks --provider chatt2me",
      "  redrive webhooks --provider baanx --output json",
      "  redrive webhooks --provider onlyoffice --base-url https://portal.example.com",
      "  redrive webhooks --provider voiso --base-url https://cluster.voiso.com",
      "  redrive webhooks --provider github --setting owner=octocat/site",
      "  redrive webhooks --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive",
      "  redrive webhooks --all"
    })
public final class WebhooksCommand extends ListCommand<Webhook, List<Webhook>> {
  public WebhooksCommand(Terminal terminal) {
    super(terminal, Listings.WEBHOOKS);
  }

  @Override
  List<Webhook> list(WebhookRetryClient client) {
    return client.webhooks();
  }

  @Override
  void tell(WebhookRetryClient client, List<Webhook> webhooks, long count, String of) {
    if (count == 0) {
      terminal.note(of + "no webhooks");
    }
  }
}
