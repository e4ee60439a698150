package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code redrive ledger stop}. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    description = {
      "Stops a run, on whatever machine it is, as Ctrl-C does there: nothing more goes out, and"
          + " what is under way is recorded. The rest stays queued.",
      "A catch-up goes on with its next round: end its process to stop it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive ledger stop last",
      "  redrive ledger stop 20260301-0315 --ledger postgresql://ops@db/redrive"
    })
public final class LedgerStopCommand extends BaseCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();

  @Parameters(
      paramLabel = "RUN",
      description = "The run: its id, the beginning of it, or 'last' for the newest.")
  private String run;

  @SuppressWarnings("NullAway.Init") // picocli sets the run.
  public LedgerStopCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try (RetryLedger state = ledger.openExisting()) {
      LedgerRun found = RunName.find(run, state, ledger);
      boolean isAsked = state.admin().stop(found.id());
      boolean stops = isAsked && found.isAlive();
      if (output.isJson()) {
        print(new Fields().text("run", found.id()).value("stops", stops).value("ended", !isAsked));
      } else {
        String what =
            stops
                ? " stops within a few seconds: nothing more goes out, and the rest stays queued."
                    + " 'redrive recover' goes on with it."
                : isAsked
                    ? " was killed: there is nothing to stop. 'redrive recover' goes on with what"
                        + " it left."
                    : " has ended: there is nothing to stop.";
        terminal.note("Run " + found.id() + what);
      }
    }
    return ExitCode.OK;
  }
}
