package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which logs are no evidence for a retry whose answer was lost. */
class KnownLogsTest {
  private static final Duration SETTLED = Duration.ofMinutes(11);

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeChatt2me fake;
  private Chatt2meClient client;

  KnownLogsTest() {
    start(FakeChatt2me.builder());
  }

  private void start(FakeChatt2me.Builder builder) {
    stop();
    fake = builder.clock(clock).start();
    client =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .build();
  }

  @AfterEach
  void stop() {
    if (fake != null) {
      client.close();
      fake.close();
    }
  }

  private List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  private FailedDelivery failure(String id) {
    return failures().stream().filter(d -> d.key().id().equals(id)).findFirst().orElseThrow();
  }

  private RetryResult retryWithLostAnswer(FailedDelivery delivery) {
    return retryWith(delivery, Fault.lostAnswer());
  }

  private RetryResult retryWith(FailedDelivery delivery, Fault fault) {
    fake.faults().on(Operation.RETRY).inject(fault);
    RetryResult result = client.retry(delivery);
    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    return result;
  }

  @Test
  void newLogOfAnotherResultIsNoEvidence() {
    String first = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String second =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(first).add();
    FailedDelivery a = failure(first);
    FailedDelivery b = failure(second);
    RetryResult accepted = client.retry(b);
    RetryResult lost = retryWith(a, Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(client.outcomes(List.of(lost, accepted)))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.NOT_SENT, Status.DELIVERED);
  }

  @Test
  void oneNewLogIsEvidenceForOneResultOnly() {
    String first = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String second =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(first).add();
    FailedDelivery a = failure(first);
    FailedDelivery b = failure(second);
    RetryResult done = retryWithLostAnswer(a);
    RetryResult lost = retryWith(b, Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(client.outcomes(List.of(done, lost)))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"0,FAILED_AGAIN", "1,UNKNOWN"})
  void newLogThatWasItselfRetriedLaterIsStillEvidence(int webhook, Status expected) {
    fake.endpoint().down(500);
    String first = fake.delivery().webhook(fake.webhookIds().get(webhook)).add();
    RetryResult lost = retryWithLostAnswer(failure(first));
    time.advance(SETTLED);
    FailedDelivery itsLog =
        failures().stream().filter(d -> !d.key().id().equals(first)).findFirst().orElseThrow();
    RetryResult later = client.retry(itsLog);
    assertThat(client.outcomes(List.of(lost, later)))
        .extracting(RetryOutcome::status)
        .containsExactly(expected, Status.FAILED_AGAIN);
  }
}
