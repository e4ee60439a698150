package dev.redrive.baanx;

import static dev.redrive.baanx.Json.WEBHOOK_A;
import static dev.redrive.baanx.Json.WEBHOOK_B;
import static dev.redrive.baanx.Json.attempt;
import static dev.redrive.baanx.Json.attemptId;
import static dev.redrive.baanx.Json.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.MalformedResponseException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaanxOutcomesTest {
  private static final String EVENT = record(1);
  private static final String OLD_ATTEMPT = attempt(6, EVENT, WEBHOOK_A, 6, 6, "failed");

  private final StubBaanx baanx = new StubBaanx();
  private final BaanxClient client = baanx.client();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @Test
  void outcomes_whenTheNewAttemptSucceeded_thenIsDelivered() {
    baanx.eventLogIn("completed", EVENT, OLD_ATTEMPT, next(7, 7, "success"));

    RetryOutcome outcome = outcome(accepted());

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    assertThat(outcome.log().logId()).isEqualTo(attemptId(7));
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void outcomes_whenTheNewAttemptFailed_thenFailedAgainUnlessBaanxGoesOnByItself() {
    baanx.eventLog(EVENT, OLD_ATTEMPT, next(7, 7, "failed"));
    assertThat(outcome(accepted()).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);

    baanx.eventLog(
        EVENT,
        OLD_ATTEMPT,
        attempt(7, EVENT, WEBHOOK_A, 7, 7, "failed", "\"2025-12-29T12:30:00.000Z\""));
    assertThat(outcome(accepted()).status()).isEqualTo(RetryOutcome.Status.PENDING);
  }

  @Test
  void outcomes_whenTheNewAttemptIsUnderWay_thenIsPending() {
    for (String status : List.of("pending", "processing")) {
      baanx.eventLog(EVENT, OLD_ATTEMPT, next(7, 7, status));
      RetryResult accepted = accepted();
      baanx.time.advance(Duration.ofHours(1));

      assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    }
  }

  @Test
  void outcomes_whenTheNewAttemptsStatusIsAnUnknownWord_thenIsUnknown() {
    baanx.eventLog(EVENT, OLD_ATTEMPT, next(7, 7, "a-new-word"));

    assertThat(outcome(accepted()))
        .returns(RetryOutcome.Status.UNKNOWN, RetryOutcome::status)
        .satisfies(outcome -> assertThat(outcome.reason()).contains("a-new-word"));
  }

  @Test
  void outcomes_whenTheManualRetryCountsFromOneOrStaysAtSix_thenItsTimeMakesItNew() {
    for (int number : List.of(1, 6, 7)) {
      baanx.eventLog(EVENT, next(7, number, "success"), OLD_ATTEMPT);

      assertThat(outcome(accepted()).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    }
  }

  @Test
  void outcomes_whenTheNewAttemptBearsTheSameTime_thenItsNumberMakesItNew() {
    for (int number : List.of(7, 6)) {
      baanx.eventLog(EVENT, OLD_ATTEMPT, attempt(7, EVENT, WEBHOOK_A, number, 6, "success"));
      assertThat(outcome(accepted()).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    }

    baanx.eventLog(EVENT, OLD_ATTEMPT, attempt(5, EVENT, WEBHOOK_A, 5, 6, "failed"));
    assertThat(outcome(accepted()).status()).isEqualTo(RetryOutcome.Status.PENDING);
  }

  @Test
  void outcomes_whenOnlyOlderOrOtherWebhooksAttemptsSucceeded_thenTheyAreNoEvidence() {
    baanx.eventLog(
        EVENT,
        attempt(3, EVENT, WEBHOOK_A, 3, 3, "success"),
        OLD_ATTEMPT,
        attempt(8, EVENT, WEBHOOK_B, 7, 8, "success"));
    RetryResult unknown = unknown();
    baanx.time.advance(Duration.ofHours(1));

    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
  }

  @Test
  void outcomes_whenBaanxTriedAgainAfterTheRetryFailed_thenAnySuccessCounts() {
    baanx.eventLog(
        EVENT,
        OLD_ATTEMPT,
        attempt(7, EVENT, WEBHOOK_A, 1, 7, "failed", "\"2025-12-29T10:08:00.000Z\""),
        attempt(8, EVENT, WEBHOOK_A, 2, 8, "success"),
        attempt(9, EVENT, WEBHOOK_A, 3, 9, "failed"));

    assertThat(outcome(accepted()))
        .returns(RetryOutcome.Status.DELIVERED, RetryOutcome::status)
        .returns(attemptId(8), outcome -> outcome.log().logId());
  }

  @Test
  void outcomes_whenThereIsNoNewAttemptYet_thenIsPendingUntilSettled() {
    baanx.eventLog(EVENT, OLD_ATTEMPT);
    RetryResult accepted = accepted();
    RetryResult unknown = unknown();

    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.PENDING);

    baanx.time.advance(Duration.ofMinutes(1));
    assertThat(outcome(unknown))
        .returns(RetryOutcome.Status.NOT_SENT, RetryOutcome::status)
        .returns("no new attempt in the event's log", RetryOutcome::reason);
    assertThat(outcome(accepted)).returns(RetryOutcome.Status.UNKNOWN, RetryOutcome::status);
  }

  @Test
  void outcomes_whenBaanxHasNotDoneWithTheEvent_thenIsPendingHoweverLate() {
    RetryResult unknown = unknown();
    baanx.time.advance(Duration.ofHours(1));
    for (String status : List.of("pending", "processing", "a-new-word")) {
      baanx.eventLogIn(status, EVENT, OLD_ATTEMPT);

      assertThat(outcome(unknown).status()).as(status).isEqualTo(RetryOutcome.Status.PENDING);
    }
  }

  @Test
  void outcomes_whenTheLogDoesNotTellTheEventsStatus_thenAsksForIt() {
    RetryResult unknown = unknown();
    baanx.time.advance(Duration.ofHours(1));
    baanx.answer("GET /v1/webhooks/events/" + EVENT + "/logs", "{\"logs\":[" + OLD_ATTEMPT + "]}");
    baanx.answer("GET /v1/webhooks/events/" + EVENT + "/status", Json.event(EVENT, "processing"));

    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(baanx.asked()).hasSize(2);
  }

  @Test
  void outcomes_whenTheRetryIsOlderThanTheLogsAreKept_thenAbsenceProvesNothing() {
    RetryResult unknown = unknown();
    baanx.time.advance(Duration.ofDays(8));
    baanx.eventLog(EVENT);

    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @Test
  void outcomes_whenTheEventIsGone_thenIsUnknownAndTheOthersAreRead() {
    String other = record(2);
    baanx.eventLog(other, attempt(7, other, WEBHOOK_A, 7, 7, "success"));

    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(accepted(), RetryResult.accepted(delivery(other, WEBHOOK_A), null, now())));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.UNKNOWN, RetryOutcome.Status.DELIVERED);
  }

  @Test
  void outcomes_whenTheAnswerHoldsNoList_thenFailsInsteadOfProvingAbsence() {
    baanx.answer(
        "GET /v1/webhooks/events/" + EVENT + "/logs",
        "{\"event\":" + Json.event(EVENT, "failed") + "}");
    RetryResult unknown = unknown();
    baanx.time.advance(Duration.ofHours(1));

    assertThatThrownBy(() -> outcome(unknown)).isInstanceOf(MalformedResponseException.class);
  }

  @Test
  void outcomes_whenSeveralWebhooksOfOneEventWereRetried_thenReadsTheEventOnce() {
    baanx.eventLog(
        EVENT, OLD_ATTEMPT, next(7, 7, "success"), attempt(8, EVENT, WEBHOOK_B, 7, 7, "failed"));

    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(accepted(), RetryResult.accepted(delivery(EVENT, WEBHOOK_B), null, now())));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void outcomes_whenNothingWentOut_thenSaysWhyWithoutARequest() {
    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(delivery(EVENT, WEBHOOK_A), "no", now()),
                RetryResult.notSent(delivery(EVENT, WEBHOOK_B), "offline", now())));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.REJECTED, RetryOutcome.Status.NOT_SENT);
    assertThat(outcomes).extracting(RetryOutcome::mayBeSentAgain).containsExactly(false, true);
    assertThat(outcomes).extracting(RetryOutcome::reason).containsExactly("no", "offline");
    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void outcomes_whenTheResultIsOfAnotherAccount_thenIsUnknownWithoutARequest() {
    var key = new DeliveryKey("baanx", "other", EVENT + "/" + WEBHOOK_A);

    assertThat(outcome(RetryResult.accepted(delivery(key), null, now())).status())
        .isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void outcomes_whenTheIdIsInUpperCase_thenIsThatOfTheSameDelivery() {
    baanx.eventLogIn("completed", EVENT, OLD_ATTEMPT, next(7, 7, "success"));
    var key = new DeliveryKey("baanx", "test", (EVENT + "/" + WEBHOOK_A).toUpperCase(Locale.ROOT));
    RetryResult result = RetryResult.unknown(delivery(key), "no response in time", now());
    baanx.time.advance(Duration.ofHours(1));

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    assertThat(outcome(result).key()).isEqualTo(key);
  }

  @Test
  void outcomes_whenOneFailedAttemptFollowsTwoRetries_thenItIsEvidenceForOne() {
    RetryResult first = unknown();
    baanx.time.advance(Duration.ofSeconds(1));
    RetryResult second = unknown();
    baanx.time.advance(Duration.ofHours(1));
    baanx.eventLog(EVENT, OLD_ATTEMPT, next(7, 7, "failed"));

    assertThat(client.outcomes(List.of(first, second, first)))
        .extracting(RetryOutcome::status)
        .containsExactly(
            RetryOutcome.Status.FAILED_AGAIN,
            RetryOutcome.Status.NOT_SENT,
            RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void outcomes_whenOneSuccessFollowsTwoRetries_thenTheDeliveryIsNeverCalledUnsent() {
    RetryResult first = unknown();
    baanx.time.advance(Duration.ofSeconds(1));
    RetryResult second = unknown();
    baanx.time.advance(Duration.ofHours(1));
    baanx.eventLog(EVENT, OLD_ATTEMPT, next(7, 7, "success"));

    assertThat(client.outcomes(List.of(first, second)))
        .extracting(RetryOutcome::status)
        .containsOnly(RetryOutcome.Status.DELIVERED);
  }

  private static String next(int id, int number, String status) {
    return attempt(id, EVENT, WEBHOOK_A, number, 7, status);
  }

  private RetryResult accepted() {
    return RetryResult.accepted(delivery(EVENT, WEBHOOK_A), null, now());
  }

  private RetryResult unknown() {
    return RetryResult.unknown(delivery(EVENT, WEBHOOK_A), "no response in time", now());
  }

  private Instant now() {
    return baanx.time.now();
  }

  private RetryOutcome outcome(RetryResult result) {
    List<RetryOutcome> outcomes = client.outcomes(List.of(result));
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }

  private static FailedDelivery delivery(String eventId, String webhookId) {
    return delivery(new DeliveryKey("baanx", "test", eventId + "/" + webhookId));
  }

  /** As a ledger gives it back, with the attempt that was the latest: number 6, at 10:06. */
  private static FailedDelivery delivery(DeliveryKey key) {
    return new FailedDelivery(
        WebhookLog.builder(key, DeliveryStatus.FAILED)
            .logId(attemptId(6))
            .attemptNumber(6)
            .createdAt(Instant.parse("2025-12-29T10:06:00Z"))
            .build(),
        FailureCause.SERVER_ERROR);
  }
}
