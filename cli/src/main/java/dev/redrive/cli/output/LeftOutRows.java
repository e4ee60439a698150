package dev.redrive.cli.output;

import dev.redrive.Listing.LeftOut;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.SkipReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells of rows that a provider listed and that are not among what is shown or sent. */
public final class LeftOutRows {
  private LeftOutRows() {}

  /** One sentence for each kind; empty if all rows are accounted for. */
  public static List<String> warnings(LeftOut leftOut) {
    return warnings(leftOut.undated(), leftOut.unreadable());
  }

  /** The same for what a plan or a run skipped. */
  public static List<String> warnings(Map<SkipReason, Long> skipped) {
    return warnings(
        skipped.getOrDefault(SkipReason.UNDATED, 0L),
        skipped.getOrDefault(SkipReason.UNREADABLE, 0L));
  }

  /**
   * Says what a list left out, and that it is empty: an empty list must not be taken for an
   * all-clear.
   *
   * @param count how many were listed
   * @param what they are called
   * @param of whose they are, to begin each sentence with; empty if that is plain
   */
  public static void tell(LeftOut leftOut, long count, String what, String of, Terminal terminal) {
    List<String> warnings = warnings(leftOut);
    warnings.forEach(warning -> terminal.warn(of + warning));
    if (count == 0) {
      terminal.note(of + (warnings.isEmpty() ? "no " : "no other ") + what + " match");
    }
  }

  private static List<String> warnings(long undated, long unreadable) {
    var warnings = new ArrayList<String>();
    if (undated > 0) {
      warnings.add(
          undated == 1
              ? "1 row is left out, without a readable time: whether it matches --since and --until"
                  + " cannot be known. 'redrive failures' without these shows it"
              : undated
                  + " rows are left out, without a readable time: whether they match --since and"
                  + " --until cannot be known. 'redrive failures' without these shows them");
    }
    if (unreadable > 0) {
      warnings.add(
          unreadable == 1
              ? "1 row is left out, without an id: look for it in the provider's console"
              : unreadable
                  + " rows are left out, without an id: look for them in the provider's console");
    }
    return warnings;
  }
}
