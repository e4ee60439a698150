package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Statuses.outcomeStatuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of retries whose request or answer was lost. */
public interface LostRetryContract extends ContractPart {
  @ParameterizedTest(name = "our clock {0} h ahead of the provider''s")
  @ValueSource(ints = {3, 0, -3})
  default void outcomes_whenTheAnswerWasLost_areDelivered(int hours) {
    ourClockIsAhead(Duration.ofHours(hours));
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
  default void outcomes_whenTheRequestWasLost_areNotSentOnceThatIsSure(int hours) {
    ourClockIsAhead(Duration.ofHours(hours));
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 8);

    assertThat(outcomeStatuses(client().outcomes(results))).containsOnly(Status.PENDING);
    settle();
    List<RetryOutcome> late = client().outcomes(results);

    assertTruthful(late);
    assertThat(outcomeStatuses(late))
        .containsOnly(tellsTimes(results) ? Status.NOT_SENT : Status.UNKNOWN);
  }

  @Test
  default void outcomes_whenTheLostRetryFailedAgain_areFailedAgain() {
    fake().endpoint().down(500);
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 8);
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
    assertEachIsTold(outcomes, tellsTimes(results) ? Status.FAILED_AGAIN : Status.UNKNOWN);
  }

  @Test
  default void outcomes_whenTheLostRetryIsStillQueued_areNeverNotSent() {
    fake().asyncDelay(Duration.ofSeconds(20));
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 5);

    assertThat(outcomeStatuses(client().outcomes(results))).doesNotContain(Status.NOT_SENT);
    settle();
    List<RetryOutcome> late = client().outcomes(results);

    assertThat(outcomeStatuses(late)).doesNotContain(Status.NOT_SENT);
    assertTruthful(late);
  }

  @Test
  default void outcomes_whenOtherDeliveriesComeIn_areNotMistakenForThem() {
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
  default void outcomes_whenSomeoneElseRetriedMeanwhile_areNeverNotSent() {
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 6);
    WebhookRetryClient other = client(settings -> {});
    results.forEach(result -> other.retry(result.delivery()));
    settle();

    List<RetryOutcome> outcomes = client().outcomes(results);

    assertTruthful(outcomes);
    assertThat(outcomeStatuses(outcomes)).isSubsetOf(Status.DELIVERED, Status.UNKNOWN);
  }

  @Test
  default void awaitOutcomes_whenTheRequestWasLost_waitsNoLongerThanItMay() {
    List<RetryResult> results = retriedUnder(Fault.lostRequest(), 3);
    Duration most = traits().settleTime().dividedBy(2);

    List<RetryOutcome> early = client().awaitOutcomes(results, most);

    assertThat(outcomeStatuses(early)).containsOnly(Status.PENDING);
    assertThat(time().slept()).isEqualTo(most);

    List<RetryOutcome> late = client().awaitOutcomes(results, Duration.ofMinutes(30));

    assertTruthful(late);
    assertThat(outcomeStatuses(late))
        .containsOnly(tellsTimes(results) ? Status.NOT_SENT : Status.UNKNOWN);
    assertThat(time().slept()).isLessThan(traits().settleTime().plusSeconds(11));
  }

  @Test
  default void awaitOutcomes_whenTheAnswersWereLost_mistakesNoneForAnother() {
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
}
