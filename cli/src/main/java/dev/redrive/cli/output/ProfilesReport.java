package dev.redrive.cli.output;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.SkipReason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a run did for several profiles, told apart.
 *
 * @param report the report of all of them
 * @param names their names by their accounts, in their order
 */
record ProfilesReport(RecoveryReport report, Map<Account, String> names) {

  /** Each profile with the fields of a run for it alone, but for the time, which is that of all. */
  List<Fields> fields() {
    return names.keySet().stream().map(this::fields).toList();
  }

  private Fields fields(Account account) {
    Fields fields =
        new Fields().text("profile", names.get(account)).text("run", report.run()).account(account);
    RecoveryReport.ForAccount own = of(account);
    return ReportPrinter.add(fields, own.counts())
        .value("requests", own.requests())
        .value("end", end(account))
        .value("outOfSight", own.outOfSight())
        .texts("problems", problems(account).stream().map(RecoveryReport.Problem::what).toList());
  }

  /** How the run ended for one of them: a failure is one however the others ended. */
  End end(Account account) {
    List<RecoveryReport.Problem> problems = problems(account);
    if (problems.stream().anyMatch(problem -> problem.error() != null)) {
      return End.FAILED;
    }
    return switch (report.end()) {
      case FINISHED, DECLINED, CANCELLED -> report.end();
      case FAILED, STOPPED -> {
        // What is left to another run is a problem and no stop.
        long others = of(account).counts().skipped().containsKey(SkipReason.OTHER_RUN) ? 1 : 0;
        yield problems.size() > others ? End.STOPPED : End.FINISHED;
      }
    };
  }

  /** What happened, in the few words that come first: a failed profile is named. */
  String headline() {
    String words = Headline.of(report, Long::toString);
    String failed =
        names.keySet().stream()
            .filter(account -> end(account) == End.FAILED)
            .map(names::get)
            .collect(Collectors.joining(", "));
    return failed.isEmpty() ? words : words.replaceFirst("^Failed", "Failed for " + failed);
  }

  private RecoveryReport.ForAccount of(Account account) {
    return Objects.requireNonNull(report.byAccount().get(account));
  }

  private List<RecoveryReport.Problem> problems(Account account) {
    return report.problems().stream().filter(problem -> account.equals(problem.account())).toList();
  }
}
