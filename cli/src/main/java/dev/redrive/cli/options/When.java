package dev.redrive.cli.options;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A time as people write it, which may depend on the current time and zone. */
@FunctionalInterface
public interface When {
  /** What people can write. */
  String FORMS =
      "a time (10:30, yesterday, 2026-03-01, 2026-03-01T12:00, 2026-03-01T12:00:00Z) or an age"
          + " (5min, 6h, 2d)";

  /** Returns the instant, seen from {@code now} and its zone. */
  Instant at(ZonedDateTime now);

  /**
   * Reads a time.
   *
   * @throws IllegalArgumentException if it is none
   */
  static When parse(String text) {
    String value = text.strip();
    String iso = value.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d)[ t]", "$1T");
    List<Function<String, When>> forms =
        List.of(
            When::word,
            form -> fixed(OffsetDateTime.parse(iso).toInstant()),
            form -> local(LocalDateTime.parse(iso)),
            form -> local(LocalDate.parse(iso).atStartOfDay()),
            form -> latest(LocalTime.parse(form)),
            form -> ago(Durations.parse(form)));
    return forms.stream()
        .flatMap(form -> read(form, value).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not " + FORMS));
  }

  private static Optional<When> read(Function<String, When> form, String value) {
    try {
      When when = form.apply(value);
      // An age may be longer than time itself.
      Instant unused = when.at(Instant.EPOCH.atZone(ZoneOffset.UTC));
      return Optional.of(when);
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static When word(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "now" -> ZonedDateTime::toInstant;
      case "today" -> now -> startOfDay(now, 0);
      case "yesterday" -> now -> startOfDay(now, 1);
      default -> throw new DateTimeParseException("no word", word, 0);
    };
  }

  private static Instant startOfDay(ZonedDateTime now, int daysAgo) {
    return now.toLocalDate().minusDays(daysAgo).atStartOfDay(now.getZone()).toInstant();
  }

  private static When fixed(Instant instant) {
    return now -> instant;
  }

  private static When local(LocalDateTime time) {
    return now -> time.atZone(now.getZone()).toInstant();
  }

  /** The last time that clocks showed it. */
  private static When latest(LocalTime time) {
    return now ->
        Stream.of(0, 1)
            .map(days -> now.toLocalDate().minusDays(days).atTime(time).atZone(now.getZone()))
            .filter(shown -> !shown.isAfter(now))
            .findFirst()
            .orElse(now)
            .toInstant();
  }

  private static When ago(Duration age) {
    return now -> now.toInstant().minus(age);
  }
}
