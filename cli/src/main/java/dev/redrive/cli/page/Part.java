package dev.redrive.cli.page;

import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.DeliveryCounts;
import java.util.ArrayList;
import java.util.List;

/** Deliveries with one fate. */
record Part(Fate fate, long count, String words) {
  /** Returns the parts that there are. */
  static List<Part> of(DeliveryCounts counts, RunFacts.State state) {
    boolean isRunning = state == RunFacts.State.RUNNING;
    return List.of(
            of(Fate.DELIVERED, counts.delivered()),
            of(Fate.FAILED_AGAIN, counts.failedAgain()),
            isRunning
                ? new Part(Fate.PENDING, counts.pending(), "under way")
                : of(Fate.PENDING, counts.pending()),
            of(Fate.REJECTED, counts.rejected()),
            of(Fate.UNKNOWN, counts.unknown()),
            isRunning
                ? new Part(Fate.NOT_SENT, counts.notSent(), "waiting")
                : of(Fate.NOT_SENT, counts.notSent()),
            of(Fate.SKIPPED, counts.skippedInAll()))
        .stream()
        .filter(part -> part.count() > 0)
        .toList();
  }

  private static Part of(Fate fate, long count) {
    return new Part(fate, count, fate.words());
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
