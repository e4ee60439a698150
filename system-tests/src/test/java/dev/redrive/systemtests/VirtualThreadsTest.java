package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.Recovery;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Behind an executor of virtual threads, no carrier thread is pinned while our code waits. A JDK
 * from 24 on sees native frames only; what holds a monitor pins in JDK 21 to 23, where this test
 * sees it too.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
  private static final int FAILURES = 300;
  private static final int AT_ONCE = 8;

  @TempDir Path folder;

  static List<Api> apis() {
    return Api.all();
  }

  @Test
  void aCarrierThatIsPinned_isSeen() throws Exception {
    assertThat(pinned(() -> onVirtualThreads(List.of(() -> WaitsInItsInitializer.VALUE))))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("apis")
  void listingsRetriesOutcomesAndARecovery_pinNoCarrier(Api api) throws Exception {
    // What is loaded and initialized for the first time may pin: that is not of our code.
    use(api, "first");

    assertThat(pinned(() -> use(api, "recorded"))).isEmpty();
  }

  private void use(Api api, String ledger) throws Exception {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    var time = new FastTime(clock);
    try (FakeProvider fake = api.start(builder -> builder.clock(clock));
        WebhookRetryClient client = api.connect(api.settings(fake).withTimeSource(time))) {
      fake.failures(FAILURES);
      onVirtualThreads(Stream.generate(() -> listing(client)).limit(AT_ONCE).toList());
      onVirtualThreads(List.of(retries(client)));
      onVirtualThreads(List.of(recovery(client, time, folder.resolve(ledger + ".db"))));
      assertThat(fake.endpoint().neverDelivered()).isEmpty();
    }
  }

  private static Callable<Object> listing(WebhookRetryClient client) {
    return () -> client.failures(DeliveryQuery.all()).stream().toList();
  }

  private static Callable<Object> retries(WebhookRetryClient client) {
    return () -> {
      List<FailedDelivery> some =
          client.failures(DeliveryQuery.all()).stream().limit(AT_ONCE).toList();
      List<RetryResult> results = client.retryAll(some);
      return client.outcomes(results);
    };
  }

  private static Callable<Object> recovery(WebhookRetryClient client, FastTime time, Path file) {
    return () -> {
      try (JdbcLedger ledger = JdbcLedger.open(file)) {
        return Recovery.of(client)
            .ledger(ledger)
            .timeSource(time)
            .lease(Duration.ofDays(1))
            .build()
            .run();
      }
    };
  }

  private static void onVirtualThreads(List<Callable<Object>> tasks) throws Exception {
    // By reflection, as this is compiled for Java 17.
    var threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      for (Future<Object> task : threads.invokeAll(tasks)) {
        assertThat(task.get()).isNotNull();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Use {
    void run() throws Exception;
  }

  /** The stacks in which a virtual thread of ours kept its carrier while it waited. */
  private List<List<String>> pinned(Use use) throws Exception {
    Path file = folder.resolve("pinned.jfr");
    try (var recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      use.run();
      recording.stop();
      recording.dump(file);
    }
    List<List<String>> ours = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      List<String> frames =
          event.getStackTrace().getFrames().stream()
              .map(frame -> frame.getMethod().getType().getName() + ":" + frame.getLineNumber())
              .toList();
      if (isVirtual(event.getThread())
          && frames.stream().anyMatch(frame -> frame.startsWith("dev.redrive."))) {
        ours.add(frames);
      }
    }
    return ours;
  }

  private static boolean isVirtual(RecordedThread thread) throws ReflectiveOperationException {
    return (boolean) RecordedThread.class.getMethod("isVirtual").invoke(thread);
  }

  /** A class initializer runs below a native frame, which pins in every JDK. */
  private static final class WaitsInItsInitializer {
    static final Object VALUE = new Object();

    static {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
