package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which logs are no evidence for a retry whose answer was lost. */
class KnownLogsTest extends OutcomesFixture {
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
