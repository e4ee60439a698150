package dev.redrive.recovery;

import dev.redrive.RateLimit;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.List;

/**
 * Spaces requests under limits of the form "n in any window". A sliding window on the injected
 * clock: resilience4j's limiter counts in fixed cycles, where twice the limit fits around an edge,
 * and reads the machine's clock.
 */
final class Pace {
  private final TimeSource time;
  private final List<Window> windows;
  private long notBefore;
  private boolean paused;

  Pace(TimeSource time, List<RateLimit> limits) {
    this.time = time;
    this.windows =
        limits.stream()
            .map(limit -> new Window(limit.requests(), limit.window().toNanos()))
            .toList();
  }

  /** One request in each {@code 1 / perSecond}; unlimited if it is infinite. */
  static Pace ofRate(TimeSource time, double perSecond) {
    if (Double.isInfinite(perSecond)) {
      return new Pace(time, List.of());
    }
    Duration interval = Duration.ofNanos(Math.max(1, (long) (1e9 / perSecond)));
    return new Pace(time, List.of(new RateLimit(RateLimit.Scope.RETRY, 1, interval)));
  }

  /** Takes a place for one request now, or tells how long to wait before asking again. */
  synchronized Duration take() {
    long now = time.nanoTime();
    long wait = paused ? Math.max(0, notBefore - now) : 0;
    for (Window window : windows) {
      wait = Math.max(wait, window.waitAt(now));
    }
    if (wait == 0) {
      paused = false;
      windows.forEach(window -> window.count(now));
    }
    return Duration.ofNanos(wait);
  }

  /** Lets nothing through for a while. */
  synchronized void pause(Duration wait) {
    long until = time.nanoTime() + wait.toNanos();
    notBefore = paused ? Math.max(notBefore, until) : until;
    paused = true;
  }

  private static final class Window {
    private final long[] times;
    private final long length;
    private long count;

    Window(int requests, long length) {
      this.times = new long[requests];
      this.length = length;
    }

    long waitAt(long now) {
      if (count < times.length) {
        return 0;
      }
      return Math.max(0, times[(int) (count % times.length)] + length - now);
    }

    void count(long now) {
      times[(int) (count++ % times.length)] = now;
    }
  }
}
