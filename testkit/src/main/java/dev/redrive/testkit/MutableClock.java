package dev.redrive.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MutableClock extends Clock {
  private Instant now;

  private MutableClock(Instant start) {
    this.now = start;
  }

  /** Returns a clock that shows {@code start}, in UTC. */
  public static MutableClock at(Instant start) {
    return new MutableClock(start);
  }

  /** Moves the clock forward; a negative duration moves it back. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  /** Sets the clock. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /**
   * Not supported: the fakes and the client know instants only.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a MutableClock is always in UTC");
  }
}
