package dev.redrive.onlyoffice;

import dev.redrive.DeliveryQuery;
import dev.redrive.http.ProviderTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The portal's offset from UTC, measured from its own logs. The database has the times of logs in
 * UTC, but the list treats them as times in the portal's zone and converts them to UTC again: at
 * UTC+3, every log is listed three hours too early. The times of webhooks are listed in the
 * portal's zone.
 *
 * <p>The payload has the time of the event in UTC. The first log of an event is made within about a
 * second of it, so the difference to the log's listed time is the offset, which is a multiple of 15
 * minutes. The log of a retry is made later than its event, which makes the difference too small,
 * and nothing marks it once it was sent. But its difference is close to such a multiple by chance
 * only. So a page shows the offset if most of its logs are that close, and the largest difference
 * counts. Offsets are kept per day, because daylight saving time changes them; a day without a
 * measurement has the offset of the nearest day. Thread-safe.
 */
final class PortalZone {
  /** All time zones are between UTC-12 and UTC+14. */
  static final Duration WESTERNMOST = Duration.ofHours(-12);

  static final Duration EASTERNMOST = Duration.ofHours(14);

  private static final long STEP = Duration.ofMinutes(15).toSeconds();
  private static final long DAY = Duration.ofDays(1).toSeconds();

  /** How much daylight saving time changes an offset. */
  private static final Duration DAYLIGHT_SAVING = Duration.ofHours(1);

  /** The difference of a first log is this close to a whole step; that of 1 retry in 90 is. */
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final TreeMap<Long, Duration> byDay = new TreeMap<>();
  private @Nullable Duration easternmost;
  private boolean certain;

  /** The offset, if all days have the same: most logs are dated without the lock. */
  private volatile @Nullable Duration sameEveryDay;

  /** Measures the logs of a page of the list. */
  synchronized void learn(List<@Nullable PortalLog> page) {
    int telling = 0;
    Map<Long, Duration> firstLogs = new HashMap<>();
    int close = 0;
    for (PortalLog log : page) {
      Instant listed = log == null ? null : log.listedTime();
      if (log == null || listed == null || difference(log) == null) {
        continue;
      }
      telling++;
      Duration measured = measured(log);
      if (measured != null) {
        close++;
        firstLogs.merge(day(listed), measured, PortalZone::later);
        easternmost = easternmost == null ? measured : later(easternmost, measured);
      }
    }
    if (close > 0 && 2 * close >= telling) {
      certain = true;
      firstLogs.forEach((day, measured) -> byDay.merge(day, measured, PortalZone::later));
    }
    boolean isSame = byDay.values().stream().allMatch(offset -> offset.equals(easternmost));
    sameEveryDay = isSame ? easternmost : null;
  }

  /** Whether it need not be looked for in further pages. */
  synchronized boolean isKnown() {
    return certain;
  }

  /** Takes the largest difference so far for the offset, because no page shows more. */
  synchronized void settle() {
    certain |= easternmost != null;
  }

  /** Returns by how much a log's listed times are too early; null if no log has shown it yet. */
  @Nullable Duration of(PortalLog log) {
    Instant listed = log.listedTime();
    Duration same = sameEveryDay;
    Duration usual = listed == null ? null : same == null ? at(listed) : same;
    if (listed == null || usual == null || same != null) {
      return usual;
    }
    // On the day that the clocks change, a first log shows whether it is before or after that.
    Duration own = measured(log);
    return own != null && own.compareTo(usual) < 0 && isOfTheNextDay(day(listed), own)
        ? own
        : usual;
  }

  private synchronized boolean isOfTheNextDay(long day, Duration offset) {
    return offset.equals(byDay.get(day - 1)) || offset.equals(byDay.get(day + 1));
  }

  /** Returns the latest time at which a log may have been made; null if it has no time. */
  @Nullable Instant latestTime(PortalLog log) {
    Instant listed = log.listedTime();
    Duration offset = of(log);
    return listed == null ? null : listed.plus(offset == null ? EASTERNMOST : offset);
  }

  /** Whether the unknown zone decides if a log is within the bounds of a query. */
  boolean decides(PortalLog log, DeliveryQuery query) {
    Instant listed = log.listedTime();
    return listed != null
        && (mayLieOnEitherSide(listed, query.since()) || mayLieOnEitherSide(listed, query.until()))
        && of(log) == null;
  }

  private static boolean mayLieOnEitherSide(Instant listed, @Nullable Instant bound) {
    return bound != null
        && listed.plus(WESTERNMOST).isBefore(bound)
        && !listed.plus(EASTERNMOST).isBefore(bound);
  }

  /**
   * Parses a time in the portal's zone, which is taken as UTC while the zone is not known. A time
   * with an offset is read as it is.
   */
  @Nullable Instant ofLocal(@Nullable String text) {
    Instant local = ProviderTime.parse(text);
    Duration offset = local != null && isLocal(text) ? at(local) : null;
    return local == null || offset == null ? local : local.minus(offset);
  }

  /** Whether a time has no offset, so that it is in the portal's zone. */
  static boolean isLocal(@Nullable String text) {
    return text != null && text.indexOf('+', 10) < 0 && text.indexOf('-', 10) < 0;
  }

  /** Returns the offset of the nearest day with a measurement. */
  private synchronized @Nullable Duration at(Instant listed) {
    if (easternmost == null) {
      return null;
    }
    if (byDay.isEmpty()) {
      return easternmost;
    }
    Map.Entry<Long, Duration> before = byDay.floorEntry(day(listed));
    Map.Entry<Long, Duration> after = byDay.ceilingEntry(day(listed));
    Duration nearest =
        before == null || (after != null && distance(after, listed) < distance(before, listed))
            ? (after == null ? easternmost : after.getValue())
            : before.getValue();
    // Daylight saving time cannot explain that much: the logs of that day were retries.
    return nearest.plus(DAYLIGHT_SAVING).compareTo(easternmost) < 0 ? easternmost : nearest;
  }

  private static long distance(Map.Entry<Long, Duration> day, Instant listed) {
    return Math.abs(day.getKey() - day(listed));
  }

  private static long day(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), DAY);
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Returns the offset that a log shows if it is a first one; null if it cannot be. */
  private static @Nullable Duration measured(PortalLog log) {
    Duration difference = log.isRetry() ? null : difference(log);
    if (difference == null) {
      return null;
    }
    long steps = Math.floorDiv(difference.toSeconds() + STEP / 2, STEP);
    Duration measured = Duration.ofSeconds(steps * STEP);
    return measured.compareTo(WESTERNMOST) < 0
            || measured.compareTo(EASTERNMOST) > 0
            || difference.minus(measured).abs().compareTo(CLOSE) > 0
        ? null
        : measured;
  }

  private static @Nullable Duration difference(PortalLog log) {
    Instant happened = log.payload().happenedAt();
    Instant listed = log.listedTime();
    return happened == null || listed == null ? null : Duration.between(listed, happened);
  }
}
