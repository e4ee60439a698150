package dev.redrive.testkit;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A clock for a client that moves only when the client sleeps, without real waiting. It moves the
 * {@link MutableClock} of a {@link FakeProvider}, so that both see the same time. Thread-safe.
 *
 * <pre>{@code
 * var clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
 * var fake = FakeVoiso.builder().clock(clock).start();
 * var client = VoisoClient.builder().timeSource(ManualTime.of(clock)) ...
 * }</pre>
 */
public final class ManualTime implements TimeSource {
  private final MutableClock clock;
  private final Duration ahead;
  private final List<Duration> sleeps = new ArrayList<>();

  private ManualTime(MutableClock clock, Duration ahead) {
    this.clock = clock;
    this.ahead = ahead;
  }

  /** Returns a time that shows what {@code clock} shows. */
  public static ManualTime of(MutableClock clock) {
    return new ManualTime(clock, Duration.ZERO);
  }

  /** The same time on a machine whose clock is wrong: fast, or slow if negative. */
  public ManualTime ahead(Duration by) {
    return new ManualTime(clock, by);
  }

  /** Lets time go by without anyone sleeping. */
  public void advance(Duration by) {
    clock.advance(by);
  }

  /** Every sleep so far, in the order in which they began. */
  public List<Duration> sleeps() {
    synchronized (sleeps) {
      return List.copyOf(sleeps);
    }
  }

  /** How long all sleeps took together. */
  public Duration slept() {
    return sleeps().stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public Instant now() {
    return clock.instant().plus(ahead);
  }

  @Override
  public long nanoTime() {
    return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before a sleep of " + duration);
    }
    if (duration.isNegative()) {
      return;
    }
    synchronized (sleeps) {
      sleeps.add(duration);
    }
    clock.advance(duration);
  }
}
