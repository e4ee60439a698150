package dev.redrive.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GithubOutcomesTest extends GithubFixture {
  private RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }

  private void settle() {
    time.advance(client.traits().settleTime().plusSeconds(1));
  }

  @Test
  void aRedelivery_isFoundByItsGuidAtItsOwnWebhook() {
    List<String> hooks = fake.webhookIds();
    String id = fake.delivery().webhook(hooks.get(0)).add();
    String beside = fake.delivery().webhook(hooks.get(1)).sameEventAs(id).add();
    fake.endpoint().answerWebhook(hooks.get(0), 500);
    List<FailedDelivery> failed = failures();
    assertThat(failed).hasSize(2);

    List<RetryOutcome> outcomes = client.outcomes(client.retryAll(failed));

    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(outcome.status())
                    .isEqualTo(
                        outcome.key().id().equals(beside)
                            ? Status.DELIVERED
                            : Status.FAILED_AGAIN));
    assertThat(outcomes.get(0).result().newLogId()).isNull();
  }

  @Test
  void anEarlierRedelivery_isNotTheNewOne() {
    String id = fake.delivery().at(NOW.minusSeconds(300)).add();
    FailedDelivery first = failures().get(0);
    fake.delivery().redeliveryOf(id).status(500).at(NOW.minusSeconds(60)).add();
    fake.asyncDelay(Duration.ofMinutes(1));

    RetryResult result = client.retry(first);

    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(Duration.ofMinutes(2));
    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void reading_goesBackToTheRequestOnly() {
    use(FakeGithub.builder().webhooks(1));
    fake.failures(1_000);
    RetryResult result = client.retry(failures().get(999));
    long before = fake.requestCount(Operation.LIST);

    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
    assertThat(fake.requestCount(Operation.LIST) - before).isEqualTo(1);
    assertThat(fake.requestCount(Operation.READ)).isZero();
  }

  @Test
  void anAcceptedRedeliveryThatIsNeverListed_isUnknown_andALostOneWasNotSent() {
    fake.delivery().add();
    fake.delivery().add();
    List<FailedDelivery> failed = failures();
    fake.asyncDelay(Duration.ofDays(1));
    RetryResult accepted = client.retry(failed.get(0));
    fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
    RetryResult lost = client.retry(failed.get(1));
    settle();

    assertThat(outcome(accepted).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(accepted).reason()).contains("accepted the redelivery");
    assertThat(outcome(lost).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void aRequestOfDaysAgo_isUnknown_forItsDeliveryMayBeListedNoMore() {
    fake.delivery().add();
    FailedDelivery failed = failures().get(0);
    fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
    RetryResult lost = client.retry(failed);
    fake.settle();
    time.advance(Duration.ofDays(4));

    assertThat(outcome(lost).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(lost).reason()).contains("no longer list");
  }

  @Test
  void theOutcomesAtADeletedWebhook_areUnknown() {
    fake.delivery().add();
    RetryResult result = client.retry(failures().get(0));
    fake.deleteWebhook(fake.webhookIds().get(0));

    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void aResultWithoutGuid_isUnknownWithoutARequest() {
    String id = fake.delivery().add();
    var named = FailedDelivery.of(client.key(id), null);
    long before = fake.requestCount();

    assertThat(outcome(RetryResult.accepted(named, null, time.now())).reason())
        .contains("GUID of its event");
    assertThat(fake.requestCount()).isEqualTo(before);
  }
}
