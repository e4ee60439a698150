package dev.redrive.recovery.engine;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How many deliveries of an account may be out with their outcome unknown, for the receiver's sake:
 * few at first, eight times as many whenever all of them were delivered, twice as many when three
 * of four were, as few as at first when more failed again than were delivered.
 *
 * <p>An endpoint that breaks down is noticed before it gets much in vain: where outcomes come in at
 * once, no more are out than some hundred, or a share of what was delivered so far. Where outcomes
 * take longer, what was sent in the latest few seconds may be out.
 */
final class SendWindow {
  /** What the first few let out if they all turned out well, unless one request takes more. */
  private static final int AFTER_THE_FIRST = 200;

  static final int USUAL_MOST = 10_000;

  /** What may be out while news of it can be awaited, however little was delivered so far. */
  private static final int UNPROVEN = 400;

  /** What may be out of what was delivered so far: one in so many. */
  private static final int PROVEN_SHARE = 5;

  /** Outcomes that are not there after so long are not waited for before more is sent. */
  static final Duration PROMPT = Duration.ofSeconds(1);

  private static final int MOST_BATCHES = 4;
  private static final int GROWTH_WHEN_ALL_WENT_WELL = 8;
  private static final int GROWTH_WHEN_MOST_DID = 2;

  /** Deliveries that went out together, less those that have been settled since. */
  private record Sent(long atNanos, long deliveries) {}

  private final TimeSource time;
  private final long longestNanos;
  private final ArrayDeque<Sent> latest = new ArrayDeque<>();
  private long perRequest = 1;
  private long least = 1;
  private long allowed = 1;
  private long out;
  private long sentSoFar;
  private long settled;
  private long goodSinceChange;
  private long badSinceChange;
  private long deliveredSoFar;

  /**
   * @param longest how long deliveries may be out before all but some wait for them
   */
  SendWindow(TimeSource time, Duration longest) {
    this.time = time;
    this.longestNanos = longest.toNanos();
  }

  /** From now on a request takes so many: as many requests may be out as before, at least one. */
  synchronized void perRequest(int deliveries) {
    long asManyRequests = allowed / perRequest * deliveries;
    perRequest = deliveries;
    allowed = Math.max(allowed, Math.min(asManyRequests, AFTER_THE_FIRST));
    atLeast(deliveries);
  }

  /** Lets at least so many out at once: what one request takes, or what went well already. */
  synchronized void atLeast(int deliveries) {
    least = Math.max(least, deliveries);
    allowed = Math.max(allowed, least);
  }

  /** How many more may go out now; zero if none. */
  synchronized long room() {
    return Math.max(0, most(age()) - out);
  }

  /** For how long the oldest of those that are out has been. */
  private long age() {
    Sent oldest = latest.peek();
    return oldest == null ? 0 : time.nanoTime() - oldest.atNanos();
  }

  private long most(long ageNanos) {
    if (ageNanos > longestNanos) {
      return Math.min(allowed, Math.max(least, AFTER_THE_FIRST));
    }
    return ageNanos < PROMPT.toNanos() ? Math.min(allowed, Math.max(least, proven())) : allowed;
  }

  /** In whole requests. */
  private long proven() {
    long deliveries = Math.max(UNPROVEN, deliveredSoFar / PROVEN_SHARE);
    return deliveries / perRequest * perRequest;
  }

  synchronized void sent(long deliveries) {
    latest.add(new Sent(time.nanoTime(), deliveries));
    out += deliveries;
    sentSoFar += deliveries;
  }

  /** How many went out so far, whatever became of them. */
  synchronized long sentSoFar() {
    return sentSoFar;
  }

  /** So many deliveries never went out. */
  synchronized void notSent(long deliveries) {
    areNotOut(deliveries);
  }

  /**
   * Sets how many are out: what another run has taken up is not this one's any more.
   *
   * @param sentBefore what {@link #sentSoFar} was before they were counted; where more has gone out
   *     since, the count tells nothing
   */
  synchronized void outAre(long deliveries, long sentBefore) {
    if (sentSoFar == sentBefore && out > deliveries) {
      areNotOut(out - deliveries);
    }
  }

  private void areNotOut(long deliveries) {
    out -= deliveries;
    settled += deliveries;
    long left = deliveries;
    while (left > 0 && !latest.isEmpty()) {
      Sent oldest = latest.remove();
      if (oldest.deliveries() > left) {
        latest.addFirst(new Sent(oldest.atNanos(), oldest.deliveries() - left));
      }
      left -= oldest.deliveries();
    }
  }

  /** Outcomes came in: of so many, of which some were delivered and some failed again. */
  synchronized void settled(long deliveries, long delivered, long failed) {
    areNotOut(deliveries);
    deliveredSoFar += delivered;
    if (failed > delivered) {
      change(least);
      return;
    }
    goodSinceChange += delivered;
    badSinceChange += failed;
    if (goodSinceChange * 2 >= allowed) {
      long most = Math.max(USUAL_MOST, MOST_BATCHES * least);
      change(Math.min(most, allowed * growth()));
    }
  }

  private int growth() {
    if (badSinceChange == 0) {
      return GROWTH_WHEN_ALL_WENT_WELL;
    }
    return badSinceChange * 3 <= goodSinceChange ? GROWTH_WHEN_MOST_DID : 1;
  }

  private void change(long deliveries) {
    allowed = deliveries;
    goodSinceChange = 0;
    badSinceChange = 0;
  }

  /** How many that were out have been settled so far. */
  synchronized long settled() {
    return settled;
  }
}
