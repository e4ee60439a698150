package dev.redrive.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GithubListingTest extends GithubFixture {
  @Test
  void aFailure_tellsWhatTheDeliveryTells() {
    String id = fake.delivery().status(503).at(NOW.minusSeconds(90)).add();

    FailedDelivery delivery = failures().get(0);

    WebhookLog log = delivery.latest();
    assertThat(delivery.key().id()).isEqualTo(id);
    assertThat(delivery.key().account()).endsWith("/repos/octocat/hello-world");
    assertThat(delivery.cause()).isEqualTo(FailureCause.SERVER_ERROR);
    assertThat(id).isEqualTo(log.webhookId() + "/" + log.logId());
    assertThat(log.lineage()).isEqualTo(log.eventId() + "/" + log.webhookId());
    assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(log.httpStatus()).isEqualTo(503);
    assertThat(log.error()).isEqualTo("Service Unavailable");
    assertThat(log.eventType()).isEqualTo("push");
    assertThat(log.endpoint()).isEqualTo("https://receiver.example.com/webhooks/github/1");
    assertThat(log.createdAt()).isEqualTo(NOW.minusSeconds(90));
    assertThat(log.json().text()).contains("\"guid\"").doesNotContain("payload");
  }

  @ParameterizedTest
  @CsvSource({
    "0, NO_RESPONSE",
    "302, REDIRECTED",
    "199, UNKNOWN",
    "600, UNKNOWN",
    "422, CLIENT_ERROR"
  })
  void whatTheStatusFilterLeavesOut_isAFailureToo(int status, FailureCause cause) {
    String id = fake.delivery().status(status).add();

    assertThat(failures()).extracting(FailedDelivery::cause).containsExactly(cause);
    assertThat(failedIds()).containsExactly(id);
    assertThat(fake.requests(Operation.LIST))
        .allSatisfy(request -> assertThat(request.query()).doesNotContainKey("status"));
  }

  @Test
  void anEventThatALaterDeliveryDelivered_needsNothing_howeverLate() {
    use(FakeGithub.builder().webhooks(1));
    String recovered = fake.delivery().status(500).at(NOW.minus(Duration.ofDays(2))).add();
    fake.failures(230);
    fake.delivery().redeliveryOf(recovered).status(500).at(NOW.minusSeconds(20)).add();
    fake.delivery().redeliveryOf(recovered).status(204).at(NOW.minusSeconds(10)).add();

    assertThat(failedIds()).hasSize(230).doesNotContain(recovered);
  }

  @Test
  void anEventWhoseLatestRedeliveryFailed_needsNothing_ifAnEarlierOneDelivered() {
    String first = fake.delivery().status(500).at(NOW.minusSeconds(300)).add();
    fake.delivery().redeliveryOf(first).status(200).at(NOW.minusSeconds(200)).add();
    fake.delivery().redeliveryOf(first).status(500).at(NOW.minusSeconds(100)).add();
    String other = fake.delivery().status(200).at(NOW.minusSeconds(90)).add();
    fake.delivery().redeliveryOf(other).status(500).at(NOW.minusSeconds(80)).add();

    assertThat(failedIds()).isEmpty();
  }

  @Test
  void attemptsOfAnEvent_areAllListed_underOneLineage() {
    String first = fake.delivery().at(NOW.minusSeconds(300)).add();
    String second = fake.delivery().redeliveryOf(first).at(NOW.minusSeconds(200)).add();

    assertThat(failedIds()).containsExactly(second, first);
    assertThat(failures())
        .extracting(FailedDelivery::lineage)
        .containsOnly(failures().get(0).lineage());
  }

  @Test
  void theWebhooksOfAnEvent_shareItsGuid_andFailEachForItself() {
    List<String> hooks = fake.webhookIds();
    String failed = fake.delivery().webhook(hooks.get(0)).add();
    String alsoFailed = fake.delivery().webhook(hooks.get(1)).sameEventAs(failed).add();
    fake.delivery().webhook(hooks.get(2)).sameEventAs(failed).status(200).at(NOW).add();
    fake.delivery().redeliveryOf(alsoFailed).status(200).at(NOW).add();

    assertThat(failedIds()).containsExactly(failed);
  }

  @Test
  void aFailedRedelivery_whoseFirstDeliveryIsNoLongerListed_isListed() {
    String first = fake.delivery().at(NOW.minus(Duration.ofHours(73))).add();
    String second = fake.delivery().redeliveryOf(first).add();

    assertThat(failedIds()).containsExactly(second);
  }

  @Test
  void reading_endsAtTheTimeThatIsAskedFor() {
    use(FakeGithub.builder().webhooks(1).window(Duration.ofDays(2)));
    fake.failures(1_000);
    long before = fake.requestCount(Operation.LIST);

    List<FailedDelivery> recent =
        client.failures(DeliveryQuery.since(NOW.minus(Duration.ofHours(4)))).toList();

    assertThat(recent).hasSizeBetween(60, 110);
    assertThat(fake.requestCount(Operation.LIST) - before).isLessThanOrEqualTo(3);
  }

  @Test
  void reading_goesOnPastThatTime_whileARedeliveryIsInDoubt() {
    use(FakeGithub.builder().webhooks(1).window(Duration.ofDays(2)));
    fake.failures(500);
    String old = fake.delivery().status(500).at(NOW.minus(Duration.ofDays(1))).add();
    fake.delivery().redeliveryOf(old).status(200).at(NOW.minus(Duration.ofHours(23))).add();
    String last = fake.delivery().redeliveryOf(old).status(500).at(NOW.minusSeconds(30)).add();

    assertThat(client.failures(DeliveryQuery.since(NOW.minus(Duration.ofHours(1)))).toList())
        .extracting(failure -> failure.key().id())
        .isNotEmpty()
        .doesNotContain(last, old);
  }

  @Test
  void aWebhookThatIsDeletedMeanwhile_endsNothing() {
    List<String> ids = fake.failures(30);
    String gone = fake.webhookIds().get(1);
    fake.onRequest(Operation.LIST, () -> fake.deleteWebhook(gone));

    assertThat(failedIds())
        .containsExactlyInAnyOrderElementsOf(
            ids.stream().filter(id -> !id.startsWith(gone + "/")).toList());
  }

  @Test
  void aDeliveryWithoutGuid_isCounted_forItsEventMayBeDelivered() {
    fake.delivery().add();
    fake.oddLists().rewrite(row -> row.replaceFirst("\"guid\":\"[^\"]*\"", "\"guid\":null"));

    Listing<FailedDelivery> listing = client.failures(DeliveryQuery.all());

    assertThat(listing.toList()).isEmpty();
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @Test
  void aPageThatNamesNoCursorOfTheNext_isNotTheEnd() {
    fake.faults()
        .on(Operation.LIST)
        .inject(
            Fault.answer(200, "application/json", "[]")
                .header("Link", "<https://api.github.com/x?page=2>; rel=\"next\""));

    assertThatThrownBy(this::failures)
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("no parameter \"cursor\"");
  }

  @Test
  void theWebhooks_areReadPageByPage() {
    use(FakeGithub.builder().webhooks(130));

    assertThat(client.webhooks()).extracting(hook -> hook.id()).isEqualTo(fake.webhookIds());
    assertThat(client.webhooks().get(0).eventTypes()).contains("push");
    assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "../1", "app", "1/2", ""})
  void aWebhookIdThatIsNone_isRefusedWithoutARequest(String id) {
    DeliveryQuery query = DeliveryQuery.builder().webhookId(id).build();

    assertThatThrownBy(() -> client.failures(query).toList())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("copy it from a listing");
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void find_tellsTheDeliveryThatDecides() {
    String first = fake.delivery().at(NOW.minusSeconds(300)).add();
    String second = fake.delivery().redeliveryOf(first).status(500).at(NOW.minusSeconds(200)).add();

    assertThat(client.find(first).orElseThrow().latest())
        .satisfies(
            log -> {
              assertThat(log.key().id()).isEqualTo(first);
              assertThat(first.substring(0, first.indexOf('/') + 1) + log.logId())
                  .isEqualTo(second);
              assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
            });

    fake.delivery().redeliveryOf(first).status(200).at(NOW.minusSeconds(100)).add();
    fake.delivery().redeliveryOf(first).status(500).at(NOW.minusSeconds(50)).add();

    assertThat(client.find(first).orElseThrow().latest().status())
        .isEqualTo(DeliveryStatus.SUCCEEDED);
    assertThat(client.find(second).orElseThrow().latest().status())
        .isEqualTo(DeliveryStatus.SUCCEEDED);
    assertThat(client.find(fake.webhookIds().get(0) + "/1")).isEmpty();
  }
}
