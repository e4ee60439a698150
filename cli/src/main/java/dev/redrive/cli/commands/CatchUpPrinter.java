package dev.redrive.cli.commands;

import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Headline;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** Shows the rounds of a catch-up, a line each. */
final class CatchUpPrinter {
  private final Terminal terminal;
  private final OutputFormat format;
  private final RetryLedger ledger;
  private final Map<Account, String> names;

  CatchUpPrinter(
      Terminal terminal, OutputFormat format, RetryLedger ledger, Map<Account, String> names) {
    this.terminal = terminal;
    this.format = format;
    this.ledger = ledger;
    this.names = names;
  }

  /** Shows a round, and returns it. Rounds of several accounts may end at once. */
  synchronized CatchUpRound print(CatchUpRound round) {
    String name = names.getOrDefault(round.account(), round.account().name());
    RecoveryReport report = round.report();
    if (report == null) {
      terminal.note(name + ": another process is catching up");
      return round;
    }
    var printer = new ReportPrinter(report, ledger);
    Instant since = Objects.requireNonNull(round.since());
    Instant until = Objects.requireNonNull(round.until());
    if (Duration.between(since, until).toSeconds() < 1) {
      terminal.note(
          name
              + ": catching up from now on. For what failed earlier, use 'redrive recover', or"
              + " --since the first time");
    }
    String of = names.isEmpty() ? "" : name + ": ";
    report.problems().forEach(problem -> terminal.error(of + printer.said(problem)));
    boolean isComplete = round.result() == CatchUpRound.Result.COMPLETE;
    terminal
        .out()
        .print()
        .println(
            switch (format) {
              case TABLE -> line(of, report, since, isComplete);
              case JSON ->
                  Json.line(
                      printer
                          .fields()
                          .text("profile", names.get(round.account()))
                          .time("since", since)
                          .time("until", until)
                          .value("complete", isComplete));
            });
    return round;
  }

  private static String line(String of, RecoveryReport report, Instant since, boolean isComplete) {
    long left = report.counts().skippedUndelivered();
    return Times.toTheSecond(report.startedAt())
        + "  "
        + of
        + Headline.of(report, Long::toString)
        + (left == 0 ? "" : ", " + left + " skipped")
        + (isComplete ? "" : ", window not complete")
        + ", back to "
        + Times.toTheSecond(since)
        + ", took "
        + Durations.format(report.elapsed());
  }
}
