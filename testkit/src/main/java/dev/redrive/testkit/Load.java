package dev.redrive.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are processed at the same time, now and at most. Thread-safe. */
final class Load {
  private final Gauge reads = new Gauge();
  private final Gauge writes = new Gauge();
  private final AtomicInteger peak = new AtomicInteger();
  private final Map<Operation, Gauge> byOperation = new EnumMap<>(Operation.class);

  Load() {
    for (Operation operation : Operation.values()) {
      byOperation.put(operation, new Gauge());
    }
  }

  void enter(String method, Operation operation) {
    gauge(method).enter();
    gauge(operation).enter();
    peak.accumulateAndGet(reads.now.get() + writes.now.get(), Math::max);
  }

  void leave(String method, Operation operation) {
    gauge(method).leave();
    gauge(operation).leave();
  }

  /** How many requests are in work that read, or that write, as one of this method does. */
  int now(String method) {
    return gauge(method).now.get();
  }

  int peak() {
    return peak.get();
  }

  int peak(Operation operation) {
    return gauge(operation).peak.get();
  }

  private Gauge gauge(String method) {
    return method.equals("GET") ? reads : writes;
  }

  private Gauge gauge(Operation operation) {
    return Objects.requireNonNull(byOperation.get(operation));
  }

  private static final class Gauge {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    void enter() {
      peak.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void leave() {
      now.decrementAndGet();
    }
  }
}
