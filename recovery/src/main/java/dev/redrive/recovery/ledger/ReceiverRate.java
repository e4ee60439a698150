package dev.redrive.recovery.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * The queue in which all requests to the receiver wait for their turns, as stored in a ledger.
 *
 * @param takenAt when turns were taken last
 * @param freeAt when the next turn is free
 * @param interval the time between two turns that was last in force
 * @param pacedAt when a run that asked for {@code interval} took turns last
 */
public record ReceiverRate(Instant takenAt, Instant freeAt, Duration interval, Instant pacedAt) {
  /** No turn was taken yet. */
  public static final ReceiverRate UNUSED =
      new ReceiverRate(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, Instant.EPOCH);

  /** Runs reserve turns for this long, to save a call of the ledger for each request. */
  private static final Duration AHEAD = Duration.ofMillis(200);

  /** A run that took no turn for this long no longer slows down the others. */
  private static final Duration HOLDS = Duration.ofSeconds(10);

  /**
   * Turns that were taken.
   *
   * @param after the state to store
   * @param turns the turns
   */
  public record Taken(ReceiverRate after, Budgets.Turns turns) {}

  /** Takes the next turns for a run that asks for an interval; see {@link Budgets#takeTurns}. */
  public Taken take(Instant now, Duration asked) {
    if (takenAt.isAfter(now)) {
      return setBack(Duration.between(now, takenAt)).take(now, asked);
    }
    boolean slower =
        interval.compareTo(asked) > 0 && Duration.between(pacedAt, now).compareTo(HOLDS) < 0;
    Duration inForce = slower ? interval : asked;
    int count = (int) Math.max(1, AHEAD.dividedBy(inForce));
    Instant first = freeAt.isAfter(now) ? freeAt : now;
    return new Taken(
        new ReceiverRate(
            now, first.plus(inForce.multipliedBy(count)), inForce, slower ? pacedAt : now),
        new Budgets.Turns(Duration.between(now, first), inForce, count));
  }

  /** Returns the queue after the clock was set back: it stays as long as it was. */
  private ReceiverRate setBack(Duration by) {
    return new ReceiverRate(takenAt.minus(by), freeAt.minus(by), interval, pacedAt.minus(by));
  }
}
