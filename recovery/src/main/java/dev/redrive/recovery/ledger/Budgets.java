package dev.redrive.recovery.ledger;

import dev.redrive.RateLimit;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.util.List;

/**
 * The request limits of providers and the receiver, for all runs that share a {@link RetryLedger},
 * and how much of them was used by any process, including those that have ended.
 *
 * <p>Time is the ledger's own: the clock of its database, or of the one machine that uses it. A
 * turn counts from the moment it is taken, so the request must be sent at once. A turn that is not
 * used is lost.
 *
 * <p>Every method is atomic and thread-safe, and throws {@link LedgerException} if the ledger
 * cannot be read or written.
 */
public interface Budgets {
  /**
   * Takes the right to make one request to an account's provider now, unless that would exceed a
   * limit, or the provider is {@linkplain #pause paused}.
   *
   * @param limits the limits that count the request; limits of one scope count the same requests
   * @return zero if it was taken; otherwise how long to wait before trying again
   */
  Duration take(Account account, List<RateLimit> limits);

  /** Pauses requests to an account's provider. An earlier pause that is longer stays in force. */
  void pause(Account account, Duration wait);

  /** Returns how long an account's provider is paused; zero if it is not. */
  Duration rest(Account account);

  /**
   * Reserves the next turns of the rate limit that all runs share. If runs ask for different rates,
   * the lowest applies to all, until 10 s after its run last took turns.
   *
   * @param interval the time between two requests that the caller asks for; positive, with a
   *     resolution of microseconds
   */
  Turns takeTurns(Duration interval);

  /**
   * Reserved turns. Each allows one request.
   *
   * @param firstIn how long to wait for the first turn; zero if it is now
   * @param interval the time from one turn to the next; longer than requested if a slower run is
   *     active
   * @param count how many turns, at least one. They are lost after {@code count} intervals
   */
  record Turns(Duration firstIn, Duration interval, int count) {}
}
