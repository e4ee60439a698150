package dev.redrive.recovery;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
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
    this.windows = limits.stream().map(Window::new).toList();
  }

  /** One request in each {@code 1 / perSecond}; unlimited if it is infinite. */
  static Pace ofRate(TimeSource time, double perSecond) {
    if (Double.isInfinite(perSecond)) {
      return new Pace(time, List.of());
    }
    Duration interval = Duration.ofNanos(Math.max(1, (long) (1e9 / perSecond)));
    return new Pace(time, List.of(new RateLimit(Scope.ALL, 1, interval)));
  }

  /** Takes a place for one request now, or tells how long to wait before asking again. */
  synchronized Duration take(Scope route) {
    long now = time.nanoTime();
    long wait = rest(now);
    for (Window window : windows) {
      wait = Math.max(wait, window.counts(route) ? window.waitAt(now) : 0);
    }
    if (wait == 0) {
      windows.stream().filter(window -> window.counts(route)).forEach(window -> window.count(now));
    }
    return Duration.ofNanos(wait);
  }

  /** Lets nothing through for a while. */
  synchronized void pause(Duration wait) {
    long until = time.nanoTime() + wait.toNanos();
    notBefore = paused ? Math.max(notBefore, until) : until;
    paused = true;
  }

  /** How long nothing is let through any more. */
  synchronized Duration rest() {
    return Duration.ofNanos(rest(time.nanoTime()));
  }

  private long rest(long now) {
    paused = paused && notBefore - now > 0;
    return paused ? notBefore - now : 0;
  }

  private static final class Window {
    private final RateLimit limit;
    private final long[] times;
    private long count;

    Window(RateLimit limit) {
      this.limit = limit;
      this.times = new long[limit.requests()];
    }

    boolean counts(Scope route) {
      return Dispatcher.counts(limit, route);
    }

    long waitAt(long now) {
      if (count < times.length) {
        return 0;
      }
      return Math.max(0, times[(int) (count % times.length)] + limit.window().toNanos() - now);
    }

    void count(long now) {
      times[(int) (count++ % times.length)] = now;
    }
  }
}
