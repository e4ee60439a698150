package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.MutableClock;
import java.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints that break down under way: how much they get in vain. */
@Timeout(60)
class RecoveryBreakdownTest {
  // Its time stands still unless somebody sleeps, so that what is sent is sent at full speed.
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));

  @ParameterizedTest
  @CsvSource({"1, 300", "1, 1900", "3, 1900"})
  void anEndpointThatBreaksDown_getsFewMoreInVain(int webhooks, int good) {
    try (FakeChatt2me fake = FakeChatt2me.builder().webhooks(webhooks).start();
        Chatt2meClient client =
            Chatt2meClient.builder()
                .baseUrl(fake.baseUrl())
                .apiKey(fake.apiKey())
                .timeSource(time)
                .build()) {
      fake.failures(6_000);
      fake.endpoint().downAfter(good, 500);

      RecoveryReport report =
          Recovery.of(client).ledger(new InMemoryLedger()).timeSource(time).build().run();

      assertThat(report.counts().delivered()).isEqualTo(good);
      assertThat(fake.endpoint().resends() - good).isLessThan(500);
      assertThat(report.counts().addsUp()).isTrue();
      assertThat(report.end()).isEqualTo(RecoveryReport.End.STOPPED);
    }
  }
}
