package dev.redrive.cli.page;

import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.DeliveryCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Deliveries with one fate. */
record Part(Fate fate, long count, String words) {
  /** Returns the parts that there are. */
  static List<Part> of(DeliveryCounts counts, RunFacts.State state) {
    return Arrays.stream(Fate.values())
        .map(fate -> new Part(fate, fate.in(counts), words(fate, state)))
        .filter(part -> part.count() > 0)
        .toList();
  }

  private static String words(Fate fate, RunFacts.State state) {
    boolean isRunning = state == RunFacts.State.RUNNING;
    return isRunning && fate == Fate.PENDING
        ? "under way"
        : isRunning && fate == Fate.NOT_SENT ? "waiting" : fate.words();
  }

  static List<Page.Total> totals(List<Part> parts, long found) {
    var totals = new ArrayList<Page.Total>();
    totals.add(new Page.Total(Formats.number(found), "found", "all"));
    parts.forEach(
        part ->
            totals.add(
                new Page.Total(
                    Formats.number(part.count()), part.words(), Deliveries.css(part.fate()))));
    return totals;
  }

  /** Returns the parts as shares of one bar. */
  static List<Page.Share> shares(List<Part> parts) {
    long sum = Math.max(1, parts.stream().mapToLong(Part::count).sum());
    var shares = new ArrayList<Page.Share>();
    double x = 0;
    for (Part part : parts) {
      double width = (double) part.count() / sum;
      shares.add(
          new Page.Share(Formats.percent(x), Formats.percent(width), Deliveries.css(part.fate())));
      x += width;
    }
    return shares;
  }
}
