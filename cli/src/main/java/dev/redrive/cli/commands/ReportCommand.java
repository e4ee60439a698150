package dev.redrive.cli.commands;

import dev.redrive.TimeSource;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.config.ConfigException;
import dev.redrive.cli.config.ConfigFile;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.Sender;
import dev.redrive.cli.output.NewFile;
import dev.redrive.cli.page.HtmlReport;
import dev.redrive.cli.page.RunFacts;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code redrive report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the page of a run from the ledger: of any run, also of one that is still active in"
          + " another process, or that was killed.",
      "Needs no network and no key. The ledger keeps neither a run's options nor its problems: only"
          + " 'recover --report' shows them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive report last",
      "  redrive report 20260301-0315 --report outage.html",
      "  redrive report last --ledger postgresql://ops@db/redrive --output json"
    })
public final class ReportCommand extends BaseCommand {
  private final TimeSource time;

  @Mixin private final LedgerOption ledger = new LedgerOption();

  @Parameters(
      paramLabel = "RUN",
      description = "The run: its id, the beginning of it, or 'last' for the newest.")
  private String run;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Where to write the page. Default: redrive-RUN.html in this folder.")
  private @Nullable Path report;

  public ReportCommand(Terminal terminal) {
    this(terminal, TimeSource.system());
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public ReportCommand(Terminal terminal, TimeSource time) {
    super(terminal);
    this.time = time;
  }

  @Override
  public Integer call() throws IOException {
    try (RetryLedger state = ledger.openExisting()) {
      LedgerRun found = RunName.find(run, state, ledger);
      RunFacts facts = RunFacts.of(found, time.now());
      Path path = report == null ? Path.of("redrive-" + found.id() + ".html") : report;
      String next = write(facts, state, path);
      if (output.isJson()) {
        print(
            RunSoFar.of(found, state)
                .fields()
                .text("next", next)
                .text("file", path.toAbsolutePath().toString()));
      } else {
        String how =
            switch (facts.state()) {
              case RUNNING -> ", which is still running,";
              case DEAD -> ", which was broken off,";
              case ENDED -> "";
            };
        terminal.out().println("The report of run " + found.id() + how + " is in " + path);
      }
    }
    return ExitCode.OK;
  }

  private String write(RunFacts facts, RetryLedger state, Path path) throws IOException {
    Invocation invocation = Invocation.of(spec.commandLine().getParseResult());
    try (var file = new NewFile(path)) {
      String next =
          HtmlReport.write(facts, state, WebhookNames.NONE, invocation, profiles(), file.writer());
      file.keep();
      return next;
    }
  }

  /** A configuration file that cannot be read leaves the page without profiles. */
  private Map<Account, String> profiles() {
    try {
      return Sender.profiles(ConfigFile.of(System.getenv()).read().list());
    } catch (ConfigException e) {
      terminal.warn("the next command names no profile: " + e.getMessage());
      return Map.of();
    }
  }
}
