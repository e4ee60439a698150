package dev.redrive.http;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a provider asks to wait, from all common headers and formats. Hides {@code
 * Retry-After} from OkHttp, which would otherwise send the request again after a 503.
 */
final class RetryAfter {
  private static final String HIDDEN = "Redrive-Retry-After";
  private static final String MILLIS = "retry-after-ms";
  private static final List<String> RESETS =
      List.of(
          "X-RateLimit-Reset", "RateLimit-Reset", "X-Rate-Limit-Reset", "X-RateLimit-Reset-After");
  private static final List<String> REMAINING =
      List.of("X-RateLimit-Remaining", "RateLimit-Remaining", "X-Rate-Limit-Remaining");

  private static final Duration MOST = Duration.ofDays(365);
  private static final int LONGEST = 1_000;

  /** Numbers from here on are times since 1970: as a wait, they would be more than 31 years. */
  private static final BigDecimal EPOCH_SECONDS = BigDecimal.valueOf(1_000_000_000L);

  private static final BigDecimal EPOCH_MILLIS = BigDecimal.valueOf(1_000_000_000_000L);

  private static final Pattern AMOUNT =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+) ?([A-Za-z]*)");
  private static final Pattern WEEKDAY =
      Pattern.compile("(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}", Pattern.CASE_INSENSITIVE);
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  private RetryAfter() {}

  static Response hide(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    List<String> values = response.headers("Retry-After");
    if (values.isEmpty()) {
      return response;
    }
    Response.Builder hidden = response.newBuilder().removeHeader("Retry-After");
    values.forEach(value -> hidden.addHeader(HIDDEN, value));
    return hidden.build();
  }

  /** Returns how long an error response asks to wait; null if it does not say. */
  static @Nullable Duration of(int status, Headers headers, Instant now) {
    Instant providerNow = HttpDate.parse(headers.get("Date"));
    Instant at = providerNow == null ? now : providerNow;
    Duration asked = null;
    for (String value : headers.values(HIDDEN)) {
      asked = longer(asked, parse(value, at));
    }
    for (String value : headers.values(MILLIS)) {
      asked = longer(asked, parse(value, "ms", at));
    }
    if (asked != null || !saysWhenTheLimitEnds(status, headers)) {
      return asked;
    }
    for (String name : RESETS) {
      for (String value : headers.values(name)) {
        asked = longer(asked, parse(value, at));
      }
    }
    return asked;
  }

  /**
   * Whether a reset header means that the limit is used up. Some providers send it in every
   * response.
   */
  private static boolean saysWhenTheLimitEnds(int status, Headers headers) {
    String remaining = null;
    for (String name : REMAINING) {
      remaining = remaining == null ? headers.get(name) : remaining;
    }
    boolean isUsedUp = remaining != null && remaining.strip().matches("0+");
    return status == 429
        ? remaining == null || isUsedUp
        : isUsedUp && (status == 503 || status == 403);
  }

  /**
   * Parses a wait: seconds, a number with a unit, a time since 1970, a date, or a list of these. In
   * a list, the longest wait counts.
   *
   * @return the wait, from zero to one year; null if it is unreadable
   */
  static @Nullable Duration parse(String value, Instant now) {
    return parse(value, "s", now);
  }

  private static @Nullable Duration parse(String value, String unit, Instant now) {
    if (value.length() > LONGEST) {
      return null;
    }
    Duration longest = null;
    for (String one : list(value)) {
      longest = longer(longest, parseOne(one, unit, now));
    }
    return longest;
  }

  /** Splits a list. The comma after a weekday is part of a date. */
  private static List<String> list(String value) {
    var parts = new ArrayList<String>();
    String weekday = "";
    for (String part : value.split(",", -1)) {
      String text = part.strip();
      if (weekday.isEmpty() && WEEKDAY.matcher(text).matches()) {
        weekday = text;
      } else {
        parts.add(weekday.isEmpty() ? text : weekday + ", " + text);
        weekday = "";
      }
    }
    return parts;
  }

  private static @Nullable Duration parseOne(String text, String unit, Instant now) {
    String bare = text.replace("\"", "").strip();
    Matcher amount = AMOUNT.matcher(bare);
    if (amount.matches()) {
      return amount(new BigDecimal(amount.group(1)), amount.group(2), unit, now);
    }
    Instant date = HttpDate.parse(bare);
    if (date == null) {
      date = iso(bare);
    }
    return date == null ? null : between(Duration.between(now, date));
  }

  private static @Nullable Duration amount(
      BigDecimal number, String namedUnit, String defaultUnit, Instant now) {
    if (namedUnit.isEmpty() && number.compareTo(EPOCH_SECONDS) >= 0) {
      boolean inMillis = number.compareTo(EPOCH_MILLIS) >= 0;
      BigDecimal millis = inMillis ? number : number.movePointRight(3);
      return ofMillis(millis.subtract(BigDecimal.valueOf(now.toEpochMilli())));
    }
    long unit = millis(namedUnit.isEmpty() ? defaultUnit : namedUnit);
    return unit == 0 ? null : ofMillis(number.multiply(BigDecimal.valueOf(unit)));
  }

  /** Returns the length of a unit; 0 if it is unknown. */
  private static long millis(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> 1;
      case "s", "sec", "secs", "second", "seconds" -> 1_000;
      case "m", "min", "mins", "minute", "minutes" -> 60_000;
      case "h", "hr", "hrs", "hour", "hours" -> 3_600_000;
      default -> 0;
    };
  }

  private static @Nullable Instant iso(String text) {
    try {
      TemporalAccessor time =
          ISO.parseBest(text.replaceFirst(" ", "T"), OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime zoned
          ? zoned.toInstant()
          : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Rounds up: never less than what the provider asked for. */
  private static Duration ofMillis(BigDecimal millis) {
    BigDecimal most = BigDecimal.valueOf(MOST.toMillis());
    return between(
        Duration.ofMillis(millis.min(most).setScale(0, RoundingMode.CEILING).longValue()));
  }

  private static Duration between(Duration wait) {
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(MOST) > 0 ? MOST : wait;
  }

  private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
    return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
  }
}
