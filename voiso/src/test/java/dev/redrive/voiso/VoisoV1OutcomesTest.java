package dev.redrive.voiso;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.Question;
import dev.redrive.testkit.FakeVoiso;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoV1OutcomesTest {
  private static final String FAILURES = "GET /api/webhooks/v1/failures";
  private static final String OLDEST = "2026-02-12T18:00:00Z";
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v1();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void anAbsentFailureIsPendingUntilSettledAndThenDelivered() {
    stub.withFailures(120);
    List<FailedDelivery> all = failures(DeliveryQuery.all());
    List<RetryResult> results = client.retryAll(all.subList(0, 10));
    stub.forget();

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    assertThat(stub.requests()).hasSize(4);

    stub.time.advance(SETTLED);
    stub.forget();
    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.DELIVERED));
    assertThat(stub.requests()).hasSize(7);
  }

  @Test
  void onceSettledEachOutcomeIsWhatTheEndpointSaw() {
    try (var fake = FakeVoiso.builder().clock(Clock.fixed(StubVoiso.NOW, UTC)).start();
        var client =
            VoisoClient.builder()
                .apiVersion(VoisoClient.ApiVersion.V1)
                .baseUrl(fake.baseUrl())
                .apiKey(fake.contactCentreKey())
                .timeSource(stub.time)
                .build()) {
      fake.failures(120);
      List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
      failed.stream()
          .filter(each -> each.key().id().hashCode() % 3 == 0)
          .forEach(each -> fake.endpoint().answer(each.key().id(), 500));
      List<RetryResult> results = client.retryAll(failed.subList(0, 60));
      stub.time.advance(SETTLED);

      List<RetryOutcome> outcomes = client.outcomes(results);

      assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
      assertThat(outcomes)
          .allSatisfy(
              each ->
                  assertThat(each.status())
                      .isEqualTo(
                          fake.endpoint().delivered(each.key().id()) == 1
                              ? RetryOutcome.Status.DELIVERED
                              : RetryOutcome.Status.FAILED_AGAIN));
      assertThat(outcomes)
          .extracting(RetryOutcome::status)
          .contains(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
    }
  }

  @Test
  void anIdThatIsAUuidIsSoughtInLowerCaseAndAnyOtherAsItIs() {
    String uuid = "0b97ce11-b6e0-49b4-8f92-68040aa324bf";

    assertThat(question(uuid.toUpperCase(Locale.ROOT)).id()).isEqualTo(uuid);
    assertThat(question("AABBCC").id()).isEqualTo("AABBCC");
  }

  private static Question question(String id) {
    var key = new DeliveryKey("voiso", "acc", id);
    FailedDelivery delivery =
        FailedDelivery.of(WebhookLog.builder(key, DeliveryStatus.FAILED).build());
    return new Question(RetryResult.accepted(delivery, null, StubVoiso.NOW), StubVoiso.NOW, true);
  }

  @Test
  void absenceFromAListThatMovesIsNoEvidence() {
    stub.withFailures(120);
    FailedDelivery first = failures(DeliveryQuery.all()).get(0);
    RetryResult result = client.retry(first);
    stub.time.advance(SETTLED);
    stub.forget();
    int[] names = {0x1000};
    stub.beforeList =
        () -> {
          stub.rows.remove(0);
          stub.rows.add(
              new StubVoiso.Row(
                  Integer.toHexString(names[0]++), StubVoiso.CREATED.minusSeconds(names[0])));
        };

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome.reason()).contains("moved");
    assertThat(stub.requests()).hasSizeBetween(20, 31);
  }

  @Test
  void aFailureThatCameBackHasFailedAgain() {
    stub.withFailures(1);
    stub.onRetrigger = StubVoiso.Row::failAgain;
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome.log().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED.plusSeconds(60));
  }

  @Test
  void aFailureStillListedWithoutTimesIsJudgedOnceSettled() {
    stub.withFailures(1).v1TellsTimes = false;
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult accepted = RetryResult.accepted(delivery, null, StubVoiso.NOW);
    RetryResult unknown = RetryResult.unknown(delivery, "lost", StubVoiso.NOW);

    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @Test
  void aLostAnswerIsSettledByTimesWhereTheyAreTold() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult unknown = RetryResult.unknown(delivery, "lost", StubVoiso.NOW);

    stub.time.advance(SETTLED);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
    stub.row("0001").failAgain();
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void aFailureOlderThanTheListReachesStaysUnknown() {
    stub.withFailures(1);
    stub.row("0001").created = Instant.parse(OLDEST).plusSeconds(30);
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));
    stub.time.advance(Duration.ofHours(4));

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("31 days");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 60, 119})
  void aFailureThatCameBackIsSeenThoughItCouldNotBeListedAnyMore(int minutes) {
    stub.withFailures(1).v1TellsTimes = false;
    stub.row("0001").created = Instant.parse(OLDEST).plusSeconds(30);
    stub.onRetrigger = StubVoiso.Row::failAgain;
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));
    stub.time.advance(Duration.ofMinutes(minutes));

    assertThat(failures(DeliveryQuery.all())).isEmpty();
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void absenceIsNoEvidenceOnceTheFailureMayHaveAgedOutOfTheList() {
    stub.withFailures(2).v1TellsTimes = false;
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));
    stub.time.advance(Duration.ofMinutes(121));

    assertThat(client.outcomes(results))
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
              assertThat(outcome.reason()).contains("31 days");
            });
  }

  @Test
  void noMoreThanThe31DaysIsAskedForHoweverOldAResultIs() {
    stub.withFailures(2).v1TellsTimes = false;
    List<FailedDelivery> failed = failures(DeliveryQuery.all());
    RetryResult old =
        RetryResult.accepted(failed.get(0), null, StubVoiso.NOW.minus(Duration.ofDays(3)));
    RetryResult fresh = RetryResult.accepted(failed.get(1), null, StubVoiso.NOW);
    stub.forget();

    client.outcomes(List.of(old));
    client.outcomes(List.of(old, fresh));

    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=2026-02-12T15:00:00Z&page=1&per_page=50",
            FAILURES + "?start_date=2026-02-12T17:00:00Z&page=1&per_page=50");
  }

  @Test
  void timeThatPassesDuringTheReadingMakesNoEvidence() {
    stub.withFailures(120);
    List<FailedDelivery> all = failures(DeliveryQuery.all());
    RetryResult lost = RetryResult.unknown(all.get(0), "lost", StubVoiso.NOW);
    RetryResult gone = client.retry(all.get(119));
    stub.beforeList = () -> stub.time.advance(SETTLED);

    assertThat(client.outcomes(List.of(lost, gone)))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.PENDING, RetryOutcome.Status.PENDING);
    assertThat(client.outcomes(List.of(lost, gone)))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.DELIVERED);
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private RetryOutcome outcome(RetryResult result) {
    return only(client.outcomes(List.of(result)));
  }

  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
