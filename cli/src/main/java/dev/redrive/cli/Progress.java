package dev.redrive.cli;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.Locale;

/** Shows on stderr how far a recovery has come. */
abstract sealed class Progress implements RecoveryListener, AutoCloseable
    permits ProgressBars, ProgressLines {
  /** A bar on a terminal, else a line now and then. */
  static Progress on(Terminal.Stream err) {
    return err.isTerminal() ? new ProgressBars(err) : new ProgressLines(err);
  }

  @Override
  public abstract void onPhase(Phase phase);

  /** Takes what it shows away: others want to write. */
  @Override
  public abstract void onPlan(RecoveryPlan plan);

  @Override
  public abstract void onProgress(RecoveryProgress progress);

  @Override
  public abstract void onPause(Account account, Duration wait, String why);

  @Override
  public abstract void close();

  static String name(Phase phase) {
    String name = phase.name().toLowerCase(Locale.ROOT);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  static String pause(Account account, Duration wait, String why) {
    return account.provider() + " waits " + Durations.format(wait) + ": " + why;
  }
}
