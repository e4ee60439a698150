package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.fromLedger;
import static dev.redrive.testkit.contract.Statuses.outcomeStatuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of retries, as compared with the endpoint's account. */
public interface OutcomeContract extends ContractPart {
  @Test
  default void outcomes_whenThereIsNothing_costNoRequest() {
    long before = fake().requestCount();

    assertThat(client().outcomes(List.of())).isEmpty();

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  default void outcomes_whenTheEndpointIsUp_areDelivered() {
    List<RetryResult> results = client().retryAll(failed(20));
    long before = fake().requestCount();

    List<RetryOutcome> outcomes = client().outcomes(results);

    boolean batchFirst = can(Capability.LOGS) && can(Capability.BULK_RETRY);
    int most = batchFirst ? fake().webhookIds().size() : results.size();
    assertThat(fake().requestCount() - before).isLessThanOrEqualTo(most + 3);
    assertThat(outcomes.stream().map(RetryOutcome::result)).isEqualTo(results);
    assertThat(outcomeStatuses(told(results))).containsOnly(Status.DELIVERED);
  }

  @Test
  default void outcomes_whenTheEndpointIsStillDown_areFailedAgain() {
    fake().endpoint().down(503);
    List<RetryResult> results = client().retryAll(failed(20));

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.FAILED_AGAIN);
  }

  @Test
  default void outcomes_whenTheEndpointTakesSome_tellEachApart() {
    List<FailedDelivery> deliveries = failed(20);
    for (int i = 0; i < deliveries.size(); i += 3) {
      fake().endpoint().answer(deliveries.get(i).key().id(), 500);
    }

    List<RetryOutcome> outcomes = told(client().retryAll(deliveries));

    for (int i = 0; i < deliveries.size(); i++) {
      assertThat(outcomes.get(i).key()).isEqualTo(deliveries.get(i).key());
      assertThat(outcomes.get(i).status())
          .isEqualTo(i % 3 == 0 ? Status.FAILED_AGAIN : Status.DELIVERED);
    }
  }

  @Test
  default void outcomes_whenDeliveriesComeFromALedger_areTold() {
    List<FailedDelivery> deliveries = failed(10).stream().map(Deliveries::fromLedger).toList();

    List<RetryOutcome> outcomes = told(client().retryAll(deliveries));

    assertThat(outcomeStatuses(outcomes)).containsOnly(Status.DELIVERED);
  }

  @Test
  default void outcomes_whileTheRetryIsUnderWay_arePending() {
    fake().asyncDelay(Duration.ofSeconds(30));
    RetryResult result = client().retry(oneFailed());

    RetryOutcome outcome = outcome(result);

    boolean delivered = fake().endpoint().resends() > 0;
    assertThat(outcome.status()).isEqualTo(delivered ? Status.DELIVERED : Status.PENDING);
    fake().settle();
    assertThat(outcomeStatuses(told(List.of(result)))).containsExactly(Status.DELIVERED);
  }

  @Test
  default void outcomes_whenTheRetryShowsUpAfterSomeReads_areFirstPendingThenDelivered() {
    fake().settlesAfterReads(2);
    List<RetryResult> results = client().retryAll(failed(3));

    for (int i = 0; i < 4; i++) {
      assertTruthful(client().outcomes(results));
    }

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.DELIVERED);
  }

  @Test
  default void outcomes_whenTheEndpointGoesUpAgain_belongToTheirOwnRetry() {
    FailedDelivery delivery = oneFailed();
    fake().endpoint().down();
    RetryResult first = client().retry(delivery);
    assertThat(outcomeStatuses(told(List.of(first))))
        .containsExactly(recordsUnanswered() ? Status.FAILED_AGAIN : Status.UNKNOWN);

    time().advance(Duration.ofMinutes(5));
    fake().endpoint().up();
    RetryResult second = client().retry(delivery);

    assertThat(second.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(outcomeStatuses(told(List.of(second)))).containsExactly(Status.DELIVERED);
    assertSent(delivery, 2, 2);
  }

  @Test
  default void outcomes_ofWhatNeverWentOut_sayWhyAndCostNoRequest() {
    List<FailedDelivery> deliveries = failed(2);
    var rejected = RetryResult.rejected(deliveries.get(0), "no such log", time().now());
    var notSent = RetryResult.notSent(deliveries.get(1), "refused", time().now());
    long before = fake().requestCount();

    List<RetryOutcome> outcomes = client().outcomes(List.of(rejected, notSent));

    assertThat(outcomeStatuses(outcomes)).containsExactly(Status.REJECTED, Status.NOT_SENT);
    assertThat(outcomes.get(0).reason()).contains("no such log");
    assertThat(outcomes.get(1).reason()).contains("refused");
    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  default void outcomes_whenResultsAreMixedAndNamedTwice_comeInOrder() {
    List<FailedDelivery> deliveries = failed(3);
    List<RetryResult> sent = client().retryAll(deliveries.subList(0, 2));
    var never = RetryResult.notSent(deliveries.get(2), "refused", time().now());
    List<RetryResult> results = List.of(sent.get(1), never, sent.get(0), sent.get(1));

    List<RetryOutcome> outcomes = told(results);

    assertThat(outcomes.stream().map(RetryOutcome::result)).isEqualTo(results);
    assertThat(outcomeStatuses(outcomes))
        .containsExactly(Status.DELIVERED, Status.NOT_SENT, Status.DELIVERED, Status.DELIVERED);
  }

  @Test
  default void outcomes_afterACrash_areSettledFromWhatALedgerHolds() {
    List<RetryResult> accepted = client().retryAll(failed(6));
    List<RetryResult> results = new ArrayList<>();
    for (RetryResult result : accepted) {
      FailedDelivery delivery = fromLedger(result.delivery());
      results.add(
          results.size() % 2 == 0
              ? RetryResult.accepted(delivery, result.newLogId(), result.requestedAt())
              : RetryResult.unknown(delivery, "the process died", result.requestedAt()));
    }
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
    assertThat(outcomes.stream().map(RetryOutcome::result)).isEqualTo(results);
    for (int i = 0; i < results.size(); i++) {
      assertThat(outcomes.get(i).status())
          .isIn(Status.DELIVERED, i % 2 == 0 ? Status.DELIVERED : Status.UNKNOWN);
    }
  }

  @Test
  default void awaitOutcomes_whenRetriesAreUnderWay_waitsUntilAllAreTold() {
    fake().asyncDelay(Duration.ofSeconds(30));
    List<FailedDelivery> deliveries = failed(12);
    fake().endpoint().answer(deliveries.get(3).key().id(), 500);
    List<RetryResult> results = client().retryAll(deliveries);

    List<RetryOutcome> outcomes = client().awaitOutcomes(results, Duration.ofMinutes(30));

    assertThat(outcomes.stream().map(RetryOutcome::result)).isEqualTo(results);
    assertTruthful(outcomes);
    for (int i = 0; i < deliveries.size(); i++) {
      assertThat(outcomes.get(i).status())
          .isEqualTo(i == 3 ? Status.FAILED_AGAIN : Status.DELIVERED);
    }
    assertThat(time().slept()).isLessThan(longestOutcome().plusSeconds(60));
  }
}
