package dev.redrive.cli.commands;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.Listing.LeftOut;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.terminal.Terminal;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive logs}. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description =
        "Lists delivery logs: every attempt that the provider recorded, succeeded ones too.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive logs --provider chatt2me --since 1h",
      "  redrive logs --provider baanx --event-type kyc.status.changed --limit 20",
      "  redrive logs --provider onlyoffice \\",
      "      --base-url https://portal.example.com --output json",
      "  redrive logs --provider github --setting owner=octocat/site --since 1h",
      "  redrive logs --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive --since 1h",
      "  redrive logs --profile sales,support --since 1h",
      "  Voiso keeps failures only: 'redrive failures' lists them."
    })
public final class LogsCommand extends ListCommand<WebhookLog, Listing<WebhookLog>> {
  @Mixin private final FilterOptions filter = new FilterOptions();

  public LogsCommand(Terminal terminal) {
    super(terminal, Listings.LOGS);
  }

  /** Providers look at causes where they list failures only. */
  @Override
  Listing<WebhookLog> list(WebhookRetryClient client) {
    DeliveryQuery query = filter.query();
    if (query.causes().isEmpty()) {
      return client.logs(query);
    }
    Listing<WebhookLog> all = client.logs(query.toBuilder().limit(Long.MAX_VALUE).build());
    return new Listing<>() {
      @Override
      public Iterator<WebhookLog> iterator() {
        return all.stream()
            .filter(log -> log.status() == DeliveryStatus.FAILED)
            .filter(log -> query.causes().contains(FailedDelivery.of(log).cause()))
            .limit(query.limit())
            .iterator();
      }

      @Override
      public LeftOut leftOut() {
        return all.leftOut();
      }
    };
  }

  @Override
  void tell(WebhookRetryClient client, Listing<WebhookLog> logs, long count, String of) {
    LeftOutRows.tell(logs.leftOut(), count, "logs", of, terminal);
  }
}
