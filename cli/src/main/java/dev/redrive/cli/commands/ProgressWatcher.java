package dev.redrive.cli.commands;

import dev.redrive.PauseReason;
import dev.redrive.cli.terminal.CtrlC;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;

/** Shows progress, and stops a run that begins although Ctrl-C was pressed already. */
class ProgressWatcher implements RecoveryListener {
  private final RecoveryListener progress;
  private final CtrlC ctrlC;

  ProgressWatcher(RecoveryListener progress, CtrlC ctrlC) {
    this.progress = progress;
    this.ctrlC = ctrlC;
  }

  @Override
  public final void onPhase(Phase phase) {
    ctrlC.check();
    progress.onPhase(phase);
  }

  @Override
  public final void onPlan(RecoveryPlan plan) {
    progress.onPlan(plan);
  }

  @Override
  public final void onProgress(RecoveryProgress now) {
    progress.onProgress(now);
  }

  @Override
  public final void onPause(Account account, Duration wait, PauseReason reason, String why) {
    progress.onPause(account, wait, reason, why);
  }
}
