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
public final class ReportOf {
  public static final String RUN = "run-1";
  public static final Account ACCOUNT = new Account("voiso", "cluster.voiso.com");
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final RecoveryReport.End end;
  private DeliveryCounts counts = new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0);
  private List<RecoveryReport.Problem> problems = List.of();
  private long requests;
  private long outOfSight;

  public ReportOf(RecoveryReport.End end) {
    this.end = end;
  }

  public ReportOf counts(DeliveryCounts these) {
    this.counts = these;
    return this;
  }

  public ReportOf requests(long number) {
    this.requests = number;
    return this;
  }

  public ReportOf outOfSight(long number) {
    this.outOfSight = number;
    return this;
  }

  public ReportOf problem(String what) {
    return problems(List.of(new RecoveryReport.Problem(ACCOUNT, what, null)));
  }

  public ReportOf problems(List<RecoveryReport.Problem> these) {
    this.problems = these;
    return this;
  }

  /** A ledger that knows the run, and no delivery of it. */
  public static RetryLedger ledger() {
    var ledger = JdbcLedger.openInMemory();
    ledger.begin(new LedgerRun(RUN, List.of(ACCOUNT), NOW));
    return ledger;
  }

  public RecoveryReport build() {
    return new RecoveryReport(
        RUN,
        NOW,
        Duration.ofSeconds(42),
        end,
        counts,
        Map.of(ACCOUNT, new RecoveryReport.ForAccount(counts, requests, outOfSight)),
        requests,
        outOfSight,
        problems);
  }
}
