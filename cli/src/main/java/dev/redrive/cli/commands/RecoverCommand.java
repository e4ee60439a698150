package dev.redrive.cli.commands;

import dev.redrive.DeliveryQuery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.options.RecoveryOptions;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive recover}. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = {
      "Has failed deliveries sent again, each once: shows what it is about to do, asks, tries a few,"
          + " sends the rest, and reads what became of each.",
      "The same command run again goes on where it stopped, and sends nothing twice."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive recover --provider chatt2me --since 6h",
      "  redrive recover --provider baanx --cause server-error --max-rate 5",
      "  redrive recover --provider onlyoffice --base-url https://portal.example.com --dry-run",
      "  redrive recover --provider voiso --base-url https://cluster.voiso.com \\",
      "      --yes --output json --results results.jsonl --report report.html",
      "  redrive recover --provider chatt2me --ledger postgresql://ops@db/redrive",
      "  redrive recover --all --yes"
    })
public final class RecoverCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final FilterOptions filter = new FilterOptions();
  @Mixin private final RecoveryOptions recovery = new RecoveryOptions();
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Spec private CommandSpec spec;

  @Option(
      names = {"-y", "--yes"},
      description = "Ask no question; needed where there is no terminal.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show the plan, and send nothing.")
  private boolean dryRun;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "Write one JSON line for each delivery, skipped ones too.")
  private @Nullable Path results;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page to look at and hand on; it needs no network.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public RecoverCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    if (!yes && !dryRun && !terminal.canAsk()) {
      throw new ParameterException(
          spec.commandLine(),
          "recover asks before it sends, and there is no terminal to ask on: add --yes, or look"
              + " first with --dry-run");
    }
    recovery.check();
    DeliveryQuery query = filter.query();
    try (Connections connections = connection.open(recovery.concurrency())) {
      return dryRun ? plan(connections, query) : run(connections, query);
    }
  }

  private Recovery.Builder of(List<WebhookRetryClient> clients, DeliveryQuery query) {
    return recovery.applyTo(Recovery.of(clients)).query(query);
  }

  private int plan(Connections connections, DeliveryQuery query) {
    try (RetryLedger known = ledger.openToPlan()) {
      return new Planning(
              clients -> of(clients, query).ledger(known).build(), output.format(), terminal)
          .show(connections);
    }
  }

  private int run(Connections connections, DeliveryQuery query) {
    var runner =
        new RecoveryRunner(
            terminal,
            new RecoveryRunner.Output(
                output.format(),
                query.limit(),
                yes ? RecoveryRunner.Approval.GIVEN : RecoveryRunner.Approval.ASKED,
                results,
                report,
                "What went out is recorded, the rest is still queued. Run the same command again to"
                    + " go on: what was delivered is not sent again."),
            connections.names());
    return runner.run(of(connections.clients(), query), ledger::open);
  }
}
