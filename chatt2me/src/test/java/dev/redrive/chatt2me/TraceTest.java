package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is inferred where no answer names the new log. */
class TraceTest extends OutcomesFixture {
  @Test
  void lostAnswerOfAMessageIsSettledByItsNewLog() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWithLostAnswer(failed);
    fake.traffic(120);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().eventId()).isEqualTo(failed.latest().eventId());
    assertThat(outcome.log().logId()).isNotEqualTo(failed.key().id());
  }

  @Test
  void lostRequestIsPendingUntilItWouldBeListedAndThenNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWith(failed, Fault.lostRequest());
    fake.traffic(120);
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
    assertThat(outcome.reason()).contains("no new attempt in the provider's log");
  }

  @Test
  void lostRequestIsNoEvidenceWhileTheHubMayStillBeAtIt() {
    RetryResult result = retryWith(failure(fake.delivery().add()), Fault.lostRequest());
    time.advance(Duration.ofMinutes(9));
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(Duration.ofMinutes(1));
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void logsThatWereThereBeforeTheRetriedOneAreNoEvidence() {
    String older = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String newer =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(older).add();
    RetryResult result = retryWith(failure(newer), Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void attemptThatWasMadeBeforeTheRequestIsNoEvidence() {
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    time.advance(Duration.ofMinutes(1));
    RetryResult lost = retryWith(failed, Fault.lostRequest());
    assertThat(outcome(lost).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    assertThat(outcome(lost).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void attemptThatTheRequestMadeIsEvidenceBesideAnEarlierOne() {
    fake.endpoint().down(500);
    FailedDelivery failed = failure(fake.delivery().add());
    String earlier = client.retry(failed).newLogId();
    time.advance(Duration.ofMinutes(1));
    fake.endpoint().up();
    RetryResult lost = retryWithLostAnswer(failed);
    RetryOutcome outcome = outcome(lost);
    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().logId()).isNotEqualTo(earlier);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT7H", "PT7H"})
  void whatWasThereBeforeIsToldByTheProvidersClock(Duration ahead) {
    var ours = ManualTime.of(MutableClock.at(clock.instant().plus(ahead)));
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    time.advance(Duration.ofMinutes(1));
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(ours)
            .build()) {
      fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
      RetryResult lost = other.retry(failed);
      time.advance(SETTLED);
      ours.advance(SETTLED);
      assertThat(other.outcomes(List.of(lost)).get(0).status()).isEqualTo(Status.NOT_SENT);
      fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
      RetryResult done = other.retry(failed);
      time.advance(SETTLED);
      ours.advance(SETTLED);
      assertThat(other.outcomes(List.of(done)).get(0).status()).isEqualTo(Status.DELIVERED);
    }
  }

  @Test
  void requestThatMayHaveBegunLongAgoIsSettledByWhatWasMadeSince() {
    FailedDelivery failed = failure(fake.delivery().add());
    Instant claimed = time.now();
    retryWithLostAnswer(failed);
    time.advance(Duration.ofHours(1));
    RetryResult lost = RetryResult.unknown(failed, "the process died", time.now());
    time.advance(SETTLED);
    assertThat(outcome(lost).status()).isEqualTo(Status.NOT_SENT);
    assertThat(outcome(lost.startedAt(claimed)).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void withoutTheProvidersTimeNoAttemptIsClaimed() {
    var dateless =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(
                chain -> chain.proceed(chain.request()).newBuilder().removeHeader("Date").build())
            .build();
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWithLostAnswer(failed);
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .okHttpClient(dateless)
            .build()) {
      RetryOutcome outcome = other.outcomes(List.of(result)).get(0);
      assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
      assertThat(outcome.reason()).contains("without a time that tells whether it was made before");
    }
  }

  @Test
  void severalNewLogsOfAMessageLeaveItUnknown() {
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    RetryResult result = retryWithLostAnswer(failed);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.reason()).contains("several newer attempts");
  }

  @Test
  void laterStatusOfAMessageLeavesALostAnswerUnknown() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).add();
    FailedDelivery failed = failure(sent);
    RetryResult result = retryWith(failed, Fault.lostRequest());
    fake.delivery().webhook(webhook).status(200).at(time.now()).sameMessageAs(sent).add();
    time.advance(SETTLED);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.log()).isNull();
    assertThat(outcome.reason()).contains("may be the retry or a later status");
  }

  @Test
  void statusEventWithoutAnyNewerLogOfItsMessageWasNotSent() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).at(time.now().minus(Duration.ofHours(3))).add();
    String read =
        fake.delivery()
            .webhook(webhook)
            .at(time.now().minus(Duration.ofHours(2)))
            .sameMessageAs(sent)
            .add();
    // The later status is a delivery of its own, and accounted for.
    List<RetryResult> results = new ArrayList<>();
    results.add(retryWith(failure(sent), Fault.lostRequest()));
    results.add(retryWith(failure(read), Fault.lostRequest()));
    time.advance(SETTLED);
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.NOT_SENT);
  }

  @Test
  void eventWithoutMessageIdIsNotSentOnlyIfNothingNewerWithoutOneIsThere() {
    String id = fake.delivery().withoutMessage().add();
    RetryResult result = retryWith(failure(id), Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
    fake.delivery().status(200).at(time.now()).add();
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
    fake.delivery().withoutMessage().status(200).at(time.now()).add();
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(result).reason()).contains("without a message id");
  }

  @Test
  void acceptedRetryWithoutLogIdIsFoundByItsMessageButNeverNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = RetryResult.accepted(failed, null, time.now());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    client.retry(failed);
    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
  }
}
