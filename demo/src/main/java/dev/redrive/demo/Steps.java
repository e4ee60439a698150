package dev.redrive.demo;

import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;

/** What {@code --verbose} shows beside the story. */
final class Steps implements RecoveryListener {
  private final Terminal terminal;
  private final boolean areShown;

  Steps(Terminal terminal, boolean areShown) {
    this.terminal = terminal;
    this.areShown = areShown;
  }

  /** A pass of the obvious loop. */
  void pass(String provider, int pass, int listed, int sent) {
    if (areShown) {
      terminal.note(
          "   " + provider + ", pass " + pass + ": " + listed + " failed, " + sent + " new");
    }
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    if (areShown) {
      PlanPrinter.print(plan, terminal.err());
    }
  }

  /** The end of a recovery. */
  void report(RecoveryReport report, RetryLedger ledger) {
    if (areShown) {
      new ReportPrinter(report, ledger).print(terminal.err());
    }
  }
}
