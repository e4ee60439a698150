package dev.redrive.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.onlyoffice.OnlyOfficeClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * CPU time and allocation per listed failure, of all threads of the process: the clients against
 * hand-written loops. Arguments: rounds (9), failures (100,000).
 */
public final class ListingCost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UPS = 3;

  private final int rounds;
  private final int failures;

  private ListingCost(int rounds, int failures) {
    this.rounds = rounds;
    this.failures = failures;
  }

  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
    int failures = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    var costs = new ListingCost(rounds, failures);
    try (FakeProcess fakes = FakeProcess.start()) {
      FakeProcess.Address chatt2me = fakes.with("chatt2me", failures, 1, Duration.ZERO);
      try (WebhookRetryClient client = chatt2me.client()) {
        costs.compare("Chatt2.me", client, new Chatt2meLoop(chatt2me));
      }
      FakeProcess.Address portal = fakes.with("onlyoffice", failures, 1, Duration.ZERO);
      try (WebhookRetryClient client =
          OnlyOfficeClient.builder().baseUrl(portal.baseUrl()).apiKey(portal.apiKey()).build()) {
        costs.compare("ONLYOFFICE", client, new OnlyOfficeLoop(portal));
      }
    }
  }

  private void compare(String provider, WebhookRetryClient client, HandWrittenLoop loop)
      throws IOException {
    List<Cost> ours = new ArrayList<>();
    List<Cost> theirs = new ArrayList<>();
    for (int i = 0; i < WARM_UPS + rounds; i++) {
      Cost our = measure(() -> list(client));
      Cost their = measure(loop::run);
      if (i >= WARM_UPS) {
        ours.add(our);
        theirs.add(their);
      }
    }
    System.out.println(provider);
    print("client", ours);
    print("hand-written loop", theirs);
    System.out.printf(
        Locale.ROOT,
        "  ratio: CPU %.2f (least %.2f), allocation %.2f%n",
        median(ours, Cost::nanos) / (double) median(theirs, Cost::nanos),
        least(ours) / (double) least(theirs),
        median(ours, Cost::bytes) / (double) median(theirs, Cost::bytes));
  }

  private static int list(WebhookRetryClient client) {
    int count = 0;
    for (FailedDelivery delivery : client.failures(DeliveryQuery.all())) {
      count += delivery.latest().createdAt() == null ? 0 : 1;
    }
    return count;
  }

  /** Counts the failures. */
  private interface Walk {
    int run() throws IOException;
  }

  /** Of one failure. */
  private record Cost(int nanos, int bytes) {}

  private Cost measure(Walk walk) throws IOException {
    Map<Long, long[]> before = perThread();
    int listed = walk.run();
    Map<Long, long[]> after = perThread();
    if (listed != failures) {
      throw new IllegalStateException(listed + " of " + failures + " listed");
    }
    long nanos = 0;
    long bytes = 0;
    for (Map.Entry<Long, long[]> thread : after.entrySet()) {
      long[] was = before.getOrDefault(thread.getKey(), new long[2]);
      nanos += Math.max(0, thread.getValue()[0] - was[0]);
      bytes += Math.max(0, thread.getValue()[1] - was[1]);
    }
    return new Cost((int) (nanos / failures), (int) (bytes / failures));
  }

  /** CPU time and allocated bytes of each thread; pools keep theirs longer than a round takes. */
  private static Map<Long, long[]> perThread() {
    Map<Long, long[]> values = new HashMap<>();
    long[] ids = THREADS.getAllThreadIds();
    long[] cpu = THREADS.getThreadCpuTime(ids);
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      values.put(ids[i], new long[] {cpu[i], bytes[i]});
    }
    return values;
  }

  private static void print(String name, List<Cost> costs) {
    System.out.printf(
        Locale.ROOT,
        "  %-18s %,6d ns (least %,d) and %,6d bytes per failure%n",
        name,
        median(costs, Cost::nanos),
        least(costs),
        median(costs, Cost::bytes));
  }

  private static int median(List<Cost> costs, ToIntFunction<Cost> value) {
    int[] sorted = costs.stream().mapToInt(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static int least(List<Cost> costs) {
    return costs.stream().mapToInt(Cost::nanos).min().orElseThrow();
  }
}
