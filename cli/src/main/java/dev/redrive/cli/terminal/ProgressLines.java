package dev.redrive.cli.terminal;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A plain line every few seconds, for files and logs. */
public final class ProgressLines extends Progress {
  private static final long SECONDS = 5;

  private final Terminal.Stream err;
  private final AtomicReference<@Nullable RecoveryProgress> latest = new AtomicReference<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "redrive-progress");
            thread.setDaemon(true);
            return thread;
          });

  public ProgressLines(Terminal.Stream err) {
    this.err = err;
    Future<?> unused = clock.scheduleAtFixedRate(this::line, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void onPhase(Phase phase) {}

  @Override
  public void onPlan(RecoveryPlan plan) {}

  @Override
  public void onProgress(RecoveryProgress progress) {
    latest.set(progress);
  }

  @Override
  public void onPause(Account account, Duration wait, String why) {
    err.print().println(pause(account, wait, why));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void line() {
    RecoveryProgress progress = latest.get();
    if (progress != null && progress.phase() != Phase.DONE) {
      err.print().println(line(progress));
    }
  }

  public static String line(RecoveryProgress progress) {
    String phase = name(progress.phase());
    if (progress.phase() == Phase.SETTLING || progress.phase() == Phase.COLLECTING) {
      return phase + ": " + progress.found() + " found";
    }
    String left = left(progress);
    return String.format(
            Locale.ROOT,
            "%s: %d of %d done, %d delivered, %d failed again, %.1f/s",
            phase,
            progress.done(),
            progress.total(),
            progress.delivered(),
            progress.failedAgain(),
            progress.perSecond())
        + (left.isEmpty() ? "" : ", " + left);
  }
}
