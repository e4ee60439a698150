package dev.redrive.chatt2me;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order of a log listing: not documented, so it is read off a page. */
enum LogOrder {
  NEWEST_FIRST,
  OLDEST_FIRST,
  /** No order by time, or too few different times to tell. */
  UNCLEAR;

  /** Neighbours that must agree for each that does not: clocks of several senders may differ. */
  private static final int MAJORITY = 4;

  static LogOrder of(List<@Nullable Instant> times) {
    int later = 0;
    int earlier = 0;
    Instant last = null;
    for (Instant time : times) {
      if (time == null) {
        continue;
      }
      int compared = last == null ? 0 : time.compareTo(last);
      later += compared > 0 ? 1 : 0;
      earlier += compared < 0 ? 1 : 0;
      last = time;
    }
    if (later > 0 && later >= MAJORITY * earlier) {
      return OLDEST_FIRST;
    }
    return earlier > 0 && earlier >= MAJORITY * later ? NEWEST_FIRST : UNCLEAR;
  }
}
