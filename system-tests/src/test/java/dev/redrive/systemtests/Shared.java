package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a run in another process reported.
 *
 * @param end how it ended
 * @param counts found, skipped, delivered and so on
 * @param addsUp whether each account's counts add up
 * @param requests retry requests made
 * @param problems what it says of what it left, in words; empty if nothing
 */
record Shared(
    RecoveryReport.End end,
    Map<String, Long> counts,
    boolean addsUp,
    long requests,
    String problems) {
  /** What a line begins with that tells of a run whose ledger failed. */
  static final String FAILED = "ledger failed: ";

  private static final String REPORT = "report ";
  private static final Pattern COUNT = Pattern.compile("([a-zA-Z]+)=(\\d+)");

  static String line(RecoveryReport report) {
    DeliveryCounts counts = report.counts();
    boolean addsUp =
        report.byAccount().values().stream().allMatch(account -> account.counts().addsUp());
    return REPORT
        + String.join(
            " ",
            "found=" + counts.found(),
            "skipped=" + counts.skippedInAll(),
            "skippedUndelivered=" + counts.skippedUndelivered(),
            "delivered=" + counts.delivered(),
            "failedAgain=" + counts.failedAgain(),
            "pending=" + counts.pending(),
            "rejected=" + counts.rejected(),
            "unknown=" + counts.unknown(),
            "notSent=" + counts.notSent(),
            "requests=" + report.requests())
        + (addsUp ? " adds up, " : " does not add up, ")
        + report.end()
        + ": "
        + report.problems().stream()
            .map(problem -> problem.account() + " " + problem.what())
            .toList()
            .toString()
            .replace('\n', ' ');
  }

  /** The reports that a process has printed. */
  static List<Shared> of(ChildProcess process) {
    return process
        .output()
        .lines()
        .filter(line -> line.startsWith(REPORT))
        .map(Shared::of)
        .toList();
  }

  private static Shared of(String line) {
    int end = line.indexOf(", ");
    int problems = line.indexOf(": ", end);
    Map<String, Long> counts = new HashMap<>();
    COUNT
        .matcher(line.substring(0, end))
        .results()
        .forEach(count -> counts.put(count.group(1), Long.valueOf(count.group(2))));
    long requests = counts.remove("requests");
    return new Shared(
        RecoveryReport.End.valueOf(line.substring(end + 2, problems)),
        counts,
        line.substring(0, end).endsWith(" adds up"),
        requests,
        line.substring(problems + 3, line.length() - 1));
  }

  static long failedRuns(ChildProcess process) {
    return process.output().lines().filter(line -> line.startsWith(FAILED)).count();
  }

  static long sum(List<Shared> reports, String count) {
    return reports.stream().mapToLong(report -> report.count(count)).sum();
  }

  long count(String name) {
    return counts.get(name);
  }

  /** It accounts for each delivery, and says why it left any that it could have sent. */
  void assertSound() {
    assertThat(addsUp).as("%s", this).isTrue();
    assertThat(count("found"))
        .as("%s", this)
        .isEqualTo(
            count("skipped")
                + count("delivered")
                + count("failedAgain")
                + count("pending")
                + count("rejected")
                + count("unknown")
                + count("notSent"));
    if (problems.isEmpty()) {
      assertThat(end).as("%s", this).isEqualTo(RecoveryReport.End.FINISHED);
      assertThat(count("pending") + count("notSent")).as("%s", this).isZero();
    }
  }

  /** Nothing that it saw is left undelivered, and it says so. */
  void assertAllDelivered() {
    assertSound();
    assertThat(problems).as("%s", this).isEmpty();
    for (String count : List.of("skippedUndelivered", "failedAgain", "rejected", "unknown")) {
      assertThat(count(count)).as("%s of %s", count, this).isZero();
    }
  }
}
