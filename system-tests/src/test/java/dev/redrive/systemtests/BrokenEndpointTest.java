package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A recovery whose endpoints still answer 503: it says so soon, after few retries. */
@Timeout(60)
class BrokenEndpointTest {
  private static final int FAILURES = 100;
  private static final int CANARY = 3;
  private static final int DOWN = 503;

  static List<Api> apis() {
    return Api.all();
  }

  @ParameterizedTest
  @MethodSource("apis")
  void ifTheEndpointsAreStillBroken_theRunSaysSoWithinAMinute(Api api) {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    var time = new FastTime(clock);
    try (FakeProvider fake = api.start(builder -> builder.seed(7).clock(clock));
        WebhookRetryClient client = api.connect(api.settings(fake).withTimeSource(time));
        RetryLedger ledger = new InMemoryLedger(time)) {
      fake.failures(FAILURES);
      fake.endpoint().down(DOWN);

      RecoveryReport report =
          Recovery.of(client).ledger(ledger).timeSource(time).canary(CANARY).build().run();

      assertThat(report.problems().toString()).contains("the endpoint is still broken");
      assertThat(report.elapsed()).isLessThanOrEqualTo(Duration.ofMinutes(1));
      assertThat(fake.endpoint().resends()).isBetween(1L, (long) CANARY * fake.webhookIds().size());
      assertThat(report.counts().delivered()).isZero();
      assertThat(report.counts().addsUp()).isTrue();
    }
  }
}
