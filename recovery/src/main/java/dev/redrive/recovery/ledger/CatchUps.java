package dev.redrive.recovery.ledger;

import dev.redrive.recovery.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What continuous recoveries remember, for all processes that share a ledger: up to when the
 * failures of each account were seen, which process is at it, and which webhooks rest. All times
 * are by the ledger's clock: that of the database, or of the machine if it has none.
 */
public interface CatchUps {
  /** How long a webhook rests after its endpoint failed once; twice as long each further time. */
  Duration FIRST_REST = Duration.ofMinutes(5);

  /** The longest rest of a webhook. */
  Duration LONGEST_REST = Duration.ofHours(1);

  /**
   * Takes the turn to recover the next window of an account. A window is kept until {@link
   * LedgerAdmin#purge} forgets it; then the account is a new one. One run has it at a time. If the
   * run that has it counts as dead, it is stopped: should it only have been suspended, it can claim
   * nothing more.
   *
   * @param name tells windows of one account with different filters apart
   * @param run the id of a run that has not begun yet
   * @param from where the first window of an account begins that has none yet; null for now
   * @param silence how long ago the run that has the turn was last seen alive if it counts as dead
   * @return the turn; empty if another run has it
   */
  Optional<Turn> begin(
      Account account, String name, String run, @Nullable Instant from, Duration silence);

  /**
   * Gives a turn back. Does nothing if another run has taken it over.
   *
   * @param completeUntil up to when all failures were seen; null if that is as before
   * @return whether the run still had the turn
   */
  boolean end(Turn turn, @Nullable Instant completeUntil);

  /**
   * A turn of a run.
   *
   * @param account the account whose next window it recovers
   * @param name tells windows of one account with different filters apart
   * @param run the id of the run
   * @param begunAt when it was taken
   * @param from where the first window of the account began
   * @param completeUntil up to when all failures were seen
   * @param oldestDue when the oldest attempt, first or latest, was recorded of the deliveries that
   *     failed again and are {@linkplain LedgerEntry#dueAgainAt due} by now; null if there are none
   */
  record Turn(
      Account account,
      String name,
      String run,
      Instant begunAt,
      Instant from,
      Instant completeUntil,
      @Nullable Instant oldestDue) {
    public Turn {
      Objects.requireNonNull(account, "account");
      Objects.requireNonNull(run, "run");
    }
  }

  /** Returns the windows of all accounts. */
  List<Window> windows();

  /**
   * How far an account is caught up.
   *
   * @param account the account
   * @param name tells windows of one account with different filters apart
   * @param completeUntil up to when all failures were seen
   * @param age how long ago that is
   * @param run the run that has the turn, or had it when its process died; null if none has it
   */
  record Window(
      Account account, String name, Instant completeUntil, Duration age, @Nullable String run) {
    public Window {
      Objects.requireNonNull(account, "account");
      Objects.requireNonNull(completeUntil, "completeUntil");
    }
  }

  /** Records that the endpoint of a webhook is broken, so that the webhook rests. */
  void broken(Account account, String webhook);

  /** Records that the endpoint of a webhook works again. */
  void works(Account account, String webhook);

  /** Returns the webhooks that rest, and for how long they still do. */
  Map<String, Duration> resting(Account account);

  /** Returns how long a webhook rests after its endpoint failed so many times in a row. */
  static Duration rest(int failures) {
    int doublings = Math.min(Math.max(failures - 1, 0), 10);
    Duration rest = FIRST_REST.multipliedBy(1L << doublings);
    return rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
  }
}
