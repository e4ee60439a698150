package dev.redrive.recovery;

import dev.redrive.RedriveException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery did. {@link RetryLedger#entries} names each delivery of the run.
 *
 * @param run the run's name in the ledger
 * @param startedAt when it began
 * @param elapsed how long it took
 * @param end how it ended
 * @param counts what became of the deliveries; always adds up
 * @param byAccount the same for each account
 * @param requests retry requests made
 * @param outOfSight failures that a provider has but never showed
 * @param problems why accounts stopped early, and which other runs hold what was left; and that the
 *     listener failed, which ends nothing and leaves {@link #end} and {@link #allDelivered} alone.
 *     Empty if all went through
 */
public record RecoveryReport(
    String run,
    Instant startedAt,
    Duration elapsed,
    End end,
    DeliveryCounts counts,
    Map<Account, DeliveryCounts> byAccount,
    long requests,
    long outOfSight,
    List<Problem> problems) {
  public RecoveryReport {
    byAccount = Map.copyOf(byAccount);
    problems = List.copyOf(problems);
  }

  /** How a recovery ended. */
  public enum End {
    /** It went through: what is not delivered is in the counts. */
    FINISHED,
    /** An account could not be recovered (key, network, provider): see {@link #problems}. */
    FAILED,
    /** It stopped by its own rules, such as a canary that failed: see {@link #problems}. */
    STOPPED,
    /** The plan was not approved: nothing was sent. */
    DECLINED,
    /** It was cancelled or interrupted: what went out is recorded, the rest stays queued. */
    CANCELLED
  }

  /**
   * Why an account stopped early, or left something to another run; or that the listener failed.
   *
   * @param account the account; null where it concerns none, as a listener that failed does
   * @param what what went wrong and what to do, for people
   * @param error the provider's or network's failure; null where the recovery's own rules stopped
   *     it, and where nothing did
   */
  public record Problem(@Nullable Account account, String what, @Nullable RedriveException error) {}

  /** Whether nothing that the run saw is left undelivered, by whomever. */
  public boolean allDelivered() {
    return counts.notDelivered() == 0
        && counts.skippedUndelivered() == 0
        && outOfSight == 0
        && problems.stream().allMatch(problem -> problem.account() == null)
        && end == End.FINISHED;
  }
}
