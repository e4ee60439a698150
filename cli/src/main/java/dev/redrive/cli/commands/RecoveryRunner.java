package dev.redrive.cli.commands;

import dev.redrive.FailedDelivery;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.output.OutputFiles;
import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.cli.output.ProfilesPlan;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.CtrlC;
import dev.redrive.cli.terminal.Progress;
import dev.redrive.cli.terminal.Question;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a recovery in front of people and scripts: plan, question, progress, report, files. */
public final class RecoveryRunner {
  private final Terminal terminal;
  private final Output output;
  private final Question question;

  /** The names of several profiles by their accounts; empty for one. */
  private final Map<Account, String> names;

  /** Why accounts stopped so far. */
  private final Map<Account, String> stopped = new ConcurrentHashMap<>();

  public RecoveryRunner(Terminal terminal, Output output) {
    this(terminal, output, Map.of());
  }

  /** For several profiles, which {@code names} tells apart. */
  public RecoveryRunner(Terminal terminal, Output output, Map<Account, String> names) {
    this.terminal = terminal;
    this.output = output;
    this.names = names;
    this.question = new Question(terminal);
  }

  /**
   * Runs it to its end, or to Ctrl-C.
   *
   * @param recovery set up but for its ledger, listener and approval, which this sets
   * @param opens opens the ledger where its state is; it is closed at the end
   * @return the exit code
   */
  public int run(Recovery.Builder recovery, Supplier<? extends RetryLedger> opens) {
    // Closed last: the JVM must not end before the files and the ledger are closed.
    try (CtrlC ctrlC = CtrlC.watch(terminal, question::withdraw);
        OutputFiles files =
            new OutputFiles(
                terminal, output.results(), output.report(), output.invocation(), output.names());
        RetryLedger ledger = opens.get();
        Progress progress = Progress.on(terminal.err(), output.limit())) {
      Recovery ready =
          recovery
              .ledger(ledger)
              .approval(plan -> approve(plan, ctrlC))
              .listener(new Watcher(progress, files, ctrlC::check, this::stopped))
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
    switch (output.format()) {
      case TABLE -> {
        // Where nothing could be listed, the problem says it all, unless others were listed.
        if (report.counts().found() > 0 || report.problems().isEmpty() || !names.isEmpty()) {
          printer.print(terminal.out());
        }
      }
      case JSON -> terminal.out().print().println(Json.line(printer.fields()));
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

  /** How to go on. */
  private String next(RecoveryReport report) {
    if (report.allDelivered()) {
      return "";
    }
    return switch (report.end()) {
      case CANCELLED -> output.goOn();
      case DECLINED -> "Run the same command again to be asked once more.";
      case FINISHED, FAILED, STOPPED -> left(report.counts());
    };
  }

  private String left(DeliveryCounts counts) {
    if (counts.notSent() + counts.pending() > 0) {
      return output.goOn();
    }
    return counts.notDelivered() == 0 && counts.skippedInAll() > 0
        ? "Not everything is delivered: what was skipped, and why, tells who has the rest."
        : "";
  }

  private void stopped(RecoveryReport.Problem problem) {
    Account account = problem.account();
    if (account != null) {
      stopped.putIfAbsent(account, problem.what());
    }
  }

  private boolean approve(RecoveryPlan plan, CtrlC ctrlC) {
    if (names.isEmpty()) {
      PlanPrinter.print(plan, terminal.err());
    } else {
      new ProfilesPlan(plan, names, stopped).print(terminal.err());
    }
    return switch (output.approval()) {
      case GIVEN -> !ctrlC.isPressed();
      case ASKED -> question.ask(question(plan, output.limit())) && !ctrlC.isPressed();
    };
  }

  /** Asks for all that goes out, and not for what is listed first only. */
  public static String question(RecoveryPlan plan, long limit) {
    long later =
        plan.accounts().stream()
            .mapToLong(account -> Math.min(account.outOfSight(), limit - account.toSend()))
            .filter(more -> more > 0)
            .sum();
    return "Send "
        + plan.toSend()
        + " now"
        + (later == 0
            ? "?"
            : ", and up to " + later + " more that the provider does not show yet?");
  }

  /** Hands on what a recovery tells to those that want to know. */
  private record Watcher(
      Progress progress,
      OutputFiles files,
      Runnable always,
      Consumer<RecoveryReport.Problem> problems)
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
      files.skipped(delivery, reason);
    }

    @Override
    public void onProblem(RecoveryReport.Problem problem) {
      problems.accept(problem);
    }

    @Override
    public void onPause(Account account, Duration wait, String why) {
      progress.onPause(account, wait, why);
    }
  }

  /** Who says yes to the plan. */
  public enum Approval {
    /** A person at the terminal. */
    ASKED,
    /** The caller, beforehand. */
    GIVEN
  }

  /**
   * What is asked and what is left behind.
   *
   * @param format of stdout
   * @param limit deliveries of each account to send at the most
   * @param approval who approves
   * @param results file for one JSON line per delivery; null for none
   * @param report file for the HTML page; null for none
   * @param goOn what to tell when something is left to do
   * @param invocation how the run was started
   * @param names reads the names of webhooks
   */
  public record Output(
      OutputFormat format,
      long limit,
      Approval approval,
      @Nullable Path results,
      @Nullable Path report,
      String goOn,
      Invocation invocation,
      Supplier<WebhookNames> names) {}
}
