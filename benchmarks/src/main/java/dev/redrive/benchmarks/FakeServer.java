package dev.redrive.benchmarks;

import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fake provider in a JVM of its own, whose work does not count as the client's. Takes orders from
 * {@link FakeProcess}, a line each.
 */
final class FakeServer {
  private @Nullable FakeProvider fake;

  private FakeServer() {}

  public static void main(String[] arguments) throws IOException {
    var server = new FakeServer();
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String order;
    while ((order = orders.readLine()) != null) {
      System.out.println(server.obey(order.split(" ")));
    }
    server.stop();
  }

  private String obey(String[] order) {
    if (order[0].equals("start")) {
      stop();
      int webhooks = Integer.parseInt(order[3]);
      Duration latency = Duration.ofMillis(Long.parseLong(order[4]));
      FakeProvider started =
          order[1].equals("onlyoffice")
              ? onlyOffice(webhooks, latency)
              : chatt2me(webhooks, latency);
      started.failures(Integer.parseInt(order[2]));
      fake = started;
      return started.baseUrl() + " " + started.apiKey();
    }
    return fake == null ? "" : account(fake);
  }

  private static FakeProvider chatt2me(int webhooks, Duration latency) {
    return FakeChatt2me.builder().webhooks(webhooks).latency(latency).recordedRequests(0).start();
  }

  private static FakeProvider onlyOffice(int webhooks, Duration latency) {
    return FakeOnlyOffice.builder()
        .webhooks(webhooks)
        .latency(latency)
        .recordedRequests(0)
        .limits(false)
        .start();
  }

  private static String account(FakeProvider fake) {
    return fake.requestCount(Operation.LIST)
        + " "
        + fake.requestCount(Operation.RETRY)
        + " "
        + fake.requestCount(Operation.WEBHOOKS)
        + " "
        + fake.peakConcurrency()
        + " "
        + fake.endpoint().neverDelivered().size()
        + " "
        + fake.endpoint().deliveredMoreThanOnce().size();
  }

  private void stop() {
    if (fake != null) {
      fake.close();
      fake = null;
    }
  }
}
