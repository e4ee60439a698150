package dev.redrive.recovery.engine;

import java.time.Duration;
import java.util.List;

/**
 * Keeps requests back while they fail in a way that the next one would too: after a few in a row
 * sending rests, then one request goes out to see, and only a few of these failing end it.
 */
final class Breaker {
  private static final int OPENS_AT = 3;

  private static final List<Duration> RESTS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));

  private int failedInARow;
  private int rests;
  private boolean open;
  private boolean probing;

  /** A request went through. */
  synchronized void succeeded() {
    failedInARow = 0;
    rests = 0;
    open = false;
    probing = false;
  }

  /** A request failed; false if all probes have by now. */
  synchronized boolean failed() {
    failedInARow++;
    if (probing) {
      probing = false;
      open = true;
    }
    open |= failedInARow >= OPENS_AT;
    return !open || rests < RESTS.size();
  }

  /** No request may go out before a rest. */
  synchronized boolean isOpen() {
    return open;
  }

  /** One request may be out at a time, until one goes through. */
  synchronized boolean isProbing() {
    return probing;
  }

  /** How long to rest now; the next request is a probe. Zero if none is due any more. */
  synchronized Duration rest() {
    if (!open || rests == RESTS.size()) {
      return Duration.ZERO;
    }
    open = false;
    probing = true;
    return RESTS.get(rests++);
  }

  synchronized int failedInARow() {
    return failedInARow;
  }
}
