package dev.redrive.cli.page;

import dev.redrive.cli.commands.RunSummary;
import dev.redrive.cli.output.Fate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Charts as inline SVG. Widths are shares of the page and heights are pixels, so that they fit any
 * screen while their text keeps its size.
 */
public final class Charts {
  private static final DateTimeFormatter TIME = utc("d MMM uuuu HH:mm:ss");
  private static final int PLOT = 120;
  private static final int TOP = 14;
  private static final double BAR_SHARE = 0.84;
  private static final int MOST_ROWS = 12;
  private static final List<Integer> TICKS = List.of(0, 1, 2, 3, 4);

  private Charts() {}

  /** Bars over time: what turned out well, and on top of it what did not. */
  public static void timeline(Html html, Timeline timeline, String label, String good, String bad) {
    List<Timeline.Bar> bars = timeline.bars();
    long most = niceCeiling(bars.stream().mapToLong(Timeline.Bar::total).max().orElse(1));
    html.open("div", "class", "plot")
        .open("div", "class", "scale", "aria-hidden", "true")
        .element("span", number(most))
        .element("span", most % 2 == 0 ? number(most / 2) : "")
        .element("span", "0")
        .close("div")
        .open(
            "svg", "class", "bars", "role", "img", "aria-label", label, "height", TOP + PLOT + 20);
    for (double share : new double[] {0, 0.5, 1}) {
      double y = TOP + PLOT * share + 0.5;
      html.open("line", "x1", "0", "x2", "100%", "y1", y, "y2", y, "class", "grid").close("line");
    }
    for (int i = 0; i < bars.size(); i++) {
      bar(html, bars.get(i), i, bars.size(), most, good, bad);
    }
    ticks(html, timeline, bars);
    html.close("svg").close("div");
  }

  /** A horizontal bar for each name, the rest of a long list summed up. */
  public static void ranking(
      Html html, Map<String, RunSummary.Count> counts, Map<String, String> notes) {
    long most = counts.values().stream().mapToLong(RunSummary.Count::total).max().orElse(1);
    var rest = new RunSummary.Count(0, 0);
    int shown = 0;
    html.open("ul", "class", "ranking");
    for (Map.Entry<String, RunSummary.Count> entry : counts.entrySet()) {
      if (shown++ < MOST_ROWS) {
        row(html, entry.getKey(), entry.getValue(), most, notes.getOrDefault(entry.getKey(), ""));
      } else {
        rest = rest.plus(entry.getValue());
      }
    }
    if (shown > MOST_ROWS) {
      row(html, (shown - MOST_ROWS) + " more", rest, Math.max(most, rest.total()), "");
    }
    html.close("ul");
  }

  /** One bar that is divided among fates. */
  public static void division(Html html, Map<Fate, Long> parts) {
    long sum = Math.max(1, parts.values().stream().mapToLong(Long::longValue).sum());
    html.open(
        "svg", "class", "division", "height", 14, "role", "img", "aria-label", "All deliveries");
    double x = 0;
    for (Map.Entry<Fate, Long> part : parts.entrySet()) {
      double width = (double) part.getValue() / sum;
      rectangle(html, x, width, 0, 14, cssClass(part.getKey()), title(part));
      x += width;
    }
    html.close("svg");
  }

  /** The class that gives a fate its colour. */
  public static String cssClass(Fate fate) {
    return "f-" + fate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A number with separated thousands. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void bar(
      Html html, Timeline.Bar bar, int index, int bars, long most, String good, String bad) {
    if (bar.total() == 0) {
      return;
    }
    double x = (index + (1 - BAR_SHARE) / 2) / bars;
    double goodHeight = height(bar.good(), most);
    double badHeight = height(bar.bad(), most);
    double base = TOP + PLOT;
    html.open("g")
        .element(
            "title",
            TIME.format(bar.start())
                + " UTC: "
                + number(bar.good())
                + " "
                + good
                + ", "
                + number(bar.bad())
                + " "
                + bad);
    if (bar.good() > 0) {
      rectangle(html, x, BAR_SHARE / bars, base - goodHeight, goodHeight, "good", "");
    }
    if (bar.bad() > 0) {
      rectangle(html, x, BAR_SHARE / bars, base - goodHeight - badHeight, badHeight, "bad", "");
    }
    html.close("g");
  }

  /** What is there is seen, however few. */
  private static double height(long count, long most) {
    return count == 0 ? 0 : Math.max(2, (double) PLOT * count / most);
  }

  private static void ticks(Html html, Timeline timeline, List<Timeline.Bar> bars) {
    Instant start = bars.get(0).start();
    long length = timeline.barLength().toSeconds();
    DateTimeFormatter format = tickFormat(timeline, length * bars.size());
    for (int tick : TICKS) {
      int index = bars.size() * tick / 4;
      html.element(
          "text",
          format.format(start.plusSeconds(index * length)),
          "x",
          Html.percent((double) index / bars.size()),
          "y",
          TOP + PLOT + 16,
          "text-anchor",
          tick == 0 ? "start" : tick == 4 ? "end" : "middle",
          "class",
          tick % 2 == 0 ? "tick" : "tick wide");
    }
  }

  private static DateTimeFormatter tickFormat(Timeline timeline, long span) {
    if (timeline.barLength().toSeconds() < 60 && span < 300) {
      return utc("HH:mm:ss");
    }
    if (span <= 86_400) {
      return utc("HH:mm");
    }
    return span <= 14 * 86_400 ? utc("d MMM HH:mm") : utc("d MMM");
  }

  public static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  private static void row(Html html, String name, RunSummary.Count count, long most, String note) {
    html.open("li")
        .open("div", "class", "name")
        .element("span", name)
        .open("span", "class", "count")
        .text(number(count.total()));
    if (count.bad() > 0) {
      html.element("b", " " + number(count.bad()) + " left", "class", "left");
    }
    html.close("span").close("div");
    html.open("svg", "class", "row", "height", 10, "aria-hidden", "true");
    double good = (double) count.good() / most;
    rectangle(html, 0, good, 0, 10, "good", "");
    if (count.bad() > 0) {
      rectangle(html, good, Math.max(0.006, (double) count.bad() / most), 0, 10, "bad", "");
    }
    html.close("svg");
    if (!note.isEmpty()) {
      html.element("p", note, "class", "note");
    }
    html.close("li");
  }

  private static void rectangle(
      Html html, double x, double width, double y, double height, String css, String title) {
    html.open(
        "rect",
        "x",
        Html.percent(x),
        "width",
        Html.percent(width),
        "y",
        y,
        "height",
        height,
        "class",
        css);
    if (!title.isEmpty()) {
      html.element("title", title);
    }
    html.close("rect");
  }

  private static String title(Map.Entry<Fate, Long> part) {
    return number(part.getValue()) + " " + part.getKey().words();
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
