package dev.redrive.cli;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import dev.redrive.recovery.SkipReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a recovery in front of people and scripts: plan, question, progress, report, files. */
final class RecoveryRunner {
  private final Terminal terminal;
  private final Output output;
  private final Question question;

  RecoveryRunner(Terminal terminal, Output output) {
    this.terminal = terminal;
    this.output = output;
    this.question = new Question(terminal);
  }

  /**
   * Runs it to its end, or to Ctrl-C.
   *
   * @param recovery set up but for its ledger, listener and approval, which this sets
   * @param opens opens the ledger where its state is; it is closed at the end
   * @return the exit code
   */
  int run(Recovery.Builder recovery, Supplier<? extends RetryLedger> opens) {
    requireWritable(output.report());
    // Closed last: the JVM must not end before the files and the ledger are closed.
    try (CtrlC ctrlC = CtrlC.watch(terminal, question::withdraw);
        RetryLedger ledger = opens.get();
        ResultsFile results = output.results() == null ? null : new ResultsFile(output.results());
        Progress progress = Progress.on(terminal.err())) {
      Recovery ready =
          recovery
              .ledger(ledger)
              .approval(plan -> approve(plan, ctrlC))
              .listener(new Watcher(progress, results, ctrlC::check))
              .build();
      RecoveryReport report = ctrlC.run(ready);
      if (ctrlC.isPressed()) {
        // Stopped at the question, it counts as declined.
        report = withEnd(report, RecoveryReport.End.CANCELLED);
      }
      progress.close();
      tell(report, ledger, results);
      writePage(report, ledger);
      return exitCode(report, ctrlC);
    }
  }

  private void tell(RecoveryReport report, RetryLedger ledger, @Nullable ResultsFile results) {
    var printer = new ReportPrinter(report, ledger);
    switch (output.format()) {
      case TABLE -> {
        // Where nothing could be listed, the problem says it all.
        if (report.counts().found() > 0 || report.problems().isEmpty()) {
          printer.print(terminal.out());
        }
      }
      case JSON -> terminal.out().print().println(Json.line(printer.fields()));
    }
    if (results != null) {
      results.add(report.run(), ledger);
    }
    boolean single = report.byAccount().size() == 1;
    report.problems().forEach(p -> terminal.error((single ? "" : p.account() + ": ") + p.what()));
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

  private void writePage(RecoveryReport report, RetryLedger ledger) {
    if (output.report() == null) {
      return;
    }
    try {
      HtmlReport.write(output.report(), report, ledger);
      terminal.note("The report is in " + output.report());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that cannot be written is to be known before anything is sent. */
  private static void requireWritable(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try (var unused =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How to go on. */
  private String next(RecoveryReport report) {
    if (report.allDelivered()) {
      return "";
    }
    return switch (report.end()) {
      case CANCELLED -> "Stopped. " + output.goOn();
      case DECLINED ->
          "What was found is queued: run the same command again to be asked once more.";
      case FINISHED, FAILED, STOPPED ->
          report.counts().notSent() + report.counts().pending() > 0 ? output.goOn() : "";
    };
  }

  private static int exitCode(RecoveryReport report, CtrlC ctrlC) {
    if (ctrlC.isPressed()) {
      return ExitCode.INTERRUPTED;
    }
    if (report.problems().stream().anyMatch(problem -> problem.error() != null)) {
      return ExitCode.FAILED;
    }
    return report.allDelivered() ? ExitCode.OK : ExitCode.NOT_ALL_DELIVERED;
  }

  private boolean approve(RecoveryPlan plan, CtrlC ctrlC) {
    PlanPrinter.print(plan, terminal.err());
    return switch (output.approval()) {
      case GIVEN -> !ctrlC.isPressed();
      case ASKED -> question.ask("Send " + plan.toSend() + " now?") && !ctrlC.isPressed();
    };
  }

  /** Hands on what a recovery tells to those that want to know. */
  private record Watcher(Progress progress, @Nullable ResultsFile results, Runnable always)
      implements RecoveryListener {
    @Override
    public void onPhase(Phase phase) {
      always.run();
      progress.onPhase(phase);
    }

    @Override
    public void onPlan(RecoveryPlan plan) {
      progress.onPlan(plan);
    }

    @Override
    public void onProgress(RecoveryProgress now) {
      progress.onProgress(now);
    }

    @Override
    public void onSkipped(FailedDelivery delivery, SkipReason reason) {
      if (results != null) {
        results.skipped(delivery, reason);
      }
    }

    @Override
    public void onPause(Account account, Duration wait, String why) {
      progress.onPause(account, wait, why);
    }
  }

  /** Who says yes to the plan. */
  enum Approval {
    /** A person at the terminal. */
    ASKED,
    /** The caller, beforehand. */
    GIVEN
  }

  /**
   * What is asked and what is left behind.
   *
   * @param format of stdout
   * @param approval who approves
   * @param results file for one JSON line per delivery; null for none
   * @param report file for the HTML page; null for none
   * @param goOn what to tell when something is left to do
   */
  record Output(
      OutputFormat format,
      Approval approval,
      @Nullable Path results,
      @Nullable Path report,
      String goOn) {}
}
