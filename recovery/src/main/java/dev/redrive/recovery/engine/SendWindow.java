package dev.redrive.recovery.engine;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Limits how many deliveries of an account are sent and not verified yet ("out"), to protect the
 * receiver. The limit starts low. It grows eightfold when all were delivered, doubles when at least
 * three of four were, and goes back to the start when more failed again than were delivered.
 *
 * <p>So an endpoint that breaks down is noticed before much is sent in vain. If outcomes are known
 * at once, a few hundred deliveries may be out, or a share of what has been delivered so far. If
 * outcomes take longer, what was sent in the last few seconds may be out.
 */
final class SendWindow {
  /** The limit after a canary that was all delivered, unless one request has more deliveries. */
  private static final int AFTER_THE_FIRST = 200;

  static final int USUAL_MOST = 10_000;

  /** How many may be out if outcomes are prompt, even if little was delivered so far. */
  private static final int UNPROVEN = 400;

  /** The share of what was delivered so far that may be out: one in this many. */
  private static final int PROVEN_SHARE = 4;

  /** Outcomes that take longer than this are not prompt: more is sent before they are known. */
  static final Duration PROMPT = Duration.ofSeconds(1);

  private static final int MOST_BATCHES = 4;
  private static final int GROWTH_WHEN_ALL_WENT_WELL = 8;
  private static final int GROWTH_WHEN_MOST_DID = 2;

  /** Deliveries that were sent together, without those that were settled since. */
  private record Sent(long atNanos, long deliveries) {}

  private final TimeSource time;
  private final long longestNanos;
  private final ArrayDeque<Sent> latest = new ArrayDeque<>();
  private long perRequest = 1;
  private long perRound = 1;
  private long least = 1;
  private long allowed = 1;
  private long out;
  private long sentSoFar;
  private long settled;
  private long goodSinceChange;
  private long badSinceChange;
  private long deliveredSoFar;

  /**
   * @param longest how long deliveries may be out before the limit falls to its minimum
   */
  SendWindow(TimeSource time, Duration longest) {
    this.time = time;
    this.longestNanos = longest.toNanos();
  }

  /**
   * Sets how many deliveries a request has. As many requests as before may be out, at least one.
   *
   * @param atOnce how many requests may be in flight at once
   */
  synchronized void perRequest(int deliveries, int atOnce) {
    long asManyRequests = allowed / perRequest * deliveries;
    perRequest = deliveries;
    perRound = (long) deliveries * atOnce;
    allowed = Math.max(allowed, Math.min(asManyRequests, AFTER_THE_FIRST));
    atLeast(deliveries);
  }

  /** Sets a minimum of the limit: the size of one request, or a number that has been delivered. */
  synchronized void atLeast(int deliveries) {
    least = Math.max(least, deliveries);
    allowed = Math.max(allowed, least);
  }

  /**
   * Returns how many of the queued deliveries may be sent now. Once a request's worth is out, room
   * for less than another counts as none: a small request at the end would delay the outcomes of
   * all others.
   */
  synchronized long room(long queued) {
    long age = age();
    long limit = age < PROMPT.toNanos() ? whilePrompt(queued) : most(age);
    long room = Math.max(0, limit - out);
    return room < perRequest && out >= perRequest ? 0 : room;
  }

  /** Returns how long the oldest delivery has been out. */
  private long age() {
    Sent oldest = latest.peek();
    return oldest == null ? 0 : time.nanoTime() - oldest.atNanos();
  }

  private long most(long ageNanos) {
    return ageNanos > longestNanos ? Math.min(allowed, Math.max(least, AFTER_THE_FIRST)) : allowed;
  }

  /**
   * Returns how many may be out if outcomes are prompt. If more are queued than fit, these are
   * whole rounds of requests that are in flight at once, for the reason that {@link #room} gives. A
   * round is full even if some of its requests were small.
   */
  private long whilePrompt(long queued) {
    long proven = Math.max(UNPROVEN, deliveredSoFar / PROVEN_SHARE);
    long limit = Math.min(allowed, Math.max(least, proven));
    if (limit - out >= queued) {
      return limit;
    }
    long round = limit < perRound ? perRequest : perRound;
    long whole = limit / round * round;
    return latest.size() * perRequest < whole ? whole : out;
  }

  synchronized void sent(long deliveries) {
    latest.add(new Sent(time.nanoTime(), deliveries));
    out += deliveries;
    sentSoFar += deliveries;
  }

  /** Whether any delivery is out. */
  synchronized boolean isAnyOut() {
    return out > 0;
  }

  /** Returns how many were sent so far. */
  synchronized long sentSoFar() {
    return sentSoFar;
  }

  /** Records that some deliveries were not sent after all. */
  synchronized void notSent(long deliveries) {
    areNotOut(deliveries);
  }

  /**
   * Corrects how many are out, because another run may have taken up some of them.
   *
   * @param sentBefore the value of {@link #sentSoFar} before they were counted. If more was sent
   *     since, the count is ignored
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

  /** Records outcomes, and adjusts the limit. */
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

  /** Returns how many were settled so far. */
  synchronized long settled() {
    return settled;
  }
}
