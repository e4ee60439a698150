package dev.redrive.cli.commands;

import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.output.OutputFiles;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.Terminal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code redrive recover}. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = {
      "Sends failed deliveries again, once each: shows the plan, asks, tries a few, sends the"
          + " rest, and reads what became of each.",
      "The same command run again goes on where it stopped, and sends nothing twice."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive recover --provider chatt2me --since 6h",
      "  redrive recover --provider baanx --cause server-error --max-rate 5",
      "  redrive recover --provider onlyoffice \\",
      "      --base-url https://portal.example.com --dry-run",
      "  redrive recover --provider voiso --base-url https://cluster.voiso.com \\",
      "      --yes --output json --results results.jsonl --report report.html",
      "  redrive recover --provider github --setting owner=octocat/site --since 3d",
      "  redrive recover --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive --since 6h",
      "  redrive recover --provider chatt2me --ledger postgresql://ops@db/redrive",
      "  redrive recover --all --yes"
    })
public final class RecoverCommand extends EngineCommand {
  @Mixin private final Consent consent = new Consent();

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

  public RecoverCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (!dryRun) {
      consent.check(spec, terminal);
    }
    try (Connections connections = open()) {
      return dryRun ? plan(connections) : run(connections);
    }
  }

  private int run(Connections connections) {
    var files =
        new OutputFiles.Wanted(
            results,
            report,
            Invocation.of(spec.commandLine().getParseResult()),
            () -> WebhookNames.read(connections.clients()));
    return new RecoveryRunner(
            terminal,
            output.format(),
            filter.query().limit(),
            consent.isGiven(),
            files,
            connections.names())
        .run(recovery(connections.clients()), ledger);
  }
}
