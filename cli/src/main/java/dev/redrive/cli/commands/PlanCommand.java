package dev.redrive.cli.commands;

import dev.redrive.DeliveryQuery;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.options.RecoveryOptions;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what 'recover' would do with the same options: how many deliveries, by cause, endpoint"
          + " and event, in how many requests, how long under the provider's limits, and what is"
          + " skipped. Sends nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive plan --provider chatt2me --since 6h",
      "  redrive plan --provider baanx --cause server-error",
      "  redrive plan --provider onlyoffice --base-url https://portal.example.com --output json",
      "  redrive plan --provider voiso --base-url https://cluster.voiso.com --max-rate 5",
      "  redrive plan --all"
    })
public final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final FilterOptions filter = new FilterOptions();
  @Mixin private final RecoveryOptions recovery = new RecoveryOptions();
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  public PlanCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    recovery.check();
    DeliveryQuery query = filter.query();
    try (Connections connections = connection.open(recovery.concurrency());
        RetryLedger known = ledger.openToPlan()) {
      return new Planning(
              clients -> recovery.applyTo(Recovery.of(clients)).query(query).ledger(known).build(),
              output.format(),
              terminal)
          .show(connections);
    }
  }
}
