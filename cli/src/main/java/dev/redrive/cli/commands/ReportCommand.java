package dev.redrive.cli.commands;

import dev.redrive.TimeSource;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.NewFile;
import dev.redrive.cli.page.HtmlReport;
import dev.redrive.cli.page.RunFacts;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
      "  redrive report last --ledger postgresql://ops@db/redrive"
    })
public final class ReportCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final TimeSource time;

  @Mixin private final LedgerOption ledger = new LedgerOption();

  @Spec private CommandSpec spec;

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
    this.terminal = terminal;
    this.time = time;
  }

  @Override
  public Integer call() throws IOException {
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      throw new UnknownRunException("there is no ledger at " + ledger + ": check --ledger");
    }
    try (RetryLedger state = opened.get()) {
      write(RunName.find(run, state, ledger), state);
    }
    return ExitCode.OK;
  }

  private void write(LedgerRun found, RetryLedger state) throws IOException {
    RunFacts facts = RunFacts.of(found, time.now());
    Path path = report == null ? Path.of("redrive-" + found.id() + ".html") : report;
    Invocation invocation = Invocation.of(spec.commandLine().getParseResult());
    try (var file = new NewFile(path)) {
      HtmlReport.write(facts, state, WebhookNames.NONE, invocation, file.writer());
      file.keep();
    }
    String how =
        switch (facts.state()) {
          case RUNNING -> ", which is still running,";
          case DEAD -> ", which was broken off,";
          case ENDED -> "";
        };
    terminal.out().print().println("The report of run " + found.id() + how + " is in " + path);
  }
}
