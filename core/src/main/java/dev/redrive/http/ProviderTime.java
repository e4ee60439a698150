package dev.redrive.http;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parses the times that providers write. */
public final class ProviderTime {
  private static final String SHAPE = "0000-00-00T00:00:00";
  private static final long SECONDS_A_DAY = 86_400;
  private static final int LONGEST = 80;
  private static final int NANO_DIGITS = 9;
  private static final int YEAR_DIGITS = 4;

  /**
   * Numbers in this range are seconds since 1970, of the years 2001 to 5138; numbers a thousand
   * times as large are milliseconds. Other numbers are not times: 0 often means "none".
   */
  private static final BigDecimal SECONDS = BigDecimal.valueOf(1_000_000_000L);

  private static final BigDecimal SECONDS_END = SECONDS.movePointRight(2);
  private static final BigDecimal MILLIS = SECONDS.movePointRight(3);
  private static final BigDecimal MILLIS_END = SECONDS_END.movePointRight(3);

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("[['T'][' ']HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, NANO_DIGITS, true)
          .optionalEnd()
          .appendPattern("][' ']['UTC']['GMT']")
          .appendPattern("[XXXXX][XXXX][X]")
          .optionalStart()
          .appendLiteral('[')
          .appendZoneRegionId()
          .appendLiteral(']')
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /** The three date formats of HTTP: RFC 1123, RFC 850 and asctime. */
  private static final DateTimeFormatter HTTP =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("[EEEE, ][EEE, ][d MMM uuuu HH:mm[:ss]][EEE MMM ppd HH:mm:ss uuuu]")
          .optionalStart()
          .appendPattern("d-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 4, 1970)
          .appendPattern(" HH:mm:ss")
          .optionalEnd()
          .appendPattern("[' ']['GMT']['UTC']['UT'][XXXXX][XXXX][X]")
          .toFormatter(Locale.ENGLISH);

  private ProviderTime() {}

  /**
   * Parses a time in any common format: ISO 8601 and its usual variants, HTTP dates, and seconds or
   * milliseconds since 1970. A time without an offset is in UTC; a date without a time is midnight.
   * Returns null if the text is missing or unreadable.
   */
  public static @Nullable Instant parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return isUsual(text) ? usual(text) : unusual(text.strip());
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Instant unusual(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    if (text.indexOf('-') == YEAR_DIGITS) {
      return instant(ISO.parse(cutFraction(text)));
    }
    return text.indexOf(' ') < 0 ? sinceEpoch(text) : instant(HTTP.parse(text));
  }

  private static Instant instant(TemporalAccessor parsed) {
    LocalTime time = parsed.query(TemporalQueries.localTime());
    ZoneId zone = parsed.query(TemporalQueries.offset());
    if (zone == null) {
      zone = parsed.query(TemporalQueries.zone());
    }
    return LocalDate.from(parsed)
        .atTime(time == null ? LocalTime.MIDNIGHT : time)
        .atZone(zone == null ? ZoneOffset.UTC : zone)
        .toInstant();
  }

  /** Cuts the fraction to nanoseconds: some providers write more digits, some write a comma. */
  private static String cutFraction(String text) {
    int point = Math.max(text.indexOf('.'), text.indexOf(','));
    if (point < 0) {
      return text;
    }
    int end = point + 1;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    int kept = Math.min(end, point + 1 + NANO_DIGITS);
    return text.substring(0, point) + '.' + text.substring(point + 1, kept) + text.substring(end);
  }

  private static @Nullable Instant sinceEpoch(String text) {
    var number = new BigDecimal(text);
    if (isWithin(number, SECONDS, SECONDS_END)) {
      return ofSeconds(number);
    }
    return isWithin(number, MILLIS, MILLIS_END) ? ofSeconds(number.movePointLeft(3)) : null;
  }

  private static boolean isWithin(BigDecimal number, BigDecimal from, BigDecimal end) {
    return number.compareTo(from) >= 0 && number.compareTo(end) < 0;
  }

  private static Instant ofSeconds(BigDecimal seconds) {
    long whole = seconds.longValue();
    BigDecimal fraction = seconds.subtract(BigDecimal.valueOf(whole));
    return Instant.ofEpochSecond(whole, fraction.movePointRight(NANO_DIGITS).longValue());
  }

  /**
   * Whether the text looks like {@code 2026-02-09T12:10:00.000Z}, with more or fewer digits of a
   * second, or none. Most times do, and a formatter is much slower.
   */
  private static boolean isUsual(String text) {
    int seconds = SHAPE.length();
    int end = text.length() - 1;
    if (end < seconds || end > seconds + 1 + NANO_DIGITS || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < seconds; i++) {
      if (SHAPE.charAt(i) == '0' ? !isDigit(text, i) : text.charAt(i) != SHAPE.charAt(i)) {
        return false;
      }
    }
    for (int i = seconds + 1; i < end; i++) {
      if (!isDigit(text, i)) {
        return false;
      }
    }
    return (end == seconds || (end > seconds + 1 && text.charAt(seconds) == '.'))
        && number(text, 11, 2) < 24
        && number(text, 14, 2) < 60
        && number(text, 17, 2) < 60;
  }

  private static boolean isDigit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static Instant usual(String text) {
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)).toEpochDay();
    int second = (number(text, 11, 2) * 60 + number(text, 14, 2)) * 60 + number(text, 17, 2);
    int digits = Math.max(0, text.length() - SHAPE.length() - 2);
    int nanos = number(text, SHAPE.length() + 1, digits);
    for (int i = digits; i < NANO_DIGITS; i++) {
      nanos *= 10;
    }
    return Instant.ofEpochSecond(day * SECONDS_A_DAY + second, nanos);
  }

  private static int number(String text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
