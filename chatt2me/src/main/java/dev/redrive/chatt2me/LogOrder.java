package dev.redrive.chatt2me;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order of a log listing: not documented, so it is read off the times of its rows. */
enum LogOrder {
  NEWEST_FIRST,
  OLDEST_FIRST,
  /** No order by time, or too few different times to tell. */
  UNCLEAR;

  /** Pairs that must agree for each that does not: clocks of several senders may differ. */
  private static final int MAJORITY = 9;

  /** Weighs the first half of a page against its second half. */
  static LogOrder of(List<@Nullable Instant> page) {
    int half = page.size() / 2;
    return of(page.subList(0, half), page.subList(half, page.size()));
  }

  /**
   * Weighs each row of a part of the list against each row of a part behind it. Most pairs must
   * differ, and most of those agree: single rows out of place tell nothing.
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
    if (later + earlier <= equal) {
      return UNCLEAR;
    }
    if (later >= MAJORITY * earlier) {
      return OLDEST_FIRST;
    }
    return earlier >= MAJORITY * later ? NEWEST_FIRST : UNCLEAR;
  }
}
