package acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider that is not Redrive's, from its factory to its outcomes. */
class AcmeClientTest {
  private final FakeAcme fake = FakeAcme.builder().webhooks(2).start();
  private final WebhookRetryClient client =
      AcmeServices.factory()
          .create(
              ProviderSettings.none()
                  .with(ProviderSetting.BASE_URL, fake.baseUrl())
                  .with(ProviderSetting.API_KEY, fake.apiKey()));

  @AfterEach
  void stop() {
    client.close();
    fake.close();
  }

  private List<FailedDelivery> listed() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  private static List<String> ids(List<FailedDelivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.key().id()).toList();
  }

  @Test
  void allPagesAreListedByCursor() {
    List<String> ids = fake.failures(35);

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(4);
  }

  @Test
  void rowsThatLeaveTheListWhileItIsReadPullNoneAcrossAPagesEdge() {
    List<String> ids = fake.failures(35);
    Iterator<FailedDelivery> failures = client.failures(DeliveryQuery.all()).iterator();
    var found = new ArrayList<String>();

    while (failures.hasNext()) {
      FailedDelivery failure = failures.next();
      found.add(failure.key().id());
      assertThat(client.retry(failure).status()).isEqualTo(RetryResult.Status.ACCEPTED);
      fake.settle();
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(fake.endpoint().resends()).isEqualTo(35);
  }

  @Test
  void anAcceptedRetryNeedsNoBody_andItsOutcomeIsRead() {
    fake.failures(2);
    List<RetryResult> results = client.retryAll(listed());
    fake.settle();

    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(RetryOutcome.Status.DELIVERED);
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
  }

  @Test
  void aRetryWhoseAnswerIsLostGoesOutOnce() {
    fake.failures(1);
    List<FailedDelivery> failed = listed();
    fake.faults().on(Operation.RETRY).inject(Fault.status(503));

    assertThat(client.retry(failed.get(0)).status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(1);
  }
}
