package dev.redrive.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.PauseReason;
import dev.redrive.RequestListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what it is told, and notes what it may not be told. */
final class ToldRequests implements RequestListener {
  private static final Duration MOST_WAIT = Duration.ofSeconds(10);

  private final Set<Request> announced = new HashSet<>();
  private final List<Ended> ended = new ArrayList<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final Map<Thread, Request> underWay = new HashMap<>();
  private final List<String> flaws = new ArrayList<>();

  /** A request that has ended. */
  record Ended(Request request, Result result) {}

  /** A wait before a request is sent again. */
  record Pause(Request request, Duration length, PauseReason reason) {}

  @Override
  public synchronized void onOperation(Request request) {
    announced.add(request);
  }

  @Override
  public synchronized void onStart(Request request) {
    if (!announced.contains(request)) {
      flaws.add(request + " was not announced");
    }
    if (underWay.put(Thread.currentThread(), request) != null) {
      flaws.add(request + " began within another one");
    }
  }

  @Override
  public synchronized void onEnd(Request request, Result result, Duration duration) {
    if (!isSame(request, underWay.remove(Thread.currentThread()))) {
      flaws.add(request + " ended on another thread, or never began");
    }
    if (duration.isNegative()) {
      flaws.add(request + " took " + duration);
    }
    ended.add(new Ended(request, result));
    notifyAll();
  }

  @SuppressWarnings("ReferenceEquality") // Requests alike may be under way at once.
  private static boolean isSame(Request request, @Nullable Request other) {
    return request == other;
  }

  @Override
  public synchronized void onPause(Request request, Duration wait, PauseReason reason) {
    if (underWay.containsKey(Thread.currentThread())) {
      flaws.add(request + " paused before it ended");
    }
    pauses.add(new Pause(request, wait, reason));
  }

  /**
   * The results of all requests, in the order in which they ended. Waits for pages that were read
   * ahead and are given up.
   */
  synchronized List<Result> results() {
    awaitEnds();
    assertThat(flaws).isEmpty();
    assertThat(underWay).as("requests that never ended").isEmpty();
    return ended.stream().map(Ended::result).toList();
  }

  private synchronized void awaitEnds() {
    long end = System.nanoTime() + MOST_WAIT.toNanos();
    try {
      while (!underWay.isEmpty() && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.timedWait(this, 100);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The requests, without regard to how often each one was sent. */
  synchronized Set<Request> requests() {
    return ended.stream().map(Ended::request).collect(Collectors.toSet());
  }

  synchronized List<Pause> pauses() {
    return List.copyOf(pauses);
  }
}
