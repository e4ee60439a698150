package dev.redrive.recovery;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one round of a {@link CatchUp} did.
 *
 * @param account the account
 * @param result whether the window is done
 * @param since where the window began; null if another process was at it
 * @param until where the window ended: when the round began; null if another process was at it
 * @param report the run of this round; null if another process was at it
 */
public record CatchUpRound(
    Account account,
    Result result,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable RecoveryReport report) {
  public CatchUpRound {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(result, "result");
  }

  /** Whether a window is done. */
  public enum Result {
    /**
     * All failures of the window were seen. Those that could not be delivered yet are in the
     * ledger, and later rounds send them.
     */
    COMPLETE,
    /** The end of the window was not reached. The next round begins where this one did. */
    INCOMPLETE,
    /** Another process was at this account. Nothing was done. */
    ELSEWHERE
  }
}
