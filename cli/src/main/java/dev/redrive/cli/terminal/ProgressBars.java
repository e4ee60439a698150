package dev.redrive.cli.terminal;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar for each phase, one after the other in the same line. */
public final class ProgressBars extends Progress {
  private static final int UPDATE_MILLIS = 200;

  private final Terminal.Stream err;
  private final StatusLine statusLine;
  private final int width;
  private @Nullable ProgressBar bar;
  private @Nullable Line line;
  private Phase phase = Phase.DONE;
  private String note = "";
  private long sentBeforeNote;
  private long sent;

  public ProgressBars(Terminal.Stream err, StatusLine statusLine) {
    this(err, statusLine, width());
  }

  public ProgressBars(Terminal.Stream err, StatusLine statusLine, int width) {
    this.err = err;
    this.statusLine = statusLine;
    this.width = width;
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
      statusLine.begin();
      line = new Line(statusLine, err.charset(), width);
      bar = bar(counting ? -1 : progress.total(), progress.done(), line);
    }
    if (counting) {
      bar.stepTo(progress.found());
      return;
    }
    bar.maxHint(progress.total());
    bar.stepTo(progress.done());
    sent = progress.sent();
    if (sent > sentBeforeNote) {
      note = "";
    }
    bar.setExtraMessage(extra(progress, note));
  }

  /** What stands behind the bar's own figures, which end without a space. */
  public static String extra(RecoveryProgress progress, String note) {
    long failed = progress.failedAgain() + progress.rejected();
    String all =
        Stream.of(left(progress), failed == 0 ? "" : failed + " failed again", note)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : "  " + all;
  }

  @Override
  public synchronized void onPause(Account account, Duration wait, String why) {
    note = pause(account, wait, why);
    sentBeforeNote = sent;
    if (bar != null) {
      bar.setExtraMessage("  " + note);
    }
  }

  /** What is told of a pause; empty if sending goes on. */
  public synchronized String note() {
    return note;
  }

  @Override
  public synchronized void close() {
    clear();
    phase = Phase.DONE;
  }

  private void clear() {
    if (line != null) {
      // First: the bar still draws once when it is closed, and maybe once more beside that.
      line.close();
      line = null;
    }
    if (bar != null) {
      bar.close();
      bar = null;
    }
    note = "";
  }

  private ProgressBar bar(long max, long done, Line line) {
    return new ProgressBarBuilder()
        .setTaskName(name(phase))
        .setInitialMax(max)
        .startsFrom(done, Duration.ZERO)
        .setUnit("", 1)
        .showSpeed()
        .hideEta()
        .setStyle(err.isUnicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(line)
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

  /** Where one bar is drawn, until it is closed. */
  private static final class Line implements ProgressBarConsumer {
    private final StatusLine statusLine;
    private final Charset charset;
    private final int width;
    private boolean isOpen = true;

    Line(StatusLine statusLine, Charset charset, int width) {
      this.statusLine = statusLine;
      this.charset = charset;
      this.width = width;
    }

    @Override
    public int getMaxRenderedLength() {
      return width - 1;
    }

    @Override
    public synchronized void accept(String text) {
      if (isOpen) {
        try {
          statusLine.show(text.getBytes(charset));
        } catch (IOException e) {
          // The terminal is gone: nobody looks.
          isOpen = false;
        }
      }
    }

    @Override
    public synchronized void clear() {
      try {
        statusLine.hide();
      } catch (IOException e) {
        isOpen = false;
      }
    }

    @Override
    public synchronized void close() {
      clear();
      isOpen = false;
    }
  }
}
