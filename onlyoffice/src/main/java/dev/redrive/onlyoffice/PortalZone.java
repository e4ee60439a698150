package dev.redrive.onlyoffice;

import dev.redrive.DeliveryQuery;
import dev.redrive.http.ProviderTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The portal's offset from UTC, measured from its own logs. The portal's list takes the times of a
 * log, which are UTC in its database, for times of the portal's zone and converts them to UTC once
 * more: at UTC+3 every log is listed three hours too early. The times of its webhooks it tells in
 * its own zone.
 *
 * <p>An event's payload tells in UTC when it happened, which is when its first log was made, to
 * about a second. So the difference to the log's listed time, rounded to 15 minutes, is the offset.
 * The log of a retry is younger than its event, by which the difference is too small: logs that are
 * known to be retries are not measured, and of a day's logs the largest difference counts. Offsets
 * are kept by day, since daylight saving changes them; where a day tells none, the nearest day's
 * holds. Safe to share between threads.
 */
final class PortalZone {
  /** The zones in use lie between UTC-12 and UTC+14. */
  static final Duration WESTERNMOST = Duration.ofHours(-12);

  static final Duration EASTERNMOST = Duration.ofHours(14);

  private static final long STEP = Duration.ofMinutes(15).toSeconds();
  private static final long DAY = Duration.ofDays(1).toSeconds();

  /** How far daylight saving moves a zone. */
  private static final Duration DAYLIGHT_SAVING = Duration.ofHours(1);

  /** A first log differs by whole steps; few retries are that close to one by chance. */
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final TreeMap<Long, Duration> byDay = new TreeMap<>();
  private @Nullable Duration easternmost;

  /** Measures the logs of a page of the list. */
  synchronized void learn(List<@Nullable PortalLog> page) {
    for (PortalLog log : page) {
      Duration measured = log == null ? null : measured(log);
      Instant listed = log == null ? null : log.listedTime();
      if (measured != null && listed != null) {
        byDay.merge(day(listed), measured, PortalZone::later);
        easternmost = easternmost == null ? measured : later(easternmost, measured);
      }
    }
  }

  synchronized boolean isKnown() {
    return easternmost != null;
  }

  /** The offset that a log's listed times are too early by; null while no log has told it. */
  @Nullable Duration of(PortalLog log) {
    Instant listed = log.listedTime();
    Duration usual = listed == null ? null : at(listed);
    Duration own = usual == null ? null : measured(log);
    // On the day that the clocks change, a first log tells on which side of it it lies.
    return own != null
            && isClose(log, own)
            && own.compareTo(usual) < 0
            && own.plus(DAYLIGHT_SAVING).compareTo(usual) >= 0
        ? own
        : usual;
  }

  /** When a log was made at the latest; null if it does not tell. */
  @Nullable Instant latestTime(PortalLog log) {
    Instant listed = log.listedTime();
    Duration offset = of(log);
    return listed == null ? null : listed.plus(offset == null ? EASTERNMOST : offset);
  }

  /** Whether it depends on a zone that is not known whether a log lies within a query's bounds. */
  boolean decides(PortalLog log, DeliveryQuery query) {
    Instant listed = log.listedTime();
    return listed != null
        && of(log) == null
        && (mayLieOnEitherSide(listed, query.since()) || mayLieOnEitherSide(listed, query.until()));
  }

  private static boolean mayLieOnEitherSide(Instant listed, @Nullable Instant bound) {
    return bound != null
        && listed.plus(WESTERNMOST).isBefore(bound)
        && !listed.plus(EASTERNMOST).isBefore(bound);
  }

  /**
   * A time that the portal tells in its own zone; taken as UTC while the zone is not known. One
   * that names its offset is what it says.
   */
  @Nullable Instant ofLocal(@Nullable String text) {
    Instant local = ProviderTime.parse(text);
    Duration offset = local != null && isLocal(text) ? at(local) : null;
    return local == null || offset == null ? local : local.minus(offset);
  }

  /** Whether it takes the portal's zone to read a time of a webhook. */
  static boolean isLocal(@Nullable String text) {
    return text != null && text.indexOf('+', 10) < 0 && text.indexOf('-', 10) < 0;
  }

  /** The offset of the nearest day that told one. */
  private synchronized @Nullable Duration at(Instant listed) {
    if (easternmost == null) {
      return null;
    }
    Map.Entry<Long, Duration> before = byDay.floorEntry(day(listed));
    Map.Entry<Long, Duration> after = byDay.ceilingEntry(day(listed));
    Duration nearest =
        before == null || (after != null && distance(after, listed) < distance(before, listed))
            ? (after == null ? easternmost : after.getValue())
            : before.getValue();
    // Further off than daylight saving moves it: that day's logs were retries and did not say so.
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

  private static boolean isClose(PortalLog log, Duration measured) {
    Duration difference = difference(log);
    return difference != null && difference.minus(measured).abs().compareTo(CLOSE) <= 0;
  }

  /** What a log tells of the offset; null if it is a retry or does not tell. */
  private static @Nullable Duration measured(PortalLog log) {
    Duration difference = log.isRetry() ? null : difference(log);
    if (difference == null) {
      return null;
    }
    long steps = Math.floorDiv(difference.toSeconds() + STEP / 2, STEP);
    Duration measured = Duration.ofSeconds(steps * STEP);
    return measured.compareTo(WESTERNMOST) < 0 || measured.compareTo(EASTERNMOST) > 0
        ? null
        : measured;
  }

  private static @Nullable Duration difference(PortalLog log) {
    Instant happened = log.payload().happenedAt();
    Instant listed = log.listedTime();
    return happened == null || listed == null ? null : Duration.between(listed, happened);
  }
}
