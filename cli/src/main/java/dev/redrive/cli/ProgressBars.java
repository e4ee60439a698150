package dev.redrive.cli;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar for each phase, one after the other in the same line. */
final class ProgressBars extends Progress {
  private static final int UPDATE_MILLIS = 200;

  private final Terminal.Stream err;
  private final int width;
  private @Nullable ProgressBar bar;
  private Phase phase = Phase.DONE;
  private String note = "";

  ProgressBars(Terminal.Stream err) {
    this.err = err;
    this.width = width();
  }

  @Override
  public synchronized void onPhase(Phase next) {
    clear();
    phase = next;
  }

  @Override
  public synchronized void onPlan(RecoveryPlan plan) {
    clear();
    phase = Phase.DONE;
  }

  @Override
  public synchronized void onProgress(RecoveryProgress progress) {
    if (phase == Phase.DONE || progress.phase() != phase) {
      return;
    }
    boolean counting = phase == Phase.SETTLING || phase == Phase.COLLECTING;
    if ((counting ? progress.found() : progress.total()) == 0) {
      return;
    }
    if (bar == null) {
      bar = bar(counting ? -1 : progress.total(), progress.done());
    }
    if (counting) {
      bar.stepTo(progress.found());
      return;
    }
    bar.maxHint(progress.total());
    bar.stepTo(progress.done());
    long failed = progress.failedAgain() + progress.rejected();
    bar.setExtraMessage((failed == 0 ? "" : failed + " failed again ") + note);
  }

  @Override
  public synchronized void onPause(Account account, Duration wait, String why) {
    note = pause(account, wait, why);
    if (bar != null) {
      bar.setExtraMessage(note);
    }
  }

  @Override
  public synchronized void close() {
    clear();
    phase = Phase.DONE;
  }

  private void clear() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    note = "";
  }

  private ProgressBar bar(long max, long done) {
    return new ProgressBarBuilder()
        .setTaskName(name(phase))
        .setInitialMax(max)
        .startsFrom(done, Duration.ZERO)
        .setUnit("", 1)
        .showSpeed()
        .setStyle(err.isUnicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new Line(err.print(), width))
        .build();
  }

  /** Where the terminal ends, so that the line does not wrap. */
  private static int width() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      String size =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
      return columns > 0 ? columns : 80;
    } catch (IOException | NumberFormatException e) {
      return 80;
    }
  }

  /** One line of the terminal, written again and again, and wiped at the end. */
  private record Line(PrintStream out, int width) implements ProgressBarConsumer {
    private static final String WIPE = "\r\u001b[K";

    @Override
    public int getMaxRenderedLength() {
      return width - 1;
    }

    @Override
    public void accept(String text) {
      out.print(WIPE + text);
      out.flush();
    }

    @Override
    public void clear() {
      out.print(WIPE);
      out.flush();
    }

    @Override
    public void close() {
      clear();
    }
  }
}
