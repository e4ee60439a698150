package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Chatt2meOutcomesTest extends OutcomesFixture {
  @Test
  void newLogTellsWhetherTheRetryWasDelivered() {
    String recovered = fake.delivery().add();
    String broken = fake.delivery().add();
    fake.endpoint().answer(broken, 503);
    List<FailedDelivery> both = List.of(failure(recovered), failure(broken));
    List<RetryOutcome> outcomes = client.outcomes(client.retryAll(both));
    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.FAILED_AGAIN);
    WebhookLog log = outcomes.get(1).log();
    assertThat(log.httpStatus()).isEqualTo(503);
    assertThat(log.logId()).isEqualTo(outcomes.get(1).result().newLogId());
    assertThat(log.lineage()).isEqualTo(both.get(1).lineage());
    assertThat(log.webhookName()).isEqualTo("Webhook 1");
  }

  @Test
  void eachWebhookIsScannedOnceForAllOfItsResults() {
    start(FakeChatt2me.builder().webhooks(12));
    fake.failures(240);
    fake.successes(2_000);
    List<RetryResult> results = client.retryAll(failures());
    long before = fake.requestCount(Operation.LIST);
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
    // The first page, and once in the client's life the last one, which tells the order.
    assertThat(fake.requestCount(Operation.LIST) - before).isEqualTo(24);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void orderOfAListThatWasReadNeedsNoRequest(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    fake.failures(120);
    List<RetryResult> results = client.retryAll(failures().subList(0, 3));
    long before = fake.requestCount(Operation.LIST);
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
    // If the oldest is first, the first page tells where the list ends.
    assertThat(fake.requestCount(Operation.LIST) - before).isEqualTo(oldestFirst ? 2 : 1);
  }

  @Test
  void resultsThatNeverWentOutCostNoRequest() {
    FailedDelivery failed = failure(fake.delivery().add());
    long before = fake.requestCount();
    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(failed, "no such log", time.now()),
                RetryResult.notSent(failed, "refused", time.now())));
    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.REJECTED, Status.NOT_SENT);
    assertThat(outcomes).extracting(RetryOutcome::reason).containsExactly("no such log", "refused");
    assertThat(fake.requestCount()).isEqualTo(before);
  }

  @Test
  void acceptedRetryWhoseLogIsNotListedIsPendingAndThenUnknownButNeverNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = RetryResult.accepted(failed, UUID.randomUUID().toString(), time.now());
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(result).reason()).contains("does not list its log");
  }

  @Test
  void sameResultGivenTwiceHasTheSameOutcome() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult lost = retryWithLostAnswer(failed);
    List<RetryOutcome> outcomes = client.outcomes(List.of(lost, lost));
    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
    assertThat(outcomes.get(0).log()).isEqualTo(outcomes.get(1).log());
  }

  @Test
  void webhookThatIsGoneLeavesItsResultsUnknownAndTheOthersKnown() {
    FailedDelivery stays = failure(fake.delivery().add());
    FailedDelivery gone = failure(fake.delivery().webhook(fake.webhookIds().get(1)).add());
    List<RetryResult> results = client.retryAll(List.of(gone, stays));
    fake.faults().on(Operation.LIST, Operation.WEBHOOKS).next(2).inject(Fault.status(404));
    var one =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .concurrency(1)
            .build();
    try (one) {
      assertThat(one.outcomes(results))
          .extracting(RetryOutcome::status)
          .containsExactly(Status.UNKNOWN, Status.DELIVERED);
    }
  }

  @Test
  void resultsOfAnotherAccountOrWithoutWebhookAreUnknownWithoutRequest() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult accepted = client.retry(failed);
    long before = fake.requestCount();
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .account("other")
            .build()) {
      assertThat(other.outcomes(List.of(accepted)).get(0).reason())
          .contains("belongs to chatt2me at");
    }
    var nowhere =
        FailedDelivery.of(WebhookLog.builder(failed.key(), failed.latest().status()).build());
    RetryOutcome outcome = outcome(RetryResult.accepted(nowhere, "x", time.now()));
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.reason()).contains("webhook is not known");
    assertThat(fake.requestCount()).isEqualTo(before);
  }

  @Test
  void outcomesFailWhenTheProviderCannotBeRead() {
    RetryResult result = client.retry(failure(fake.delivery().add()));
    fake.faults().on(Operation.LIST).always().inject(Fault.status(503));
    assertThatThrownBy(() -> outcome(result)).isInstanceOf(ProviderUnavailableException.class);
  }

  @Test
  void deliveryRebuiltFromALedgerIsRetriedAndSettled() {
    WebhookLog original = failure(fake.delivery().add()).latest();
    WebhookLog rebuilt =
        WebhookLog.builder(original.key(), original.status())
            .lineage(original.lineage())
            .webhook(original.webhookId(), null, original.endpoint())
            .event(original.eventId(), original.eventType())
            .createdAt(original.createdAt())
            .build();
    RetryResult result = retryWithLostAnswer(FailedDelivery.of(rebuilt));
    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
  }
}
