package dev.redrive;

import java.time.Duration;
import java.time.Instant;

/** What time it is, and how to wait: injected, so that tests neither sleep nor guess. */
public interface TimeSource {
  /** The current instant by this machine's clock. */
  Instant now();

  /** Nanoseconds from an arbitrary origin; only differences mean something. */
  long nanoTime();

  /**
   * Waits; returns at once for a duration that is zero or negative.
   *
   * @throws InterruptedException if the thread is interrupted before or while it waits
   */
  void sleep(Duration duration) throws InterruptedException;

  /** The machine's clocks. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
