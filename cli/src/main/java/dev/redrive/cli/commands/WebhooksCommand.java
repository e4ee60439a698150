package dev.redrive.cli.commands;

import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
      "  redrive webhooks --all"
    })
public final class WebhooksCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final OutputOption output = new OutputOption();

  public WebhooksCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    try (Connections connections = connection.open()) {
      return new EachProfile<>(Listings.WEBHOOKS, output.format(), terminal)
          .write(
              connections,
              WebhookRetryClient::webhooks,
              (client, webhooks, count, of) -> {
                if (count == 0) {
                  terminal.note(of + "no webhooks");
                }
              });
    }
  }
}
