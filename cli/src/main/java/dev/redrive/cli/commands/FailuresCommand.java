package dev.redrive.cli.commands;

import dev.redrive.DeliveryQuery;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.terminal.Terminal;
import java.util.concurrent.Callable;
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
      "  redrive failures --provider chatt2me --since 6h --cause server-error,no-response",
      "  redrive failures --provider baanx --event-type kyc.status.changed",
      "  redrive failures --provider onlyoffice --base-url https://portal.example.com --limit 20",
      "  redrive failures --provider voiso --base-url https://cluster.voiso.com --output json",
      "  redrive failures --all --since 1h"
    })
public final class FailuresCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final FilterOptions filter = new FilterOptions();
  @Mixin private final OutputOption output = new OutputOption();

  public FailuresCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    DeliveryQuery query = filter.query();
    try (Connections connections = connection.open()) {
      return new EachProfile<>(Listings.FAILURES, output.format(), terminal)
          .write(
              connections,
              client -> client.failures(query),
              (client, failures, count, of) -> {
                long outOfSight = count < query.limit() ? client.outOfSight() : 0;
                if (outOfSight > 0) {
                  terminal.note(
                      of
                          + outOfSight
                          + " more are out of sight: the provider shows them as others are"
                          + " recovered");
                }
                LeftOutRows.tell(failures.leftOut(), count, "failures", of, terminal);
              });
    }
  }
}
