package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** A rate limit with a sliding window. For {@link FakeApi#refuse}, whose lock guards it. */
public final class RateLimit {
  private final int calls;
  private final Duration window;
  private final Deque<Instant> times = new ArrayDeque<>();

  /** Allows this many calls in any window of this length. */
  public RateLimit(int calls, Duration window) {
    this.calls = calls;
    this.window = window;
  }

  /** How long a call has to wait; zero if it may be made now. */
  public Duration waitAt(Instant now) {
    while (!times.isEmpty() && !times.element().plus(window).isAfter(now)) {
      times.remove();
    }
    return times.size() < calls
        ? Duration.ZERO
        : Duration.between(now, times.element().plus(window));
  }

  /** Counts a call that is made. */
  public void count(Instant now) {
    times.add(now);
  }

  /** Whether no call counts any more. */
  boolean isUnused(Instant now) {
    return times.isEmpty() || !times.getLast().plus(window).isAfter(now);
  }
}
