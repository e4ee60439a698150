package dev.redrive.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the three date formats of HTTP headers: RFC 1123, RFC 850 and asctime. */
final class HttpDate {
  private static final int LONGEST = 100;
  private static final Pattern WEEKDAY = Pattern.compile("^[A-Za-z]{3,9}(?:, ?| )");
  private static final Pattern UTC = Pattern.compile(" (?:GMT|UTC|Z)$", Pattern.CASE_INSENSITIVE);

  /** A year of two digits is between 1980 and 2079. */
  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("d-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 4, LocalDate.of(1980, 1, 1))
          .appendPattern(" HH:mm:ss")
          .toFormatter(Locale.US);

  private static final DateTimeFormatter ASCTIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("MMM d HH:mm:ss uuuu")
          .toFormatter(Locale.US);

  private HttpDate() {}

  /** Reads a date. A wrong weekday is ignored. Returns null if it is missing or unreadable. */
  static @Nullable Instant parse(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    String date = WEEKDAY.matcher(text.strip().replaceAll("\\s+", " ")).replaceFirst("");
    String local = UTC.matcher(date).replaceFirst("");
    try {
      String zoned = local.equals(date) ? date : local + " GMT";
      return ZonedDateTime.parse(zoned, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return parseLocal(local);
    }
  }

  private static @Nullable Instant parseLocal(String local) {
    for (DateTimeFormatter format : List.of(RFC_850, ASCTIME)) {
      try {
        return LocalDateTime.parse(local, format).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        // Falls through to the next format.
      }
    }
    return null;
  }
}
