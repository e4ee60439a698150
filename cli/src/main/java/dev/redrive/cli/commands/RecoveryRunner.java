package dev.redrive.cli.commands;

import dev.redrive.FailedDelivery;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.output.OutputFiles;
import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.cli.output.ProfilesPlan;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.terminal.CtrlC;
import dev.redrive.cli.terminal.Progress;
import dev.redrive.cli.terminal.Question;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a recovery in front of people and scripts: plan, question, progress, report, files. */
final class RecoveryRunner {
  private static final String GO_ON =
      "What went out is recorded, the rest is still queued. Run the same command again to go on:"
          + " what was delivered is not sent again.";

  private final Terminal terminal;
  private final OutputFormat format;
  private final long limit;
  private final boolean isApproved;
  private final OutputFiles.Wanted wanted;
  private final Question question;

  /** The names of several profiles by their accounts; empty for one. */
  private final Map<Account, String> names;

  /** Why accounts stopped so far. */
  private final Map<Account, String> stopped = new ConcurrentHashMap<>();

  /**
   * Sets it up.
   *
   * @param limit deliveries of each account to send at the most
   * @param isApproved whether the plan is approved beforehand; otherwise a person is asked
   * @param names the names of several profiles by their accounts; empty for one
   */
  RecoveryRunner(
      Terminal terminal,
      OutputFormat format,
      long limit,
      boolean isApproved,
      OutputFiles.Wanted wanted,
      Map<Account, String> names) {
    this.terminal = terminal;
    this.format = format;
    this.limit = limit;
    this.isApproved = isApproved;
    this.wanted = wanted;
    this.names = names;
    this.question = new Question(terminal);
  }

  /**
   * Runs it to its end, or to Ctrl-C.
   *
   * @param recovery set up but for its ledger, listener and approval, which this sets
   * @return the exit code
   */
  int run(Recovery.Builder recovery, LedgerOption where) {
    // Closed last: the JVM must not end before the files and the ledger are closed.
    try (CtrlC ctrlC = CtrlC.watch(terminal, question::withdraw);
        OutputFiles files = new OutputFiles(terminal, wanted);
        RetryLedger ledger = where.open();
        Progress progress = Progress.on(terminal.err(), limit)) {
      Recovery ready =
          recovery
              .ledger(ledger)
              .approval(plan -> approve(plan, ctrlC))
              .listener(new Watcher(progress, files, ctrlC))
              .build();
      RecoveryReport report = ctrlC.run(ready);
      if (ctrlC.isPressed()) {
        // Stopped at the question, it counts as declined.
        report = withEnd(report, RecoveryReport.End.CANCELLED);
      }
      progress.close();
      tell(report, ledger);
      files.write(report, ledger);
      return ExitCode.of(report);
    }
  }

  private void tell(RecoveryReport report, RetryLedger ledger) {
    var printer = new ReportPrinter(report, ledger, names);
    report.problems().forEach(problem -> terminal.error(printer.said(problem)));
    switch (format) {
      case TABLE -> {
        // Where nothing could be listed, the problem says it all, unless others were listed.
        if (report.counts().found() > 0 || report.problems().isEmpty() || !names.isEmpty()) {
          printer.print(terminal.out());
        }
      }
      case JSON -> terminal.out().println(Json.line(printer.fields()));
    }
    LeftOutRows.warnings(report.counts().skipped()).forEach(terminal::warn);
    if (report.outOfSight() > 0) {
      terminal.warn(
          report.outOfSight() + " failures stayed out of sight: the provider did not show them");
    }
    String next = next(report);
    if (!next.isEmpty()) {
      terminal.note(next);
    }
  }

  private static RecoveryReport withEnd(RecoveryReport report, RecoveryReport.End end) {
    return new RecoveryReport(
        report.run(),
        report.startedAt(),
        report.elapsed(),
        end,
        report.counts(),
        report.byAccount(),
        report.requests(),
        report.outOfSight(),
        report.problems());
  }

  /** How to go on; empty if nothing is left. */
  private static String next(RecoveryReport report) {
    if (report.allDelivered()) {
      return "";
    }
    return switch (report.end()) {
      case CANCELLED ->
          report.requests() == 0 ? "Run the same command again: nothing was sent." : GO_ON;
      case DECLINED -> "Run the same command again to be asked once more.";
      case FINISHED, FAILED, STOPPED -> left(report.counts());
    };
  }

  private static String left(DeliveryCounts counts) {
    if (counts.notSent() + counts.pending() > 0) {
      return GO_ON;
    }
    return counts.notDelivered() == 0 && counts.skippedUndelivered() > 0
        ? "Not everything is delivered: some deliveries were skipped, and the reasons say why."
        : "";
  }

  private boolean approve(RecoveryPlan plan, CtrlC ctrlC) {
    new ProfilesPlan(plan, names, stopped).print(terminal.err());
    return (isApproved || question.ask(PlanPrinter.question(plan, limit))) && !ctrlC.isPressed();
  }

  /** Also hands on what was skipped, and remembers why accounts stopped. */
  private final class Watcher extends ProgressWatcher {
    private final OutputFiles files;

    Watcher(Progress progress, OutputFiles files, CtrlC ctrlC) {
      super(progress, ctrlC);
      this.files = files;
    }

    @Override
    public void onSkipped(FailedDelivery delivery, SkipReason reason) {
      files.skipped(delivery, reason);
    }

    @Override
    public void onProblem(RecoveryReport.Problem problem) {
      if (problem.account() != null) {
        stopped.putIfAbsent(problem.account(), problem.what());
      }
    }
  }
}
