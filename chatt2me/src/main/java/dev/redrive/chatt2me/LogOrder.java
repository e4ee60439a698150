package dev.redrive.chatt2me;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The order of a list of logs. It is not documented, so it is derived from the rows' times. */
enum LogOrder {
  NEWEST_FIRST,
  OLDEST_FIRST,
  /** The list has no order by time, or too few different times to tell. */
  UNCLEAR;

  /**
   * How many pairs must agree for each pair that does not. Some may not, because the clocks of
   * several senders may differ.
   */
  private static final int MAJORITY = 9;

  /** The least rows with a time on each page: a few pairs may agree on an order by chance. */
  private static final int LEAST = 10;

  /**
   * Compares each row of the first page with each row of the last page. There must be enough rows,
   * most pairs must have different times, and almost all of those must agree, so that single rows
   * out of order do not matter.
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
