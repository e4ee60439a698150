package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What happens to processes while they recover, each at one of the retry requests that they make:
 * which happens at which follows from a seed.
 */
final class Disturbances implements AutoCloseable {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Map<Long, Disturbance> planned = new TreeMap<>();
  private final List<CompletableFuture<Void>> begun = new ArrayList<>();
  private final List<String> happened = new ArrayList<>();
  private long requests;

  /** One thing that happens. */
  record Disturbance(String name, Runnable action) {}

  /**
   * Has them happen in an order by the seed, at requests of {@code api} that are spread over the
   * first {@code requests}.
   */
  void plan(long seed, Fakes fakes, Api api, int requests, List<Disturbance> disturbances) {
    var random = new Random(seed);
    List<Disturbance> order = new ArrayList<>(disturbances);
    Collections.shuffle(order, random);
    synchronized (this) {
      for (int i = 0; i < order.size(); i++) {
        int each = requests / order.size();
        planned.put(1L + i * each + random.nextInt(each), order.get(i));
      }
    }
    fakes.of(api).onRequest(Operation.RETRY, this::requested);
  }

  private synchronized void requested() {
    requests++;
    Disturbance disturbance = planned.remove(requests);
    if (disturbance != null) {
      happened.add(disturbance.name() + " at request " + requests);
      begun.add(CompletableFuture.runAsync(disturbance.action(), thread));
    }
  }

  /** Does something when some time has passed. */
  void after(Duration time, Runnable action) {
    var done = new CompletableFuture<Void>();
    synchronized (this) {
      begun.add(done);
    }
    var unused =
        later.schedule(
            () -> {
              try {
                action.run();
                done.complete(null);
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** All that was planned has happened, and nothing went wrong with it. */
  synchronized void assertAllHappened() {
    assertThat(planned.values()).as("after %s requests", requests).isEmpty();
    begun.forEach(CompletableFuture::join);
  }

  @Override
  public synchronized String toString() {
    return String.join(", ", happened);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    later.shutdownNow();
  }
}
