package dev.redrive.cli.terminal;

import dev.redrive.cli.options.Durations;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.Locale;

/** Shows on stderr how far a recovery has come. */
public abstract sealed class Progress implements RecoveryListener, AutoCloseable
    permits ProgressBars, ProgressLines {
  /** Outcomes that an estimate needs: the first ones come all at once, or late. */
  private static final long LEAST_DONE = 20;

  private static final long LEAST_SHARE = 10;
  private static final Duration MOST_LEFT = Duration.ofHours(24);

  /** A bar on a terminal that can write a line anew, else a line now and then. */
  public static Progress on(Terminal.Stream err) {
    StatusLine line = err.statusLine();
    return line == null ? new ProgressLines(err) : new ProgressBars(err, line);
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

  public static String name(Phase phase) {
    String name = phase.name().toLowerCase(Locale.ROOT);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** How long it still takes, in words; empty as long as that would be a guess. */
  public static String left(RecoveryProgress progress) {
    Duration left = progress.timeLeft();
    boolean canBeTold =
        progress.phase() == Phase.SENDING
            && progress.done() >= LEAST_DONE
            && progress.done() >= progress.total() / LEAST_SHARE;
    return left == null || !canBeTold || left.compareTo(MOST_LEFT) > 0
        ? ""
        : "about " + Durations.rounded(left) + " left";
  }

  public static String pause(Account account, Duration wait, String why) {
    return account.provider() + " waits " + Durations.format(wait) + ": " + why;
  }
}
