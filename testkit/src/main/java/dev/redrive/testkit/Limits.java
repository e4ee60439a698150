package dev.redrive.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** ONLYOFFICE's rate limits; times in milliseconds of the fake's clock. */
final class Limits {
  private static final int PER_MINUTE = 1_500;
  private static final int PER_DAY = 10_000;
  private static final int PER_PATH = 5;
  private static final int READERS = 50;
  private static final int WRITERS = 15;
  private static final long MINUTE = 60_000L;
  private static final long PATH_WINDOW = 15 * MINUTE;
  private static final long DAY = 24 * 60 * MINUTE;
  private static final int PRUNE_ABOVE = 50_000;

  private final Deque<Long> minute = new ArrayDeque<>();
  private final Map<String, Deque<Long>> paths = new HashMap<>();
  private long dayStart = Long.MIN_VALUE;
  private int writesToday;

  /**
   * Counts a request if it is within the limits.
   *
   * @param concurrent requests of its kind in work, this one included
   * @return how many milliseconds the caller has to wait; 0 if the request passes
   */
  long take(long now, boolean write, boolean retry, String path, int concurrent) {
    if (concurrent > (write ? WRITERS : READERS)) {
      return 1_000;
    }
    drop(minute, now - MINUTE);
    if (minute.size() >= PER_MINUTE) {
      return minute.element() + MINUTE - now;
    }
    if (write && dayStart + DAY <= now) {
      dayStart = now;
      writesToday = 0;
    }
    if (write && writesToday >= PER_DAY) {
      return dayStart + DAY - now;
    }
    if (retry) {
      Deque<Long> calls = paths.computeIfAbsent(path, key -> new ArrayDeque<>(PER_PATH));
      drop(calls, now - PATH_WINDOW);
      if (calls.size() >= PER_PATH) {
        return calls.element() + PATH_WINDOW - now;
      }
      calls.add(now);
      if (paths.size() > PRUNE_ABOVE) {
        paths.values().removeIf(times -> times.getLast() <= now - PATH_WINDOW);
      }
    }
    minute.add(now);
    if (write) {
      writesToday++;
    }
    return 0;
  }

  /** Whether the writes of the day are used up. */
  boolean isDayUsedUp() {
    return writesToday >= PER_DAY;
  }

  private static void drop(Deque<Long> times, long until) {
    while (!times.isEmpty() && times.element() <= until) {
      times.remove();
    }
  }
}
