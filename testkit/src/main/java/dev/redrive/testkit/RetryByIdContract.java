package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retries of deliveries of which the caller knows the id alone. */
abstract class RetryByIdContract extends RetryContract {
  private static final Duration LONG = Duration.ofMinutes(30);

  @Test
  void retryById_isAcceptedAndTold() {
    FailedDelivery delivery = byId(oneFailed());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).as(result.toString()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(result.key()).isEqualTo(delivery.key());
    assertSent(delivery, 1, 1);
    assertThat(outcomesOf(result)).containsExactly(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void retryById_whenTheEndpointIsStillDown_hasFailedAgainOnceItHas() {
    fake().endpoint().down(503);
    fake().asyncDelay(Duration.ofSeconds(20));
    FailedDelivery delivery = byId(oneFailed());

    RetryResult result = client().retry(delivery);

    assertTruthful(client().outcomes(List.of(result)));
    assertThat(outcomesOf(result)).containsExactly(RetryOutcome.Status.FAILED_AGAIN);
    assertSent(delivery, 1, 1);
  }

  @Test
  void retryById_whenTheAnswerWasLost_isNeverTakenAsNotSent() {
    FailedDelivery delivery = byId(oneFailed());
    fake().faults().on(Operation.RETRY).inject(Fault.lostAnswer());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(outcomesOf(result))
        .containsAnyOf(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.UNKNOWN);
    assertSent(delivery, 1, 1);
  }

  @Test
  void retryById_whenTheRequestWasLost_isNeverTakenAsDelivered() {
    FailedDelivery delivery = byId(oneFailed());
    fake().faults().on(Operation.RETRY).inject(Fault.lostRequest());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(outcomesOf(result))
        .containsAnyOf(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.UNKNOWN);
    assertSent(delivery, 1, 0);
  }

  @Test
  void retryById_whenThereIsNoSuchDelivery_isRejected() {
    FailedDelivery delivery = oneFailed();
    FakeProvider elsewhere = otherFake(settings -> settings.seed(99));
    String unknown =
        elsewhere.failures(200).stream()
            .filter(id -> fake().rowOf(id) < 0)
            .reduce((first, last) -> last)
            .orElseThrow();

    RetryResult result =
        client().retry(FailedDelivery.of(client().key(unknown), delivery.latest().webhookId()));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).isNotBlank();
    assertThat(fake().endpoint().resends()).isZero();
  }

  @Test
  void retryById_whenItIsDelivered_isRejected() {
    String id = fake().successes(1).get(0);
    String webhook = null;
    if (can(Capability.LOGS)) {
      webhook = client().logs(DeliveryQuery.all()).first().orElseThrow().webhookId();
    }

    RetryResult result = client().retry(FailedDelivery.of(client().key(id), webhook));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).isNotBlank();
    assertThat(fake().endpoint().resends()).isZero();
  }

  @Test
  void retryById_whenTheIdIsNoneOfTheProvider_isRejectedWithoutARequest() {
    traits();
    long before = fake().requestCount();

    for (String id : List.of("", "..")) {
      RetryResult result = client().retry(FailedDelivery.of(client().key(id), null));
      assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
      assertThat(result.reason()).isNotBlank();
    }

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  void retryAllById_amongListedOnes_answersEachInOrderAndSendsEachOnce() {
    List<FailedDelivery> listed = failed(6);
    List<FailedDelivery> mixed =
        List.of(
            listed.get(0),
            byId(listed.get(1)),
            byId(listed.get(2)),
            listed.get(3),
            byId(listed.get(0)),
            byId(listed.get(2)));

    List<RetryResult> results = client().retryAll(mixed);

    assertThat(results.stream().map(RetryResult::key))
        .isEqualTo(mixed.stream().map(FailedDelivery::key).toList());
    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    for (int i = 0; i < listed.size(); i++) {
      assertSent(listed.get(i), i < 4 ? 1 : 0, i < 4 ? 1 : 0);
    }
  }

  @Test
  void retryAllById_whenNothingCanBeRead_sendsOnlyWhatNeedsNoReading() {
    List<FailedDelivery> deliveries = failed(4).stream().map(RetryByIdContract::byId).toList();
    fake().faults().on(Operation.LIST, Operation.READ).always().inject(Fault.status(503));

    List<RetryResult> results = client().retryAll(deliveries);

    for (int i = 0; i < deliveries.size(); i++) {
      boolean accepted = results.get(i).status() == RetryResult.Status.ACCEPTED;
      assertThat(results.get(i).status())
          .isIn(RetryResult.Status.ACCEPTED, RetryResult.Status.NOT_SENT);
      assertSent(deliveries.get(i), accepted ? 1 : 0, accepted ? 1 : 0);
    }
  }

  @Test
  void retryAllById_whenInterrupted_sendsNothingAndKeepsTheFlag() {
    List<FailedDelivery> deliveries = failed(4).stream().map(RetryByIdContract::byId).toList();
    Thread.currentThread().interrupt();

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(statuses(results)).hasSize(4).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(fake().endpoint().resends()).isZero();
  }

  private List<RetryOutcome.Status> outcomesOf(RetryResult result) {
    List<RetryOutcome> outcomes = client().awaitOutcomes(List.of(result), LONG);
    assertTruthful(outcomes);
    return outcomeStatuses(outcomes);
  }

  private static FailedDelivery byId(FailedDelivery listed) {
    return FailedDelivery.of(listed.key(), listed.latest().webhookId());
  }
}
