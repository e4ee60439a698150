package dev.redrive.cli.commands;

import dev.redrive.ProviderText;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.Words;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.ResultLine;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code redrive history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Lists runs from the ledger, newest first, or the deliveries of one run and what became of"
          + " each.",
      "Also while a recovery runs, here or elsewhere. Needs no network and no key."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive history",
      "  redrive history last",
      "  redrive history last --state failed-again,unknown",
      "  redrive history 20260301-0315 --output json",
      "  redrive history --ledger postgresql://ops@db/redrive"
    })
public final class HistoryCommand extends BaseCommand {
  private static final Rows<RunSoFar> RUNS =
      new Rows<>(
          List.of(
              "RUN", "STARTED", "END", "FOUND", "DELIVERED", "NOT DELIVERED", "ENDED", "ACCOUNTS"),
          RunSoFar::cells,
          RunSoFar::fields);

  private static final Rows<LedgerEntry> DELIVERIES =
      new Rows<>(
          List.of("ID", "EVENT", "FAILED AT", "STATE", "SENT", "SETTLED", "REASON"),
          entry ->
              new Object[] {
                entry.key().id(),
                entry.delivery().latest().eventType(),
                Times.seconds(entry.delivery().latest().createdAt()),
                Fate.of(entry.state()),
                entry.sends(),
                Times.seconds(entry.settledAt()),
                reason(entry)
              },
          ResultLine::of);

  @Mixin private final LedgerOption ledger = new LedgerOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description =
          "The run whose deliveries to list: its id, the beginning of it, or 'last'. Default: list"
              + " the runs.")
  private @Nullable String run;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      converter = Words.Fates.class,
      completionCandidates = Words.Fates.class,
      description = "Deliveries of the run in these states only: ${COMPLETION-CANDIDATES}.")
  private Set<Fate> states = Set.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most this many runs. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public HistoryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw wrong("--limit is " + limit + ": ask for at least 1");
    }
    if (run == null && !states.isEmpty()) {
      throw wrong("--state is for the deliveries of a run: name it, or 'last'");
    }
    Optional<RetryLedger> opened =
        run == null ? ledger.openToRead() : Optional.of(ledger.openExisting());
    if (opened.isEmpty()) {
      terminal.note("no runs yet: there is no ledger at " + ledger);
      return ExitCode.OK;
    }
    try (RetryLedger state = opened.get()) {
      return run == null ? runs(state) : deliveries(state, RunName.find(run, state, ledger));
    }
  }

  private int runs(RetryLedger state) {
    List<RunSoFar> runs =
        state.runs(limit).stream().map(known -> RunSoFar.of(known, state)).toList();
    if (RUNS.write(runs, output.format(), terminal.out()) == 0) {
      terminal.note("no runs yet in " + ledger);
    }
    return ExitCode.OK;
  }

  private int deliveries(RetryLedger state, LedgerRun named) {
    try (Rows.Writer<LedgerEntry> rows = DELIVERIES.writer(output.format(), terminal.out())) {
      state.entries(
          named.id(),
          entry -> {
            if (states.isEmpty() || states.contains(Fate.of(entry.state()))) {
              rows.write(entry);
            }
          });
      if (rows.count() == 0) {
        terminal.note(
            "run "
                + named.id()
                + " has no deliveries"
                + (states.isEmpty()
                    ? ""
                    : states.stream()
                        .sorted()
                        .map(Words::of)
                        .collect(Collectors.joining(", ", " in ", ""))));
      }
    }
    return ExitCode.OK;
  }

  private static @Nullable String reason(LedgerEntry entry) {
    if (entry.reason() != null) {
      return ProviderText.clean(entry.reason(), 100);
    }
    return Fate.of(entry.state()) == Fate.FAILED_AGAIN ? entry.delivery().cause().name() : null;
  }
}
