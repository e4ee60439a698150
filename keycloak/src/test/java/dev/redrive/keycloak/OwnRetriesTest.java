package dev.redrive.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the extension tries by itself is not sent by Redrive, and not called failed. */
class OwnRetriesTest extends RealmFixture {
  @ParameterizedTest
  @CsvSource({"1, 33750", "2, 48750", "3, 123750", "4, 300000", "5, 300000", "90, 300000"})
  void afterSoManyAttemptsThereMayBeAnotherForSoLong(int recorded, long millis) {
    assertThat(OwnRetries.pauseAfter(recorded)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void whereTheCountIsNotToldTheLongestPauseIsWaitedFor() {
    assertThat(OwnRetries.pauseAfter(null)).isEqualTo(OwnRetries.LONGEST_PAUSE);
    assertThat(OwnRetries.pauseAfter(0)).isEqualTo(OwnRetries.LONGEST_PAUSE);
  }

  @Test
  void aFailureIsListedOnceTheExtensionCertainlyNoLongerTriesIt() {
    fake.endpoint().down(503);
    String id = fake.traffic(1).get(0);

    assertThat(failures()).isEmpty();
    FailedDelivery retried = failuresWithThoseStillRetried().get(0);
    assertThat(retried.providerIsRetrying()).isTrue();
    assertThat(retried.providerRetriesAt()).isEqualTo(clock.instant().plusMillis(33_750));

    time.advance(OwnRetries.LONGEST_TRYING);
    assertThat(failures()).extracting(failure -> failure.key().id()).containsExactly(id);
    assertThat(failures().get(0).latest().attemptNumber()).isEqualTo(10);
    assertThat(fake.endpoint().attempts(id)).isEqualTo(10);
  }

  @Test
  void aFailureThatTheExtensionDeliversIsNeverListed() {
    fake.endpoint().down(503);
    fake.traffic(1);
    fake.endpoint().up();
    time.advance(Duration.ofSeconds(1));

    assertThat(failuresWithThoseStillRetried()).isEmpty();
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void aResendThatFailsIsPendingWhileTheExtensionRepeatsIt() {
    FailedDelivery failure = oneFailure();
    fake.endpoint().down(503);
    RetryResult result = client.retry(failure);

    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(Duration.ofMinutes(14));
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(client.traits().mostOutcomeTime().minusMinutes(14));

    assertThat(outcome(result).status()).isEqualTo(Status.FAILED_AGAIN);
    assertThat(fake.endpoint().resends(failure.key().id())).isEqualTo(1);
  }

  @Test
  void aResendThatTheExtensionRepeatsWithSuccessIsDelivered() {
    FailedDelivery failure = oneFailure();
    fake.endpoint().down(503);
    RetryResult result = client.retry(failure);
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    fake.endpoint().up();
    time.advance(Duration.ofSeconds(1));

    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
    assertThat(fake.endpoint().delivered(failure.key().id())).isEqualTo(1);
  }

  @Test
  void whatIsStillTriedIsNotSentByItsId() {
    String id = fake.stillTrying(1).get(0);

    RetryResult result = client.retry(FailedDelivery.of(client.key(id), null));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("will send it again by itself");
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void theClockIsThatOfTheTokens_orOfAProxy() {
    fake.stillTrying(1);

    assertThat(failures()).isEmpty();
    try (var withToken = builder().apiKey(fake.apiKey()).build()) {
      assertThat(withToken.failures(DeliveryQuery.all()).toList()).isEmpty();
    }
  }
}
