package dev.redrive.recovery.ledger;

import dev.redrive.RateLimit;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.util.List;

/**
 * What providers and the receiver allow all runs that share a {@link RetryLedger} together, and how
 * much of it was used: by whatever process, whether it still runs or not.
 *
 * <p>Time is the ledger's own: that of its database, or of the one machine that uses it. A turn
 * that was taken counts from then on, so the request has to leave at once; a turn that is not used
 * is lost.
 *
 * <p>Every method is atomic, safe to share between threads, and throws {@link LedgerException} if
 * the ledger cannot be read or written.
 */
public interface Budgets {
  /**
   * Takes the right to make one request to an account's provider now, unless that would exceed one
   * of the limits in some window, or the provider is to be {@linkplain #pause left alone}.
   *
   * @param limits those that count the request; limits of one scope count the same requests
   * @return zero if it was taken; otherwise how long to wait before asking again, and nothing was
   *     taken
   */
  Duration take(Account account, List<RateLimit> limits);

  /** Has an account's provider left alone for so long; what was asked for before may be longer. */
  void pause(Account account, Duration wait);

  /** How long an account's provider is to be left alone; zero if it may be asked. */
  Duration rest(Account account);

  /**
   * Reserves the next turns of the rate that all runs share. Runs that ask for different rates keep
   * to the lowest together: a run's rate holds for all until 10 s after it took turns last.
   *
   * @param interval the time between two requests that the caller asks for; positive, counted in
   *     microseconds
   */
  Turns takeTurns(Duration interval);

  /**
   * Requests that may be made one by one.
   *
   * @param firstIn how long to wait for the first one; zero if it may be made now
   * @param interval from one to the next; longer than asked for where a slower run is under way
   * @param count how many, at least one. Once {@code count} intervals have passed, the time belongs
   *     to others
   */
  record Turns(Duration firstIn, Duration interval, int count) {}
}
