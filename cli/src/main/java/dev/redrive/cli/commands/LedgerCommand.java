package dev.redrive.cli.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive ledger}. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Shows where the ledger is and what it holds, corrects it, and stops runs on any machine.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive ledger path",
      "  redrive ledger stats --ledger postgresql://ops@db/redrive",
      "  redrive ledger resolve b2c3d4e5-f6a7-8901-bcde-f23456789012 --as delivered",
      "  redrive ledger purge --before 90d",
      "  redrive ledger stop last"
    })
public final class LedgerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public LedgerCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "ledger needs a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
