package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What it costs to learn what became of retries, where a success shows by an absence only. */
class OutcomeReadsTest {
  private static final int FAILURES = 800;

  private static List<Api> apisThatShowASuccessByAnAbsence() {
    return Api.all().stream().filter(api -> !api.traits().leastOutcomeTime().isZero()).toList();
  }

  @ParameterizedTest
  @MethodSource("apisThatShowASuccessByAnAbsence")
  void outcomesAreAskedForWhenTheyCanBeTold_notByPolling(Api api) {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    var time = new FastTime(clock);
    try (FakeProvider fake = api.start(builder -> builder.clock(clock));
        WebhookRetryClient client = api.connect(api.settings(fake).withTimeSource(time))) {
      fake.failures(FAILURES);
      fake.endpoint().flapping(0.05, 500);
      var listed = new AtomicLong();
      fake.onRequest(Operation.RETRY, () -> listed.compareAndSet(0, reads(fake)));

      RecoveryReport report =
          Recovery.of(client)
              .ledger(new InMemoryLedger())
              .timeSource(time)
              .lease(Duration.ofDays(1))
              .build()
              .run();

      assertThat(report.counts().delivered() + report.counts().failedAgain()).isEqualTo(FAILURES);
      assertThat(report.counts().failedAgain()).isPositive();
      assertThat((double) (reads(fake) - listed.get()) / FAILURES).isLessThan(1.25);
    }
  }

  private static long reads(FakeProvider fake) {
    return fake.requestCount(Operation.LIST) + fake.requestCount(Operation.READ);
  }
}
