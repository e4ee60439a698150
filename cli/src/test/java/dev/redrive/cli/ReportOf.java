package dev.redrive.cli;

import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A report of a run that never was. */
final class ReportOf {
  static final String RUN = "run-1";
  static final Account ACCOUNT = new Account("voiso", "cluster.voiso.com");
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final RecoveryReport.End end;
  private DeliveryCounts counts = new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0);
  private List<RecoveryReport.Problem> problems = List.of();
  private long requests;
  private long outOfSight;

  ReportOf(RecoveryReport.End end) {
    this.end = end;
  }

  ReportOf counts(DeliveryCounts these) {
    this.counts = these;
    return this;
  }

  ReportOf requests(long number) {
    this.requests = number;
    return this;
  }

  ReportOf outOfSight(long number) {
    this.outOfSight = number;
    return this;
  }

  ReportOf problem(String what) {
    return problems(List.of(new RecoveryReport.Problem(ACCOUNT, what, null)));
  }

  ReportOf problems(List<RecoveryReport.Problem> these) {
    this.problems = these;
    return this;
  }

  /** A ledger that knows the run, and no delivery of it. */
  static RetryLedger ledger() {
    var ledger = JdbcLedger.openInMemory();
    ledger.begin(new LedgerRun(RUN, List.of(ACCOUNT), NOW));
    return ledger;
  }

  RecoveryReport build() {
    return new RecoveryReport(
        RUN,
        NOW,
        Duration.ofSeconds(42),
        end,
        counts,
        Map.of(ACCOUNT, counts),
        requests,
        outOfSight,
        problems);
  }
}
