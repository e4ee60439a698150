package dev.redrive.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads the times that providers write. */
public final class ProviderTime {
  private static final String SHAPE = "0000-00-00T00:00:00.000Z";
  private static final int WITHOUT_FRACTION = 20;
  private static final long SECONDS_A_DAY = 86_400;

  private ProviderTime() {}

  /** An ISO 8601 time, UTC where it names no offset; null for what is missing or unreadable. */
  public static @Nullable Instant parse(@Nullable String text) {
    if (text == null || text.length() < 16) {
      return null;
    }
    try {
      char last = text.charAt(text.length() - 1);
      if (last == 'Z') {
        return isUsual(text) ? usual(text) : Instant.parse(text);
      }
      boolean hasOffset = text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
      return hasOffset
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Whether it looks like {@code 2026-02-09T12:10:00.000Z}, with no more than the fraction left
   * out: most times of most providers do, and a formatter takes much longer to read them.
   */
  private static boolean isUsual(String text) {
    int length = text.length();
    if (length != SHAPE.length() && length != WITHOUT_FRACTION) {
      return false;
    }
    for (int i = 0; i < length - 1; i++) {
      char c = text.charAt(i);
      char expected = SHAPE.charAt(i);
      if (expected == '0' ? c < '0' || c > '9' : c != expected) {
        return false;
      }
    }
    return number(text, 11, 2) < 24 && number(text, 14, 2) < 60 && number(text, 17, 2) < 60;
  }

  private static Instant usual(String text) {
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)).toEpochDay();
    int second = (number(text, 11, 2) * 60 + number(text, 14, 2)) * 60 + number(text, 17, 2);
    int millis = text.length() == WITHOUT_FRACTION ? 0 : number(text, 20, 3);
    return Instant.ofEpochSecond(day * SECONDS_A_DAY + second, millis * 1_000_000L);
  }

  private static int number(String text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
