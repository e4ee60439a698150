package dev.redrive.chatt2me;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The order of a log listing: not documented, so it is read off the times of its rows. */
enum LogOrder {
  NEWEST_FIRST,
  OLDEST_FIRST,
  /** No order by time, or too few different times to tell. */
  UNCLEAR;

  /** Pairs that must agree for each that does not: clocks of several senders may differ. */
  private static final int MAJORITY = 9;

  /** Rows with a time that either part must have: by chance, few pairs agree on any order. */
  private static final int LEAST = 10;

  /**
   * Weighs each row of the list's first page against each row of its last. There must be several,
   * most pairs must differ, and most of those agree: single rows out of place tell nothing.
   */
  static LogOrder of(List<@Nullable Instant> front, List<@Nullable Instant> back) {
    int later = 0;
    int earlier = 0;
    int equal = 0;
    for (Instant before : front) {
      for (Instant behind : back) {
        if (before != null && behind != null) {
          int compare = behind.compareTo(before);
          later += compare > 0 ? 1 : 0;
          earlier += compare < 0 ? 1 : 0;
          equal += compare == 0 ? 1 : 0;
        }
      }
    }
    if (dated(front) < LEAST || dated(back) < LEAST || later + earlier <= equal) {
      return UNCLEAR;
    }
    if (later >= MAJORITY * earlier) {
      return OLDEST_FIRST;
    }
    return earlier >= MAJORITY * later ? NEWEST_FIRST : UNCLEAR;
  }

  private static long dated(List<@Nullable Instant> times) {
    return times.stream().filter(Objects::nonNull).count();
  }
}
