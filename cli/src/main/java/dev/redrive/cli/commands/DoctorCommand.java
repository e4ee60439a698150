package dev.redrive.cli.commands;

import dev.redrive.ProviderText;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Version;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.Wrapped;
import dev.redrive.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
      "  redrive doctor --provider voiso \\",
      "      --base-url https://cluster.voiso.com --output json",
      "  redrive doctor --provider github --setting owner=octocat/site",
      "  redrive doctor --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive"
    })
public final class DoctorCommand extends AccountCommand {
  private static final String INDENT = " ".repeat(17);

  @Mixin private final LedgerOption ledger = new LedgerOption();

  public DoctorCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var findings = new ArrayList<Finding>();
    findings.add(versions());
    findings.addAll(accounts());
    findings.addAll(new LedgerChecks(ledger).run());
    if (output.isJson()) {
      findings.forEach(finding -> print(finding.fields()));
    } else {
      boolean areSeveral = findings.stream().filter(one -> one.check().equals("key")).count() > 1;
      findings.forEach(finding -> print(finding, areSeveral));
    }
    return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.FAIL)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private List<Finding> accounts() {
    if (!isConnected()) {
      return List.of(
          new Finding.About("key", "")
              .warn(
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
    return new Finding.About("versions", "")
        .ok(
            "%s, Java %s, %s %s %s"
                .formatted(
                    Version.text(),
                    Runtime.version(),
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch")));
  }

  private void print(Finding finding, boolean areSeveral) {
    Terminal.Stream out = terminal.out();
    // One account needs no name.
    boolean isNamed = areSeveral && finding.check().matches("key|webhooks|clock");
    String word = "%-4s".formatted(finding.verdict().word());
    String coloured =
        switch (finding.verdict()) {
          case OK -> out.green(word);
          case WARN -> out.yellow(word);
          case FAIL -> out.red(word);
        };
    String text =
        "%s  %-9s  %s%s"
            .formatted(
                word,
                finding.check(),
                isNamed ? finding.subject() + ": " : "",
                ProviderText.clean(finding.text()));
    List<String> lines = Wrapped.lines(text, INDENT, out.width());
    out.println(coloured + lines.get(0).substring(word.length()));
    lines.stream().skip(1).forEach(out::println);
    if (finding.advice() != null) {
      Wrapped.lines(INDENT + ProviderText.clean(finding.advice()), INDENT, out.width())
          .forEach(out::println);
    }
  }
}
