package dev.redrive.cli.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Counts over time, in bars of one length that fits the time they span. Takes the same memory for
 * any number of times.
 */
public final class Timeline {
  private static final int MOST_BARS = 48;
  private static final int LEAST_BARS = 12;

  /** Lengths in seconds, each a multiple of the one before; from there on they double. */
  private static final long[] LENGTHS = {
    1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800
  };

  private final TreeMap<Long, Count> bars = new TreeMap<>();
  private int step;

  /** Counts deliveries at a time. */
  public void add(Instant time, Count count) {
    bars.merge(Math.floorDiv(time.getEpochSecond(), length(step)), count, Count::plus);
    while (bars.lastKey() - bars.firstKey() >= MOST_BARS) {
      widen();
    }
  }

  public boolean isEmpty() {
    return bars.isEmpty();
  }

  /** How long a bar is. */
  public Duration barLength() {
    return Duration.ofSeconds(length(step));
  }

  /** The bars without gaps, at least twelve, oldest first; empty if nothing was counted. */
  public List<Bar> bars() {
    var all = new ArrayList<Bar>();
    if (bars.isEmpty()) {
      return all;
    }
    long first = bars.firstKey();
    long last = Math.max(bars.lastKey(), first + LEAST_BARS - 1);
    for (long key = first; key <= last; key++) {
      all.add(
          new Bar(
              Instant.ofEpochSecond(key * length(step)), bars.getOrDefault(key, Count.NOTHING)));
    }
    return all;
  }

  private void widen() {
    long factor = length(step + 1) / length(step);
    var old = new TreeMap<>(bars);
    bars.clear();
    step++;
    old.forEach((key, count) -> bars.merge(Math.floorDiv(key, factor), count, Count::plus));
  }

  private static long length(int step) {
    int last = LENGTHS.length - 1;
    return step <= last ? LENGTHS[step] : LENGTHS[last] << (step - last);
  }

  /** What was counted from {@code start} on. */
  public record Bar(Instant start, Count count) {}
}
