package dev.redrive.cli.commands;

import dev.redrive.ProviderText;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Main;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code redrive doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks what a recovery needs: key, clock and webhooks of the accounts that are named,"
          + " the ledger, and versions. Sends and changes nothing.",
      "Each line says ok, warn or FAIL, and what to do. Ends with 1 if anything fails."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive doctor --all",
      "  redrive doctor --provider chatt2me",
      "  redrive doctor --provider baanx --ledger postgresql://ops@db/redrive",
      "  redrive doctor --provider onlyoffice --base-url https://portal.example.com",
      "  redrive doctor --provider voiso --base-url https://cluster.voiso.com --output json"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final String INDENT = " ".repeat(17);

  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    var findings = new ArrayList<Finding>();
    findings.add(versions());
    findings.addAll(account());
    findings.addAll(new LedgerChecks(ledger).run());
    if (output.format() == OutputFormat.JSON) {
      findings.forEach(finding -> terminal.out().print().println(Json.line(finding.fields())));
    } else {
      boolean areSeveral = findings.stream().filter(one -> one.check().equals("key")).count() > 1;
      findings.forEach(finding -> print(finding, areSeveral));
    }
    return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.FAIL)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private List<Finding> account() {
    if (!GivenOptions.anyOf(spec, "connection")) {
      return List.of(
          Finding.warn(
              "key",
              "",
              "no account is named: none is checked",
              "Add --profile NAME, --all, or --provider NAME, as for 'recover'."));
    }
    try (Connections connections = connection.open()) {
      return connections.clients().stream()
          .flatMap(client -> new AccountChecks(client).run().stream())
          .toList();
    }
  }

  private static Finding versions() {
    return Finding.ok(
        "versions",
        "",
        new Main.Version().getVersion()[0]
            + ", Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
  }

  private void print(Finding finding, boolean areSeveral) {
    Terminal.Stream out = terminal.out();
    // One account needs no name.
    boolean isNamed = areSeveral && finding.check().matches("key|webhooks|clock");
    String subject = isNamed ? finding.subject() + ": " : "";
    String word = String.format("%-4s", finding.verdict().word());
    String coloured =
        switch (finding.verdict()) {
          case OK -> out.green(word);
          case WARN -> out.yellow(word);
          case FAIL -> out.red(word);
        };
    out.print()
        .println(
            coloured
                + "  "
                + String.format("%-9s", finding.check())
                + "  "
                + ProviderText.clean(subject + finding.text()));
    if (finding.advice() != null) {
      out.print().println(INDENT + ProviderText.clean(finding.advice()));
    }
  }
}
