package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.MalformedResponseException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoisoV4OutcomesTest {
  private static final String FAILURES = "GET /api/v4/tasks/webhook_failures";
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v4();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void aRetriggerUnderWayIsPendingThenFailedAgainWithANewerAttempt() {
    stub.withFailures(1);
    stub.onRetrigger = row -> {};
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.row("0001").failAgain();
    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome.log().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED.plusSeconds(60));
  }

  @Test
  void aRecordThatIsGoneIsPendingUntilSettledAndThenDelivered() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    stub.rows.clear();

    assertThat(outcome(accepted(delivery)).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome(unknown(delivery)).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted(delivery)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    assertThat(outcome(unknown(delivery)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void aRecordThatIsHiddenWhileItIsUnderWayIsPendingAndThenWhatItBecame() {
    stub.withFailures(2);
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    StubVoiso.Row back = new StubVoiso.Row("0002", StubVoiso.CREATED);
    back.failAgain();
    stub.rows.add(back);
    stub.time.advance(SETTLED);

    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void aRecordThatMayBeGoneForItsAgeSettlesNoLostAnswer() {
    stub.withFailures(1);
    stub.row("0001").created = StubVoiso.NOW.minus(Duration.ofDays(31));
    FailedDelivery old = only(failures(DeliveryQuery.all()));
    stub.rows.clear();
    stub.time.advance(SETTLED);

    RetryOutcome outcome = outcome(unknown(old));

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("too old");
    assertThat(outcome(unknown(failed("0001"))).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome(accepted(old)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void timeThatPassesDuringTheReadingMakesNoEvidence() {
    stub.withFailures(250);
    List<RetryResult> lost =
        failures(DeliveryQuery.all()).stream().map(this::unknown).toList().subList(0, 150);
    stub.beforeList = () -> stub.time.advance(SETTLED);

    assertThat(client.outcomes(lost))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    assertThat(client.outcomes(lost))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.NOT_SENT));
  }

  @Test
  void a404ThatIsNotTheApisOwnIsNoEvidence() {
    stub.next(404, "<html>no such page</html>");

    assertThatThrownBy(() -> outcome(accepted(failed("0001"))))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("404");
  }

  @Test
  void aLostAnswerIsSettledByTheRecord() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult result = unknown(delivery);

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
    stub.row("0001").failAgain();
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void anAcceptedRetriggerWithoutANewerAttemptIsNeverTakenForAnOutcome() {
    stub.withFailures(1);
    RetryResult result = accepted(only(failures(DeliveryQuery.all())));

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @Test
  void aResultWhoseAttemptTimeIsNotKnownIsJudgedByItsStateOnceSettled() {
    stub.withFailures(1);
    RetryResult accepted = accepted(failed("0001"));
    RetryResult unknown = unknown(failed("0001"));

    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"delivered,DELIVERED", "success,DELIVERED", "active,PENDING", "weird,UNKNOWN"})
  void aStatusOtherThanInactiveTellsTheOutcome(String status, RetryOutcome.Status expected) {
    stub.withFailures(1);
    stub.row("0001").status = status;

    RetryOutcome outcome = outcome(accepted(failed("0001")));

    assertThat(outcome.status()).isEqualTo(expected);
    assertThat(outcome.log().providerStatus()).isEqualTo(status);
  }

  @Test
  void resultsThatNeverWentOutOrAreOfOthersCostNoRequest() {
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("baanx", "acc", "0001"), DeliveryStatus.FAILED)
                .build());

    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(failed("0001"), "no", StubVoiso.NOW),
                RetryResult.notSent(failed("0002"), "later", StubVoiso.NOW),
                accepted(foreign)));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(
            RetryOutcome.Status.REJECTED,
            RetryOutcome.Status.NOT_SENT,
            RetryOutcome.Status.UNKNOWN);
    assertThat(outcomes).extracting(RetryOutcome::reason).startsWith("no", "later");
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void outcomesOfManyThatFailedAgainAreReadFromTheList() {
    stub.withFailures(250);
    List<RetryResult> results = failures(DeliveryQuery.all()).stream().map(this::accepted).toList();
    stub.rows.forEach(StubVoiso.Row::failAgain);
    stub.forget();

    List<RetryOutcome> outcomes = client.outcomes(results);

    assertThat(outcomes)
        .hasSize(250)
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN));
    assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
    assertThat(stub.requests()).hasSize(3);
  }

  @Test
  void outcomesOfManyThatWereDeliveredCostOneRequestMoreThanThereAre() {
    stub.withFailures(30);
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));
    stub.time.advance(SETTLED);
    stub.forget();

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.DELIVERED));
    assertThat(stub.requests()).hasSize(31);
  }

  @Test
  void aPageOfOthersFailuresEndsTheReadingOfTheList() {
    stub.withFailures(450);
    List<FailedDelivery> oldest = failures(DeliveryQuery.all()).subList(400, 440);
    stub.time.advance(SETTLED);
    stub.forget();

    client.outcomes(oldest.stream().map(each -> accepted(withoutTimes(each))).toList());

    assertThat(stub.count(FAILURES + "?")).isEqualTo(1);
    assertThat(stub.requests()).hasSize(41);
  }

  @Test
  void theListIsAskedOnlyForTheTimeOfTheResults() {
    stub.withFailures(450);
    List<FailedDelivery> oldest = failures(DeliveryQuery.all()).subList(400, 440);
    stub.forget();

    client.outcomes(oldest.stream().map(this::accepted).toList());

    assertThat(stub.requests()).hasSize(1);
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private RetryOutcome outcome(RetryResult result) {
    return only(client.outcomes(List.of(result)));
  }

  private RetryResult accepted(FailedDelivery delivery) {
    return RetryResult.accepted(delivery, null, StubVoiso.NOW);
  }

  private RetryResult unknown(FailedDelivery delivery) {
    return RetryResult.unknown(delivery, "lost", StubVoiso.NOW);
  }

  private static FailedDelivery withoutTimes(FailedDelivery delivery) {
    return failed(delivery.key().id());
  }

  /** As the ledger may rebuild it: no times. */
  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
