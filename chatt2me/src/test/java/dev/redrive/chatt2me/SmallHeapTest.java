package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SmallHeapTest {
  private static final int FAILURES = 100_000;

  @Test
  void hundredThousandFailuresAreListedInAHeapOf64Megabytes() throws Exception {
    try (var fake = FakeChatt2me.builder().webhooks(1).recordedRequests(0).start()) {
      fake.failures(FAILURES);
      Process process = listInSmallHeap(fake);
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("the JVM exits by itself").isTrue();
      assertThat(output.lines()).contains(Integer.toString(FAILURES));
      assertThat(process.exitValue()).isZero();
      assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(2_042);
    }
  }

  private static Process listInSmallHeap(FakeChatt2me fake) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Lister.class.getName(),
                fake.baseUrl(),
                fake.apiKey()))
        .redirectErrorStream(true)
        .start();
  }

  /** Lists and counts; runs in a JVM of its own. */
  static final class Lister {
    private Lister() {}

    public static void main(String[] args) {
      try (var client = Chatt2meClient.builder().baseUrl(args[0]).apiKey(args[1]).build()) {
        int count = 0;
        for (FailedDelivery delivery : client.failures(DeliveryQuery.all())) {
          count += delivery.latest().json().text().isEmpty() ? 0 : 1;
        }
        System.out.println(count);
      }
    }
  }
}
