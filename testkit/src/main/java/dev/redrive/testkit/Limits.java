package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ONLYOFFICE's rate limits [src], by the fake's clock. */
final class Limits {
  private static final int PER_DAY = 10_000;
  private static final int READERS = 50;
  private static final int WRITERS = 15;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration TOO_MANY_AT_ONCE = Duration.ofSeconds(1);
  private static final int PRUNE_ABOVE = 50_000;

  private final boolean tellsRetryAfter;
  private final RateLimit minute = new RateLimit(1_500, Duration.ofMinutes(1));
  private final Map<String, RateLimit> retriesByPath = new HashMap<>();
  private @Nullable Instant dayEnd;
  private int writesToday;

  /**
   * @param tellsRetryAfter whether each 429 says how long to wait; otherwise only that of the day
   */
  Limits(boolean tellsRetryAfter) {
    this.tellsRetryAfter = tellsRetryAfter;
  }

  /** Counts a request, or refuses it; null lets it pass. See {@link #take}. */
  @Nullable Answer refusal(Call call, Instant now, int concurrent) {
    boolean write = !call.method().equals("GET");
    boolean retry = call.operation() == Operation.RETRY;
    Duration wait = take(now, write, retry, call.encodedPath(), concurrent);
    if (wait.isZero()) {
      return null;
    }
    boolean tellsWait = tellsRetryAfter || (write && isDayUsedUp());
    return tellsWait
        ? OnlyOfficeErrors.tooMany(wait)
        : OnlyOfficeErrors.tooMany(retry ? "5" : "1500");
  }

  /**
   * Counts a request if it is within the limits.
   *
   * @param concurrent requests of its kind in work, this one included
   * @return how long the caller has to wait; zero if the request passes
   */
  Duration take(Instant now, boolean write, boolean retry, String path, int concurrent) {
    if (concurrent > (write ? WRITERS : READERS)) {
      return TOO_MANY_AT_ONCE;
    }
    Duration wait = minute.waitAt(now);
    if (wait.isZero() && write) {
      wait = waitForDay(now);
    }
    if (wait.isZero() && retry) {
      RateLimit ofPath = retriesAt(path, now);
      wait = ofPath.waitAt(now);
      if (wait.isZero()) {
        ofPath.count(now);
      }
    }
    if (wait.isZero()) {
      minute.count(now);
      writesToday += write ? 1 : 0;
    }
    return wait;
  }

  private boolean isDayUsedUp() {
    return writesToday >= PER_DAY;
  }

  private Duration waitForDay(Instant now) {
    if (dayEnd == null || !dayEnd.isAfter(now)) {
      dayEnd = now.plus(DAY);
      writesToday = 0;
    }
    return isDayUsedUp() ? Duration.between(now, dayEnd) : Duration.ZERO;
  }

  private RateLimit retriesAt(String path, Instant now) {
    if (retriesByPath.size() > PRUNE_ABOVE) {
      retriesByPath.values().removeIf(limit -> limit.isUnused(now));
    }
    return retriesByPath.computeIfAbsent(path, key -> new RateLimit(5, Duration.ofMinutes(15)));
  }
}
