package dev.redrive.cli.page;

import dev.redrive.cli.options.Durations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Bars over time, as shares of the page's width and in pixels of height, so that they fit any
 * screen while their text keeps its size.
 *
 * @param most the number at the top of the scale
 * @param bars the bars, oldest first
 * @param ticks times along the axis
 * @param span what the axis shows, for people
 */
public record Chart(long most, List<Bar> bars, List<Tick> ticks, String span) {
  /** Room above the bars, for numbers. */
  public static final int TOP = 30;

  public static final int PLOT = 120;
  public static final int BASE = TOP + PLOT;
  public static final int HEIGHT = BASE + 34;

  private static final double OUTER = 0.86;
  private static final double INNER = 0.58;
  private static final int MOST_TICKS = 8;

  /** Widths in which numbers have to fit: a narrow and a wide screen. */
  private static final double NARROW = 290;

  private static final double WIDE = 940;
  private static final double DIGIT = 6.6;

  private static final long[] STEPS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
  };

  /**
   * A bar: all of it, and over it the parts that are delivered and left.
   *
   * @param numbers the class of its numbers, by the screens that they fit on; empty if on none
   */
  public record Bar(
      String time, Count count, Part all, Part good, Part bad, String middle, String numbers) {
    /** Returns its total as it stands above it. */
    public String total() {
      return Formats.compact(count.total());
    }

    /** Returns what is left as it stands above it. */
    public String left() {
      return Formats.compact(count.bad());
    }
  }

  /** A rectangle. */
  public record Part(String x, String width, double y, double height) {
    static Part of(double middle, double width, double from, double height) {
      return new Part(
          Formats.percent(middle - width / 2),
          Formats.percent(width),
          round(BASE - from - height),
          round(height));
    }
  }

  /**
   * A time on the axis.
   *
   * @param date the date, where it changes; empty elsewhere
   * @param css its class
   */
  public record Tick(String x, String anchor, String time, String date, String css) {}

  static Chart of(Timeline timeline) {
    List<Timeline.Bar> counted = timeline.bars();
    long most = counted.stream().mapToLong(bar -> bar.count().total()).max().orElse(1);
    long scale = niceCeiling(most);
    var bars = new ArrayList<Bar>();
    for (int i = 0; i < counted.size(); i++) {
      Timeline.Bar bar = counted.get(i);
      if (bar.count().total() > 0) {
        // On a narrow screen the highest bar alone has its number.
        String numbers =
            bar.count().total() == most
                ? "value"
                : numbers(counted.size(), Formats.compact(most).length());
        bars.add(bar(bar, (i + 0.5) / counted.size(), 1.0 / counted.size(), scale, numbers));
      }
    }
    return new Chart(scale, bars, ticks(timeline, counted), span(timeline, counted));
  }

  /** Returns the middle of the scale; empty if there is no such number. */
  public String half() {
    return most % 2 == 0 ? Formats.number(most / 2) : "";
  }

  private static Bar bar(Timeline.Bar bar, double middle, double slot, long scale, String numbers) {
    Count count = bar.count();
    double good = height(count.good(), scale);
    double bad = height(count.bad(), scale);
    double all = Math.max(good + bad, height(count.total(), scale));
    return new Bar(
        Formats.DATE_TIME.format(bar.start()),
        count,
        Part.of(middle, slot * OUTER, 0, all),
        Part.of(middle, slot * INNER, 0, good),
        Part.of(middle, slot * INNER, good, bad),
        Formats.percent(middle),
        numbers);
  }

  private static String numbers(int bars, int digits) {
    double needed = digits * DIGIT * bars;
    return needed <= NARROW ? "value" : needed <= WIDE ? "value wide" : "";
  }

  /** What is there is seen, however few. */
  private static double height(long count, long scale) {
    return count == 0 ? 0 : Math.max(2, (double) PLOT * count / scale);
  }

  private static double round(double pixels) {
    return Math.round(pixels * 10) / 10.0;
  }

  /** Round times, each different from its neighbours; the date where it changes. */
  private static List<Tick> ticks(Timeline timeline, List<Timeline.Bar> bars) {
    var ticks = new ArrayList<Tick>();
    if (bars.isEmpty()) {
      return ticks;
    }
    long start = bars.get(0).start().getEpochSecond();
    long length = timeline.barLength().toSeconds();
    long span = length * bars.size();
    long step = step(span, length);
    boolean isDaily = step % 86_400 == 0;
    DateTimeFormatter format =
        isDaily ? Formats.utc("d MMM") : step % 60 == 0 ? Formats.utc("HH:mm") : Formats.TIME;
    DateTimeFormatter dates = isDaily ? Formats.utc("uuuu") : Formats.utc("d MMM");
    String last = "";
    long first = Math.floorDiv(start + step - 1, step) * step;
    for (long at = first; at <= start + span; at += step) {
      Instant time = Instant.ofEpochSecond(at);
      double x = (double) (at - start) / span;
      String date = dates.format(time);
      ticks.add(
          new Tick(
              Formats.percent(x),
              x < 0.03 ? "start" : x > 0.97 ? "end" : "middle",
              format.format(time),
              date.equals(last) ? "" : date,
              ticks.size() % 2 == 0 || !date.equals(last) ? "tick" : "tick wide"));
      last = date;
    }
    return ticks;
  }

  private static long step(long span, long length) {
    for (long step : STEPS) {
      if (step % length == 0 && span / step <= MOST_TICKS) {
        return step;
      }
    }
    long step = Math.max(86_400, length);
    while (span / step > MOST_TICKS) {
      step *= 2;
    }
    return step;
  }

  private static String span(Timeline timeline, List<Timeline.Bar> bars) {
    if (bars.isEmpty()) {
      return "";
    }
    LocalDate first = date(bars.get(0).start());
    LocalDate last = date(bars.get(bars.size() - 1).start());
    String dates = Formats.DATE.format(bars.get(0).start());
    if (!first.equals(last)) {
      dates += " to " + Formats.DATE.format(bars.get(bars.size() - 1).start());
    }
    return dates + ", UTC; a bar is " + Durations.rounded(timeline.barLength());
  }

  private static LocalDate date(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, … */
  private static long niceCeiling(long value) {
    long power = 1;
    while (power * 10 < value) {
      power *= 10;
    }
    for (long digit : new long[] {1, 2, 3, 4, 5, 6, 8, 10}) {
      if (digit * power >= value) {
        return digit * power;
      }
    }
    return value;
  }
}
