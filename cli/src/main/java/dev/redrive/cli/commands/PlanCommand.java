package dev.redrive.cli.commands;

import dev.redrive.cli.options.Connections;
import dev.redrive.cli.terminal.Terminal;
import picocli.CommandLine.Command;

/** {@code redrive plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what 'recover' would do with the same options: how many deliveries, by cause, endpoint"
          + " and event, in how many requests, how long under the provider's limits, and what is"
          + " skipped. Sends nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive plan --provider chatt2me --since 6h",
      "  redrive plan --provider baanx --cause server-error",
      "  redrive plan --provider onlyoffice \\",
      "      --base-url https://portal.example.com --output json",
      "  redrive plan --provider voiso \\",
      "      --base-url https://cluster.voiso.com --max-rate 5",
      "  redrive plan --provider github --setting owner=octocat/site --since 3d",
      "  redrive plan --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive --since 6h",
      "  redrive plan --all"
    })
public final class PlanCommand extends EngineCommand {
  public PlanCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try (Connections connections = open()) {
      return plan(connections);
    }
  }
}
