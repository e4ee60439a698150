package dev.redrive.cli.terminal;

import dev.redrive.PauseReason;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shows on stderr how far a recovery has come. */
public abstract sealed class Progress implements RecoveryListener, AutoCloseable
    permits ProgressLine, ProgressLines {
  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final List<String> NOBODY_WAITS = List.of("", "");

  private final TimeSource time;
  private final long limit;
  private final ProgressText words;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "redrive-progress");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable RecoveryProgress latest;
  private long outOfSight;
  private @Nullable Pause pause;

  /** A wait that was told; it is over with its time, or as soon as more was sent. */
  private record Pause(Account account, String why, long endsAt, long sentBefore) {}

  Progress(Terminal.Stream err, long limit, TimeSource time) {
    this.time = time;
    this.limit = limit;
    this.words = new ProgressText(err);
  }

  /** Of a recovery without a limit. */
  public static Progress on(Terminal.Stream err) {
    return on(err, Long.MAX_VALUE);
  }

  /**
   * A line that changes on a terminal that can write one anew, else a line now and then.
   *
   * @param limit the most deliveries of each account that are sent
   */
  public static Progress on(Terminal.Stream err, long limit) {
    StatusLine line = err.statusLine();
    Progress progress =
        line == null
            ? new ProgressLines(err, limit, TimeSource.system())
            : new ProgressLine(err, line, limit, TimeSource.system());
    progress.begin(line == null ? ProgressLines.EVERY : ProgressLine.EVERY);
    return progress;
  }

  private void begin(Duration every) {
    Future<?> unused =
        clock.scheduleWithFixedDelay(
            this::tell, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Shows what there is to show. */
  abstract void tell();

  /** What there is to tell, in so many columns at the most; empty if there is nothing. */
  final synchronized String text(int width) {
    RecoveryProgress progress = latest;
    if (progress == null || progress.phase() == Phase.DONE) {
      return "";
    }
    Pause told = pause;
    Duration left =
        told == null ? Duration.ZERO : Duration.ofNanos(told.endsAt() - time.nanoTime());
    if (told == null || progress.sent() > told.sentBefore() || left.compareTo(SHORTEST) < 0) {
      pause = null;
      return words.of(progress, outOfSight, NOBODY_WAITS, width);
    }
    return words.of(
        progress, outOfSight, ProgressText.waiting(told.account(), left, told.why()), width);
  }

  /** There is nothing more to tell. */
  final synchronized void over() {
    latest = null;
    pause = null;
  }

  @Override
  public void onPhase(Phase phase) {}

  /** Tells nothing until sending begins: others want to write. */
  @Override
  public void onPlan(RecoveryPlan plan) {
    plan(plan);
  }

  private synchronized void plan(RecoveryPlan plan) {
    latest = null;
    outOfSight = later(plan, limit);
  }

  /** How many more may be listed and sent later, of at most {@code limit} for each account. */
  public static long later(RecoveryPlan plan, long limit) {
    return plan.accounts().stream()
        .mapToLong(account -> Math.min(account.outOfSight(), limit - account.toSend()))
        .filter(more -> more > 0)
        .sum();
  }

  @Override
  public synchronized void onProgress(RecoveryProgress progress) {
    latest = progress;
  }

  @Override
  public synchronized void onPause(Account account, Duration wait, PauseReason reason, String why) {
    long sent = latest == null ? 0 : latest.sent();
    pause = new Pause(account, why, time.nanoTime() + wait.toNanos(), sent);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
