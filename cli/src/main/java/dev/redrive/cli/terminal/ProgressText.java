package dev.redrive.cli.terminal;

import dev.redrive.cli.options.Durations;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How far a recovery has come, in one line: what matters least goes first where it is narrow. */
final class ProgressText {
  /** Outcomes that an estimate needs: the first ones come all at once, or late. */
  private static final long LEAST_DONE = 20;

  private static final long LEAST_SHARE = 10;
  private static final Duration MOST_LEFT = Duration.ofHours(24);

  private final Terminal.Stream err;
  private final String separator;

  ProgressText(Terminal.Stream err) {
    this.err = err;
    this.separator = err.isUnicode() ? " · " : ", ";
  }

  /**
   * The line.
   *
   * @param outOfSight failures that will be listed later, perhaps
   * @param waits what is waited for, and shorter; both empty if nothing
   * @param width the most columns
   */
  String of(RecoveryProgress progress, long outOfSight, List<String> waits, int width) {
    if (!isCounting(progress)) {
      return fitting(width, sending(progress, outOfSight, waits.get(0), waits.get(1)));
    }
    return fitting(
        width, waits.get(0).isEmpty() ? counting(progress) : waits.stream().map(List::of));
  }

  /** For how long an account waits, and why; the same without why. */
  static List<String> waiting(Account account, Duration left, String why) {
    String waits = account.provider() + " waits " + Durations.rounded(left);
    return List.of(waits + ": " + why, waits);
  }

  private static boolean isCounting(RecoveryProgress progress) {
    return progress.phase() == Phase.SETTLING || progress.phase() == Phase.COLLECTING;
  }

  private static Stream<List<String>> counting(RecoveryProgress progress) {
    return progress.phase() == Phase.SETTLING
        ? Stream.of(List.of("reading what became of earlier retries"), List.of("reading"))
        : Stream.of(
            List.of("listing failures", progress.found() + " found"),
            List.of(progress.found() + " found"));
  }

  /** From the most words to the fewest. */
  private static Stream<List<String>> sending(
      RecoveryProgress progress, long outOfSight, String waits, String waitsShort) {
    long total = Math.max(progress.total(), progress.sent()) + outOfSight;
    String about = outOfSight == 0 ? "" : "about ";
    String sent = "sent " + progress.sent() + " of ";
    String sentShort = sent + (outOfSight == 0 ? "" : "~") + total;
    String delivered = progress.delivered() + " delivered";
    String failed = count(progress.failedAgain(), "failed again");
    String rejected = count(progress.rejected(), "rejected");
    String checked =
        count(progress.sent() - progress.delivered() - progress.failedAgain(), "being checked");
    String left = left(progress);
    String leftShort = left.replace("about ", "~");
    return Stream.of(
        List.of(sent + about + total, delivered, failed, rejected, checked, waits, left),
        List.of(sentShort, delivered, failed, rejected, checked, waits, leftShort),
        List.of(sentShort, delivered, failed, rejected, checked, waitsShort, leftShort),
        List.of(sentShort, delivered, failed, rejected, waitsShort, leftShort),
        List.of(sentShort, delivered, failed, rejected, waitsShort),
        List.of(sentShort, failed, rejected, waitsShort),
        List.of(sentShort, waitsShort),
        List.of(sentShort));
  }

  private static String count(long count, String what) {
    return count <= 0 ? "" : count + " " + what;
  }

  private String fitting(int width, Stream<List<String>> lines) {
    String line =
        lines
            .map(
                parts ->
                    parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.toList()))
            .map(parts -> String.join(separator, parts))
            .reduce((wider, narrower) -> wider.length() <= width ? wider : narrower)
            .orElse("");
    return line.replaceFirst("\\d+ failed again", err.red("$0"));
  }

  /** How long it still takes, in words; empty as long as that would be a guess. */
  static String left(RecoveryProgress progress) {
    Duration left = progress.timeLeft();
    boolean canBeTold =
        progress.phase() == Phase.SENDING
            && progress.done() >= LEAST_DONE
            && progress.done() >= progress.total() / LEAST_SHARE;
    return left == null || !canBeTold || left.compareTo(MOST_LEFT) > 0
        ? ""
        : "about " + Durations.rounded(left);
  }
}
