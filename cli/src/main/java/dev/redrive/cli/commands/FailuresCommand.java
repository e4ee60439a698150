package dev.redrive.cli.commands;

import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive failures}. */
@Command(
    name = "failures",
    mixinStandardHelpOptions = true,
    description = {
      "Lists failed deliveries as the provider shows them.",
      "Some providers show what was recovered long ago as well: 'redrive plan' leaves that out."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive failures --provider chatt2me --since 6h \\",
      "      --cause server-error,no-response",
      "  redrive failures --provider baanx --event-type kyc.status.changed",
      "  redrive failures --provider onlyoffice \\",
      "      --base-url https://portal.example.com --limit 20",
      "  redrive failures --provider voiso \\",
      "      --base-url https://cluster.voiso.com --output json",
      "  redrive failures --provider github --setting owner=octocat --since 1d",
      "  redrive failures --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive",
      "  redrive failures --all --since 1h"
    })
public final class FailuresCommand extends ListCommand<FailedDelivery, Listing<FailedDelivery>> {
  @Mixin private final FilterOptions filter = new FilterOptions();

  public FailuresCommand(Terminal terminal) {
    super(terminal, Listings.FAILURES);
  }

  @Override
  Listing<FailedDelivery> list(WebhookRetryClient client) {
    return client.failures(filter.query());
  }

  @Override
  void tell(WebhookRetryClient client, Listing<FailedDelivery> failures, long count, String of) {
    long outOfSight = count < filter.query().limit() ? client.outOfSight() : 0;
    if (outOfSight > 0) {
      terminal.note(
          of
              + outOfSight
              + " more are out of sight: the provider shows them as others are recovered");
    }
    LeftOutRows.tell(failures.leftOut(), count, "failures", of, terminal);
  }
}
