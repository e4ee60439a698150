package dev.redrive.cli.commands;

import dev.redrive.TimeSource;
import dev.redrive.cli.terminal.Terminal;
import java.time.Duration;

/** Says now and then how far a list is read, so that nobody takes a long one for a hang. */
public final class ListProgress {
  private static final long PAUSE = Duration.ofSeconds(2).toNanos();

  private final Terminal terminal;
  private final TimeSource time;
  private final String what;
  private long rows;
  private long lastSaid;

  /**
   * Begins now.
   *
   * @param what is looked for
   */
  public ListProgress(Terminal terminal, TimeSource time, String what) {
    this.terminal = terminal;
    this.time = time;
    this.what = what;
    this.lastSaid = time.nanoTime();
  }

  /** One more row is read. */
  public void read() {
    rows++;
    long now = time.nanoTime();
    if (now - lastSaid >= PAUSE) {
      lastSaid = now;
      terminal.note("Looking for " + what + ": " + rows + " rows of the provider's list read …");
    }
  }
}
