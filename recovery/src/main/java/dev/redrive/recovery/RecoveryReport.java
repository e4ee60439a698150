package dev.redrive.recovery;

import dev.redrive.RedriveException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run did. {@link RetryLedger#entries} lists its deliveries.
 *
 * @param run the name of the run in the ledger
 * @param startedAt when it began, by this machine's clock
 * @param elapsed how long it took
 * @param end how it ended
 * @param counts the deliveries by what became of them; always adds up
 * @param byAccount what it did for each account
 * @param requests how many retry requests were made
 * @param outOfSight how many failures the providers have but did not list
 * @param problems why accounts stopped early, which other runs hold what was left, and whether the
 *     listener failed; the latter affects neither {@link #end} nor {@link #allDelivered}. Empty if
 *     there was no problem
 */
public record RecoveryReport(
    String run,
    Instant startedAt,
    Duration elapsed,
    End end,
    DeliveryCounts counts,
    Map<Account, ForAccount> byAccount,
    long requests,
    long outOfSight,
    List<Problem> problems) {
  public RecoveryReport {
    byAccount = Map.copyOf(byAccount);
    problems = List.copyOf(problems);
  }

  /** How a run ended. */
  public enum End {
    /** It did everything. The counts show what is not delivered. */
    FINISHED,
    /**
     * An account could not be recovered because of key, network or provider: see {@link #problems}.
     */
    FAILED,
    /** It stopped by its own rules, for example after a failed canary: see {@link #problems}. */
    STOPPED,
    /** The plan was not approved. Nothing was sent. */
    DECLINED,
    /** It was cancelled or interrupted. What was sent is recorded; the rest stays queued. */
    CANCELLED
  }

  /**
   * What a run did for one account.
   *
   * @param counts its deliveries by what became of them; always adds up
   * @param requests how many retry requests were made
   * @param outOfSight how many failures the provider has but did not list
   */
  public record ForAccount(DeliveryCounts counts, long requests, long outOfSight) {}

  /**
   * Why an account stopped early or left something to another run, or that the listener failed.
   *
   * @param account the account; null if the problem concerns none, as with the listener
   * @param what what went wrong and what to do, as text for people
   * @param error the failure of the provider or the network; null if there was none
   */
  public record Problem(@Nullable Account account, String what, @Nullable RedriveException error) {}

  /**
   * Whether the run finished without a problem, and every event that it saw is delivered, by this
   * run or another.
   */
  public boolean allDelivered() {
    return counts.notDelivered() == 0
        && counts.skippedUndelivered() == 0
        && outOfSight == 0
        && problems.stream().allMatch(problem -> problem.account() == null)
        && end == End.FINISHED;
  }
}
