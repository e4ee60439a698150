package dev.redrive;

import java.time.Duration;
import java.time.Instant;

/**
 * A clock and a way to wait. It is injected, so that tests can control time. Implementations must
 * be thread-safe.
 */
public interface TimeSource {
  /** Returns the current time. */
  Instant now();

  /** Returns nanoseconds since an arbitrary origin. Only differences are meaningful. */
  long nanoTime();

  /**
   * Waits. Returns at once if {@code duration} is zero or negative.
   *
   * @throws InterruptedException if the thread is interrupted before or during the wait
   */
  void sleep(Duration duration) throws InterruptedException;

  /** Returns the clock of this machine. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
