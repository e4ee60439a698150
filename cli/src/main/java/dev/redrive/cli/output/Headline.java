package dev.redrive.cli.output;

import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.util.function.LongFunction;

/** What happened in a run, in the few words that come first. */
public final class Headline {
  private Headline() {}

  /** The words; numbers are written as {@code number} does. */
  public static String of(RecoveryReport report, LongFunction<String> number) {
    return switch (report.end()) {
      case FINISHED -> finished(report, number);
      case FAILED -> "Failed: " + soFar(report, number);
      case STOPPED -> "Stopped: " + soFar(report, number);
      case CANCELLED -> "Interrupted: " + soFar(report, number);
      case DECLINED -> "Declined: nothing was sent";
    };
  }

  private static String finished(RecoveryReport report, LongFunction<String> number) {
    if (wanted(report.counts()) == 0) {
      return report.allDelivered()
          ? "Nothing to recover"
          : "Nothing was sent, and not everything is delivered";
    }
    boolean moreIsLeft = report.counts().notDelivered() == 0 && !report.allDelivered();
    return tally(report.counts(), number) + (moreIsLeft ? ", and more is left" : "");
  }

  private static String soFar(RecoveryReport report, LongFunction<String> number) {
    DeliveryCounts counts = report.counts();
    return report.requests() == 0 && counts.delivered() == 0
        ? "nothing was sent"
        : tally(counts, number);
  }

  private static String tally(DeliveryCounts counts, LongFunction<String> number) {
    return number.apply(counts.delivered()) + " of " + number.apply(wanted(counts)) + " delivered";
  }

  private static long wanted(DeliveryCounts counts) {
    return counts.found() - counts.skippedInAll();
  }
}
