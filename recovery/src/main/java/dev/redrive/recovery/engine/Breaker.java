package dev.redrive.recovery.engine;

import java.time.Duration;
import java.util.List;

/**
 * A circuit breaker. It opens after a few failed requests in a row. After a rest, one request at a
 * time is sent as a probe. If all probes have failed, sending ends.
 */
final class Breaker {
  private static final int OPENS_AT = 3;

  private static final List<Duration> RESTS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));

  private int failedInARow;
  private int rests;
  private boolean open;
  private boolean probing;

  /** Records a successful request, which closes the breaker. */
  synchronized void succeeded() {
    failedInARow = 0;
    rests = 0;
    open = false;
    probing = false;
  }

  /** Records a failed request. Returns false if all probes have failed. */
  synchronized boolean failed() {
    failedInARow++;
    if (probing) {
      probing = false;
      open = true;
    }
    open |= failedInARow >= OPENS_AT;
    return !open || rests < RESTS.size();
  }

  /** Whether no request may be sent before a rest. */
  synchronized boolean isOpen() {
    return open;
  }

  /** Whether only one request at a time may be in flight, until one succeeds. */
  synchronized boolean isProbing() {
    return probing;
  }

  /** Starts a rest and returns its length; the next request is a probe. Zero if no rest is due. */
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
