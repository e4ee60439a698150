package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.FailedDelivery;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of retries, as compared with the endpoint's account. */
abstract class OutcomeContract extends RetryByIdContract {
  @Test
  void outcomes_whenThereIsNothing_costNoRequest() {
    long before = fake().requestCount();

    assertThat(client().outcomes(List.of())).isEmpty();

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  void outcomes_whenTheEndpointIsUp_areDelivered() {
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
  void outcomes_whenTheEndpointIsStillDown_areFailedAgain() {
    fake().endpoint().down(503);
    List<RetryResult> results = client().retryAll(failed(20));

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.FAILED_AGAIN);
  }

  @Test
  void outcomes_whenTheEndpointTakesSome_tellEachApart() {
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
  void outcomes_whenDeliveriesComeFromALedger_areTold() {
    List<FailedDelivery> deliveries = failed(10).stream().map(ContractFixture::fromLedger).toList();

    List<RetryOutcome> outcomes = told(client().retryAll(deliveries));

    assertThat(outcomeStatuses(outcomes)).containsOnly(Status.DELIVERED);
  }

  @Test
  void outcomes_whileTheRetryIsUnderWay_arePending() {
    fake().asyncDelay(Duration.ofSeconds(30));
    RetryResult result = client().retry(oneFailed());

    RetryOutcome outcome = outcome(result);

    boolean delivered = fake().endpoint().resends() > 0;
    assertThat(outcome.status()).isEqualTo(delivered ? Status.DELIVERED : Status.PENDING);
    fake().settle();
    assertThat(outcomeStatuses(told(List.of(result)))).containsExactly(Status.DELIVERED);
  }

  @Test
  void outcomes_whenTheRetryShowsUpAfterSomeReads_areFirstPendingThenDelivered() {
    fake().settlesAfterReads(2);
    List<RetryResult> results = client().retryAll(failed(3));

    for (int i = 0; i < 4; i++) {
      assertTruthful(client().outcomes(results));
    }

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.DELIVERED);
  }

  @Test
  void outcomes_whenTheEndpointGoesUpAgain_belongToTheirOwnRetry() {
    FailedDelivery delivery = oneFailed();
    fake().endpoint().down();
    RetryResult first = client().retry(delivery);
    assertThat(outcomeStatuses(told(List.of(first)))).containsExactly(Status.FAILED_AGAIN);

    time.advance(Duration.ofMinutes(5));
    fake().endpoint().up();
    RetryResult second = client().retry(delivery);

    assertThat(second.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(outcomeStatuses(told(List.of(second)))).containsExactly(Status.DELIVERED);
    assertSent(delivery, 2, 2);
  }

  @Test
  void outcomes_ofWhatNeverWentOut_sayWhyAndCostNoRequest() {
    List<FailedDelivery> deliveries = failed(2);
    var rejected = RetryResult.rejected(deliveries.get(0), "no such log", time.now());
    var notSent = RetryResult.notSent(deliveries.get(1), "refused", time.now());
    long before = fake().requestCount();

    List<RetryOutcome> outcomes = client().outcomes(List.of(rejected, notSent));

    assertThat(outcomeStatuses(outcomes)).containsExactly(Status.REJECTED, Status.NOT_SENT);
    assertThat(outcomes.get(0).reason()).contains("no such log");
    assertThat(outcomes.get(1).reason()).contains("refused");
    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  void outcomes_whenResultsAreMixedAndNamedTwice_comeInOrder() {
    List<FailedDelivery> deliveries = failed(3);
    List<RetryResult> sent = client().retryAll(deliveries.subList(0, 2));
    var never = RetryResult.notSent(deliveries.get(2), "refused", time.now());
    List<RetryResult> results = List.of(sent.get(1), never, sent.get(0), sent.get(1));

    List<RetryOutcome> outcomes = told(results);

    assertThat(outcomes.stream().map(RetryOutcome::result)).isEqualTo(results);
    assertThat(outcomeStatuses(outcomes))
        .containsExactly(Status.DELIVERED, Status.NOT_SENT, Status.DELIVERED, Status.DELIVERED);
  }

  @ParameterizedTest(name = "our clock {0} h ahead of the provider''s")
  @ValueSource(ints = {3, 0, -3})
  void outcomes_whenTheAnswerWasLost_areDelivered(int hours) {
    time = ManualTime.of(clock).ahead(Duration.ofHours(hours));
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 8);

    List<RetryOutcome> early = client().outcomes(results);
    assertTruthful(early);
    settle();
    List<RetryOutcome> late = client().outcomes(results);

    assertTruthful(late);
    assertEachIsTold(late, Status.DELIVERED);
  }

  @ParameterizedTest(name = "our clock {0} h ahead of the provider''s")
  @ValueSource(ints = {3, 0, -3})
  void outcomes_whenTheRequestWasLost_areNotSentOnceThatIsSure(int hours) {
    time = ManualTime.of(clock).ahead(Duration.ofHours(hours));
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 8);

    assertThat(outcomeStatuses(client().outcomes(results))).containsOnly(Status.PENDING);
    settle();
    List<RetryOutcome> late = client().outcomes(results);

    assertTruthful(late);
    assertThat(outcomeStatuses(late))
        .containsOnly(tellsTimes(results) ? Status.NOT_SENT : Status.UNKNOWN);
  }

  @Test
  void outcomes_whenTheLostRetryFailedAgain_areFailedAgain() {
    fake().endpoint().down(500);
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 8);
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
    assertEachIsTold(outcomes, tellsTimes(results) ? Status.FAILED_AGAIN : Status.UNKNOWN);
  }

  @Test
  void outcomes_whenTheLostRetryIsStillQueued_areNeverNotSent() {
    fake().asyncDelay(Duration.ofSeconds(20));
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 5);

    assertThat(outcomeStatuses(client().outcomes(results))).doesNotContain(Status.NOT_SENT);
    settle();
    List<RetryOutcome> late = client().outcomes(results);

    assertThat(outcomeStatuses(late)).doesNotContain(Status.NOT_SENT);
    assertTruthful(late);
  }

  @Test
  void outcomes_whenOtherDeliveriesComeIn_areNotMistakenForThem() {
    List<FailedDelivery> deliveries = failed(12);
    fake().faults().on(Operation.RETRY).always().inject(Fault.lostRequest());
    List<RetryResult> results = new ArrayList<>();
    deliveries.forEach(delivery -> results.add(client().retry(delivery)));
    fake().faults().clear();
    fake().endpoint().up();
    fake().traffic(40);
    fake().endpoint().down(500);
    fake().traffic(40);
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
  }

  @Test
  void outcomes_whenSomeoneElseRetriedMeanwhile_areNeverNotSent() {
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 6);
    WebhookRetryClient other = client(settings -> {});
    results.forEach(result -> other.retry(result.delivery()));
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
    assertThat(outcomeStatuses(outcomes)).isSubsetOf(Status.DELIVERED, Status.UNKNOWN);
  }

  @Test
  void outcomes_afterACrash_areSettledFromWhatALedgerHolds() {
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
  void awaitOutcomes_whenRetriesAreUnderWay_waitsUntilAllAreTold() {
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
    assertThat(time.slept()).isLessThan(traits().settleTime().plusSeconds(60));
  }

  @Test
  void awaitOutcomes_whenTheRequestWasLost_waitsNoLongerThanItMay() {
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 3);
    Duration most = traits().settleTime().dividedBy(2);

    List<RetryOutcome> early = client().awaitOutcomes(results, most);

    assertThat(outcomeStatuses(early)).containsOnly(Status.PENDING);
    assertThat(time.slept()).isEqualTo(most);

    List<RetryOutcome> late = client().awaitOutcomes(results, Duration.ofMinutes(30));

    assertTruthful(late);
    assertThat(outcomeStatuses(late))
        .containsOnly(tellsTimes(results) ? Status.NOT_SENT : Status.UNKNOWN);
    assertThat(time.slept()).isLessThan(traits().settleTime().plusSeconds(11));
  }

  @Test
  void awaitOutcomes_whenTheAnswersWereLost_mistakesNoneForAnother() {
    List<FailedDelivery> deliveries = failed(8);
    List<RetryResult> results = new ArrayList<>();
    for (FailedDelivery delivery : deliveries) {
      fake().faults().clear();
      if (results.size() % 2 == 0) {
        fake().faults().on(Operation.RETRY).inject(Fault.lostAnswer());
      }
      results.add(client().retry(delivery));
    }
    fake().endpoint().down(500);
    fake().traffic(20);

    assertTruthful(client().awaitOutcomes(results, Duration.ofMinutes(30)));
  }

  @Test
  void outcomes_whenNobodyListens_sayWhichServer() {
    List<RetryResult> results = client().retryAll(failed(2));
    String server = fake().baseUrl().replace("http://", "");
    fake().close();

    assertThatThrownBy(() -> client(settings -> {}).outcomes(results))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(server);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void outcomes_whenReadsFailOnce(Trouble trouble) {
    fake().endpoint().down(500);
    List<RetryResult> results = client().retryAll(failed(3));
    fake().faults().on(Operation.LIST, Operation.READ).inject(trouble.fault);
    WebhookRetryClient client = clientFor(trouble);

    if (trouble.passes()) {
      assertTruthful(client.outcomes(results));
      assertThat(fake().faults().injected()).isEqualTo(1);
      assertThat(outcomeStatuses(told(results))).containsOnly(Status.FAILED_AGAIN);
    } else {
      assertTruthful(outcomesOrError(trouble, client, results));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void outcomes_whenAllReadsFail_claimNothing(Trouble trouble) {
    fake().endpoint().down(500);
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 2);
    settle();
    fake().faults().on(Operation.LIST, Operation.READ).always().inject(trouble.fault);

    Set<Status> allowed = EnumSet.of(Status.PENDING, Status.UNKNOWN);
    if (trouble == Trouble.STATUS_404 && !can(Capability.LOGS)) {
      // In the provider's own words: a record that is gone, as are those of what was delivered.
      allowed.add(Status.DELIVERED);
    }
    assertThat(allowed)
        .containsAll(outcomeStatuses(outcomesOrError(trouble, clientFor(trouble), results)));
    assertThat(fake().faults().injected()).isPositive();
  }

  @Test
  void outcomes_whenEnumsHaveUnknownValues_claimNothingFalse() {
    fake().endpoint().down(500);
    List<RetryResult> results = client().retryAll(failed(5));
    fake().faults().onAny().always().inject(Fault.unknownEnumValues());

    assertTruthful(client().outcomes(results));
  }

  @Test
  void outcomes_whenAnswersHaveUnknownFields_areTold() {
    List<RetryResult> results = client().retryAll(failed(5));
    fake().faults().onAny().always().inject(Fault.unknownFields());

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.DELIVERED);
  }

  /** The loop that the whole library is for, under random faults: no event twice, none lost. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void retries_whenNotSentOnesAreSentAgainUnderFaults_deliverNoEventTwice(long seed) {
    fake(settings -> settings.seed(seed));
    Integer visible = traits().visibleFailures();
    List<FailedDelivery> deliveries = failed(visible == null ? 60 : Math.min(60, visible / 2));
    var random = new SplittableRandom(seed);
    List<Fault> faults =
        List.of(
            Fault.lostAnswer(),
            Fault.lostRequest(),
            Fault.status(500),
            Fault.status(503).workDone(),
            Fault.truncatedJson(),
            Fault.status(429),
            Fault.proxyPage(),
            Fault.cutOff());
    Map<FailedDelivery, Status> ends = new HashMap<>();
    List<FailedDelivery> open = new ArrayList<>(deliveries);
    for (int round = 0; round < 12 && !open.isEmpty(); round++) {
      fake().faults().clear();
      for (Fault fault : faults) {
        fake()
            .faults()
            .on(Operation.RETRY)
            .withProbability(0.02 + 0.06 * random.nextDouble())
            .inject(fault);
        fake().faults().on(Operation.LIST, Operation.READ).withProbability(0.01).inject(fault);
      }
      Collections.shuffle(open, new java.util.Random(seed + round));
      List<RetryResult> results = new ArrayList<>();
      int single = Math.min(open.size(), 5);
      open.subList(0, single).forEach(delivery -> results.add(client().retry(delivery)));
      results.addAll(client().retryAll(open.subList(single, open.size())));
      open = settled(results, ends);
      // Rate limits of a day ago are history.
      time.advance(Duration.ofMinutes(16));
    }

    assertThat(fake().endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake().endpoint().resentMoreThanOnce()).isEmpty();
    for (FailedDelivery delivery : deliveries) {
      int delivered = fake().endpoint().delivered(delivery.key().id());
      Status end = ends.get(delivery);
      assertThat(end).as("end of " + delivery.key()).isIn(Status.DELIVERED, Status.UNKNOWN);
      assertThat(end != Status.DELIVERED || delivered == 1).isTrue();
    }
    if (deliveries.get(0).latest().createdAt() != null) {
      assertThat(ends.values().stream().filter(Status.DELIVERED::equals).count())
          .isGreaterThan(deliveries.size() / 2L);
    }
  }

  /** What becomes of retries once the provider can tell: at once, or when they have settled. */
  private List<RetryOutcome> told(List<RetryResult> results) {
    List<RetryOutcome> outcomes = client().outcomes(results);
    assertTruthful(outcomes);
    for (int i = 0; i < 3 && outcomeStatuses(outcomes).contains(Status.PENDING); i++) {
      settle();
      outcomes = client().outcomes(results);
      assertTruthful(outcomes);
    }
    return outcomes;
  }

  /** Without times there is no "newer": then a lost retry that shows no trace stays unknown. */
  private static void assertEachIsTold(List<RetryOutcome> outcomes, Status expected) {
    List<RetryResult> results = outcomes.stream().map(RetryOutcome::result).toList();
    assertThat(outcomeStatuses(outcomes)).contains(expected);
    for (RetryOutcome outcome : outcomes) {
      if (!isMistakable(outcome.result(), results)) {
        assertThat(outcome.status()).as("%s", outcome).isEqualTo(expected);
      }
    }
  }

  /** Whether the records do not tell its attempts from those of another one. */
  private static boolean isMistakable(RetryResult result, List<RetryResult> among) {
    WebhookLog log = result.delivery().latest();
    return log.lineage().equals(log.logId())
        && among.stream()
            .filter(other -> !other.key().equals(result.key()))
            .map(other -> other.delivery().latest())
            .anyMatch(
                other ->
                    Objects.equals(other.webhookId(), log.webhookId())
                        && Objects.equals(other.eventId(), log.eventId()));
  }

  private static boolean tellsTimes(List<RetryResult> results) {
    return results.get(0).delivery().latest().createdAt() != null;
  }

  /** Asks until all is settled; what was not sent is left to be sent again. */
  private List<FailedDelivery> settled(
      List<RetryResult> results, Map<FailedDelivery, Status> ends) {
    List<FailedDelivery> again = new ArrayList<>();
    List<RetryResult> asked = results;
    for (int i = 0; i < 20 && !asked.isEmpty(); i++) {
      settle();
      List<RetryOutcome> outcomes;
      try {
        outcomes = client().outcomes(asked);
      } catch (RedriveException e) {
        continue;
      }
      assertTruthful(outcomes);
      List<RetryResult> pending = new ArrayList<>();
      for (RetryOutcome outcome : outcomes) {
        FailedDelivery delivery = outcome.result().delivery();
        switch (outcome.status()) {
          case NOT_SENT -> again.add(delivery);
          case PENDING -> pending.add(outcome.result());
          case DELIVERED, FAILED_AGAIN, REJECTED, UNKNOWN -> ends.put(delivery, outcome.status());
        }
      }
      asked = pending;
    }
    assertThat(asked).as("still pending after 20 times the settle time").isEmpty();
    return again;
  }

  /** Retries so many deliveries one by one, each under a fault. */
  private List<RetryResult> retriedUnder(Fault fault, int count) {
    List<FailedDelivery> deliveries = failed(count);
    fake().faults().on(Operation.RETRY).always().inject(fault);
    List<RetryResult> results = new ArrayList<>();
    deliveries.forEach(delivery -> results.add(client().retry(delivery)));
    fake().faults().clear();
    assertThat(statuses(results)).containsOnly(RetryResult.Status.UNKNOWN);
    return results;
  }

  /** The outcomes, none if reading them ends with the error that is due. */
  private List<RetryOutcome> outcomesOrError(
      Trouble trouble, WebhookRetryClient client, List<RetryResult> results) {
    try {
      return client.outcomes(results);
    } catch (RedriveException e) {
      assertThatThrownBy(
              () -> {
                throw e;
              })
          // A record that is gone answers 404, whatever spoils the body of that answer.
          .isInstanceOfAny(trouble.error, NotFoundException.class)
          .hasMessageContaining(traits().displayName());
      return List.of();
    }
  }
}
