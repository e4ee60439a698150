package dev.redrive.cli;

import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Runs a recovery in front of people and scripts: plan, question, progress, report, files. */
final class RecoveryRunner {
  private final Terminal terminal;
  private final Output output;

  RecoveryRunner(Terminal terminal, Output output) {
    this.terminal = terminal;
    this.output = output;
  }

  /**
   * Runs it to its end, or to Ctrl-C.
   *
   * @param recovery set up but for its ledger, listener and approval, which this sets
   * @param ledger where its state is; stays open
   * @return the exit code
   */
  int run(Recovery.Builder recovery, RetryLedger ledger) {
    RecoveryReport report = recovery.ledger(ledger).build().run();
    terminal.out().print().println(report.counts() + " " + output.format());
    return report.allDelivered() ? ExitCode.OK : ExitCode.NOT_ALL_DELIVERED;
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
   * @param results file for one JSON line per delivery; null for none
   * @param report file for the HTML page; null for none
   */
  record Output(
      OutputFormat format, Approval approval, @Nullable Path results, @Nullable Path report) {}
}
