package dev.redrive.cli.terminal;

import dev.redrive.TimeSource;
import java.time.Duration;

/** A plain line every few seconds, for files, logs and dumb terminals. */
public final class ProgressLines extends Progress {
  static final Duration EVERY = Duration.ofSeconds(5);

  private final Terminal.Stream err;
  private String last = "";

  ProgressLines(Terminal.Stream err, long limit, TimeSource time) {
    super(err, limit, time);
    this.err = err;
  }

  @Override
  synchronized void tell() {
    String text = text(Integer.MAX_VALUE);
    if (!text.isEmpty() && !text.equals(last)) {
      err.println(text);
    }
    last = text;
  }
}
