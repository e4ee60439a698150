package dev.redrive.cli.terminal;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import java.io.IOException;
import java.time.Duration;

/** One line below all else, drawn anew a few times a second: after a resize, too. */
public final class ProgressLine extends Progress {
  static final Duration EVERY = Duration.ofMillis(200);

  private final StatusLine line;
  private boolean isClosed;

  ProgressLine(Terminal.Stream err, StatusLine line, long limit, TimeSource time) {
    super(err, limit, time);
    this.line = line;
  }

  /** A terminal that holds up what is written does not hold up the recovery. */
  @Override
  void tell() {
    synchronized (line) {
      try {
        String text = isClosed ? "" : text(line.width());
        if (text.isEmpty()) {
          line.hide();
        } else {
          line.show(text);
        }
      } catch (IOException e) {
        // The terminal is gone: nobody looks.
        isClosed = true;
      }
    }
  }

  @Override
  public void onPhase(Phase phase) {
    if (phase == Phase.CANARY || phase == Phase.SENDING) {
      // The question was answered with Enter.
      line.begin();
    } else if (phase == Phase.DONE) {
      // What comes next may go to stdout, which shares the terminal.
      over();
      tell();
    }
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    super.onPlan(plan);
    tell();
  }

  @Override
  public void close() {
    super.close();
    synchronized (line) {
      isClosed = true;
      tell();
    }
  }
}
