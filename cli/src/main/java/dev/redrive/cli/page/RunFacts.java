package dev.redrive.cli.page;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run as a whole: by the process that ran it, or by the ledger alone, which
 * keeps neither requests nor problems.
 *
 * @param run its id
 * @param accounts its accounts
 * @param startedAt when it began
 * @param until when it ended; if it did not, when it was last seen alive
 * @param state whether it goes on
 * @param report what the process that ran it reports; null if only the ledger is known
 * @param end how it ended; null before that, or if it is not known
 * @param counts its counts at the end; null before that
 */
public record RunFacts(
    String run,
    List<Account> accounts,
    Instant startedAt,
    Instant until,
    State state,
    @Nullable RecoveryReport report,
    RecoveryReport.@Nullable End end,
    @Nullable DeliveryCounts counts) {
  /** Whether a run goes on. */
  public enum State {
    RUNNING,
    /** It did not end by itself, and shows no sign of life. */
    DEAD,
    ENDED
  }

  /** Returns what the process that ran it knows. */
  public static RunFacts of(RecoveryReport report) {
    return new RunFacts(
        report.run(),
        report.byAccount().keySet().stream().sorted(Formats.ACCOUNTS).toList(),
        report.startedAt(),
        report.startedAt().plus(report.elapsed()),
        State.ENDED,
        report,
        report.end(),
        report.counts());
  }

  /** Returns what the ledger knows at a time. */
  public static RunFacts of(LedgerRun run, Instant now) {
    Instant end = run.endedAt();
    Duration silence = Objects.requireNonNullElse(run.silence(), Duration.ZERO);
    return new RunFacts(
        run.id(),
        run.accounts(),
        run.startedAt(),
        end == null ? now.minus(silence) : end,
        end != null ? State.ENDED : run.isAlive() ? State.RUNNING : State.DEAD,
        null,
        run.end(),
        run.counts());
  }

  /** Returns how long it took, or has taken so far. */
  public Duration elapsed() {
    if (report != null) {
      return report.elapsed();
    }
    Duration taken = Duration.between(startedAt, until);
    return taken.isNegative() ? Duration.ZERO : taken;
  }

  public List<RecoveryReport.Problem> problems() {
    return report == null ? List.of() : report.problems();
  }

  public long outOfSight() {
    return report == null ? 0 : report.outOfSight();
  }

  /**
   * Returns the report; if there is none, one as far as the ledger can tell.
   *
   * @param now the counts of its deliveries as they are now
   * @param sends how many retry requests they had
   */
  RecoveryReport asReport(DeliveryCounts now, long sends) {
    if (report != null) {
      return report;
    }
    RecoveryReport.End unknown =
        state == State.ENDED ? RecoveryReport.End.FINISHED : RecoveryReport.End.CANCELLED;
    return new RecoveryReport(
        run,
        startedAt,
        elapsed(),
        end == null ? unknown : end,
        counts == null ? now : counts,
        Map.of(),
        sends,
        0,
        List.of());
  }

  /** Returns where the ledger is, for people; empty if that is not known. */
  String ledger(RetryLedger ledger) {
    return accounts.isEmpty() ? "" : ledger.about(accounts.get(0)).name();
  }
}
