package dev.redrive.cli.options;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people write and read them. */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(?:\\d+(?:s|sec|m|min|h|d|w))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(sec|min|[smhdw])");

  private Durations() {}

  /**
   * Reads {@code 90s}, {@code 5min}, {@code 6h}, {@code 1d12h} or ISO's {@code PT6H}.
   *
   * @throws IllegalArgumentException if it is not a duration
   */
  public static Duration parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    try {
      if (!SHORT.matcher(lower).matches()) {
        return Duration.parse(text);
      }
      Duration sum = Duration.ZERO;
      for (Matcher part = PART.matcher(lower); part.find(); ) {
        sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
      }
      return sum;
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration: use 90s, 2m, 6h or PT6H", e);
    }
  }

  /** {@code 0.4 s}, {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}. */
  public static String format(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    return seconds < 86_400
        ? two(seconds / 3600, "h", seconds % 3600 / 60, "min")
        : two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  /** An estimate: no finer than a second. */
  public static String rounded(Duration duration) {
    long seconds = Math.max(1, Math.round(duration.toMillis() / 1000.0));
    return seconds < 60 ? seconds + " s" : format(Duration.ofSeconds(seconds));
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s", "sec" -> Duration.ofSeconds(1);
      case "m", "min" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }

  /** Reads an option's duration: at most a year, and not negative. */
  public static final class ToDuration implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(365);

    @Override
    public Duration convert(String value) {
      Duration duration;
      try {
        duration = parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
      if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
        throw new TypeConversionException(
            "it is "
                + (duration.isNegative() ? "negative" : "more than a year")
                + ": use a duration such as 90s or 2m");
      }
      return duration;
    }
  }
}
