package dev.redrive.cli.commands;

import dev.redrive.ProviderText;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.output.ResultLine;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code redrive history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Lists earlier runs from the ledger, newest first, or one run's deliveries and what became of"
          + " each.",
      "A delivery is listed under the run that had it last. Needs no network and no key."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive history",
      "  redrive history 20260301-031500-1a2b",
      "  redrive history 20260301-031500-1a2b --output json | grep FAILED_AGAIN",
      "  redrive history --ledger postgresql://ops@db/redrive"
    })
public final class HistoryCommand implements Callable<Integer> {
  private static final Rows<LedgerRun> RUNS =
      new Rows<>(
          List.of(
              "RUN", "STARTED", "ENDED", "END", "ACCOUNTS", "FOUND", "DELIVERED", "NOT DELIVERED"),
          HistoryCommand::cells,
          HistoryCommand::fields);

  private static final Rows<LedgerEntry> DELIVERIES =
      new Rows<>(
          List.of("ID", "EVENT", "FAILED AT", "STATE", "SENT", "SETTLED", "REASON"),
          entry ->
              new Object[] {
                entry.key().id(),
                entry.delivery().latest().eventType(),
                Listings.seconds(entry.delivery().latest().createdAt()),
                Fate.of(entry.state()),
                entry.sends(),
                Listings.seconds(entry.settledAt()),
                reason(entry)
              },
          ResultLine::of);

  private final Terminal terminal;

  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run whose deliveries to list. Default: list the runs.")
  private @Nullable String run;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many runs. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public HistoryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + ": ask for at least 1");
    }
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      terminal.note("no runs yet: there is no ledger at " + ledger);
      return run == null ? ExitCode.OK : ExitCode.FAILED;
    }
    try (RetryLedger state = opened.get()) {
      return run == null ? runs(state) : deliveries(state, run);
    }
  }

  private int runs(RetryLedger state) {
    if (RUNS.write(state.runs(limit), output.format(), terminal.out()) == 0) {
      terminal.note("no runs yet in " + ledger);
    }
    return ExitCode.OK;
  }

  private int deliveries(RetryLedger state, String name) {
    if (state.runs(Integer.MAX_VALUE).stream().noneMatch(known -> known.id().equals(name))) {
      terminal.error(
          "there is no run " + name + " in " + ledger + ": 'redrive history' lists them");
      return ExitCode.FAILED;
    }
    try (Rows.Writer<LedgerEntry> rows = DELIVERIES.writer(output.format(), terminal.out())) {
      state.entries(name, rows::write);
      if (rows.count() == 0) {
        terminal.note("no delivery was last held by run " + name);
      }
    }
    return ExitCode.OK;
  }

  private static @Nullable Object[] cells(LedgerRun run) {
    DeliveryCounts counts = run.counts();
    return new Object[] {
      run.id(),
      Listings.seconds(run.startedAt()),
      run.endedAt() == null ? "(not ended)" : Listings.seconds(run.endedAt()),
      run.end() == null ? null : run.end().name().toLowerCase(Locale.ROOT),
      run.accounts().stream().map(Account::toString).collect(Collectors.joining(", ")),
      counts == null ? null : counts.found(),
      counts == null ? null : counts.delivered(),
      counts == null ? null : counts.notDelivered()
    };
  }

  private static Fields fields(LedgerRun run) {
    DeliveryCounts counts = run.counts();
    Fields fields =
        new Fields()
            .text("run", run.id())
            .objects(
                "accounts",
                run.accounts().stream()
                    .map(
                        account ->
                            new Fields()
                                .text("provider", account.provider())
                                .text("account", account.name()))
                    .toList())
            .time("startedAt", run.startedAt())
            .time("endedAt", run.endedAt())
            .text("end", run.end() == null ? null : run.end().name());
    return ReportPrinter.add(fields, counts);
  }

  private static @Nullable String reason(LedgerEntry entry) {
    if (entry.reason() != null) {
      return ProviderText.clean(entry.reason(), 100);
    }
    return Fate.of(entry.state()) == Fate.FAILED_AGAIN ? entry.delivery().cause().name() : null;
  }
}
