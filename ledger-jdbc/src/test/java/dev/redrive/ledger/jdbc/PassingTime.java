package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by sleeping, which takes none, and in which something may happen. */
final class PassingTime implements TimeSource {
  interface Event {
    void happen() throws Exception;
  }

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> sleeps = new ArrayList<>();
  private Event during = () -> {};

  /** What happens whenever somebody sleeps from now on. */
  synchronized void whileAsleep(Event event) {
    during = event;
  }

  synchronized List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  /** Lets time go by without anyone sleeping. */
  void skip(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  @Override
  public Instant now() {
    return Child.NOW.plusNanos(nanos.get());
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void sleep(Duration duration) {
    Event event;
    synchronized (this) {
      sleeps.add(duration);
      event = during;
    }
    nanos.addAndGet(duration.toNanos());
    try {
      event.happen();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
