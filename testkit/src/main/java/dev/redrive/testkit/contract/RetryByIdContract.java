package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.byId;
import static dev.redrive.testkit.contract.Statuses.outcomeStatuses;
import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retries of deliveries of which the caller knows the id alone. */
public interface RetryByIdContract extends ContractPart {
  @Test
  default void retryById_isAcceptedAndTold() {
    FailedDelivery delivery = byId(oneFailed());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).as(result.toString()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(result.key()).isEqualTo(delivery.key());
    assertSent(delivery, 1, 1);
    assertThat(outcomesOf(result)).containsExactly(RetryOutcome.Status.DELIVERED);
  }

  @Test
  default void find_readsADeliveryWhateverItsStatus_andSendsNothing() {
    assumeTrue(can(Capability.FIND), "the provider reads no single delivery");
    FailedDelivery failed = oneFailed();

    assertThat(client().find(failed.key().id()))
        .hasValueSatisfying(
            found -> {
              assertThat(found.key()).isEqualTo(failed.key());
              assertThat(found.lineage()).isEqualTo(failed.lineage());
              assertThat(found.cause()).isEqualTo(failed.cause());
              assertThat(found.latest().status()).isEqualTo(DeliveryStatus.FAILED);
            });
    assertThat(client().find("")).isEmpty();
    assertThat(client().find("..")).isEmpty();
    assertThat(client().find(unknownId())).isEmpty();
    assertThat(client().findAll(List.of(unknownId(), failed.key().id(), "..")))
        .containsOnlyKeys(failed.key().id());
    assertThat(fake().endpoint().resends()).isZero();
  }

  @Test
  default void retryById_whenTheEndpointIsStillDown_hasFailedAgainOnceItHas() {
    fake().endpoint().down(503);
    fake().asyncDelay(Duration.ofSeconds(20));
    FailedDelivery delivery = byId(oneFailed());

    RetryResult result = client().retry(delivery);

    assertTruthful(client().outcomes(List.of(result)));
    assertThat(outcomesOf(result)).containsExactly(RetryOutcome.Status.FAILED_AGAIN);
    assertSent(delivery, 1, 1);
  }

  @Test
  default void retryById_whenTheAnswerWasLost_isNeverTakenAsNotSent() {
    FailedDelivery delivery = byId(oneFailed());
    fake().faults().on(Operation.RETRY).inject(Fault.lostAnswer());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(outcomesOf(result))
        .containsAnyOf(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.UNKNOWN);
    assertSent(delivery, 1, 1);
  }

  @Test
  default void retryById_whenTheRequestWasLost_isNeverTakenAsDelivered() {
    FailedDelivery delivery = byId(oneFailed());
    fake().faults().on(Operation.RETRY).inject(Fault.lostRequest());

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(outcomesOf(result))
        .containsAnyOf(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.UNKNOWN);
    assertSent(delivery, 1, 0);
  }

  @Test
  default void retryById_whenThereIsNoSuchDelivery_isRejected() {
    FailedDelivery delivery = oneFailed();

    RetryResult result =
        client().retry(FailedDelivery.of(client().key(unknownId()), delivery.latest().webhookId()));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).isNotBlank();
    assertThat(fake().endpoint().resends()).isZero();
  }

  @Test
  default void retryById_whenItIsDelivered_isRejected() {
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
  default void retryById_whenTheIdIsNoneOfTheProvider_isRejectedWithoutARequest() {
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
  default void retryAllById_amongListedOnes_answersEachInOrderAndSendsEachOnce() {
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
  default void retryAllById_whenNothingCanBeRead_sendsOnlyWhatNeedsNoReading() {
    List<FailedDelivery> deliveries = failed(4).stream().map(Deliveries::byId).toList();
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
  default void retryAllById_whenInterrupted_sendsNothingAndKeepsTheFlag() {
    List<FailedDelivery> deliveries = failed(4).stream().map(Deliveries::byId).toList();
    Thread.currentThread().interrupt();

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(statuses(results)).hasSize(4).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(fake().endpoint().resends()).isZero();
  }

  private List<RetryOutcome.Status> outcomesOf(RetryResult result) {
    List<RetryOutcome> outcomes = client().awaitOutcomes(List.of(result), Duration.ofMinutes(30));
    assertTruthful(outcomes);
    return outcomeStatuses(outcomes);
  }
}
