package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoisoV4ListingTest {
  private static final String FAILURES = "GET /api/v4/tasks/webhook_failures";

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v4();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void aFailureTellsWhatTheRecordTells() {
    stub.withFailures(1);

    FailedDelivery delivery = only(failures(DeliveryQuery.all()));

    WebhookLog log = delivery.latest();
    assertThat(delivery.key()).isEqualTo(new DeliveryKey("voiso", "acc", "0001"));
    assertThat(delivery.cause()).isEqualTo(FailureCause.NO_RESPONSE);
    assertThat(log.eventType()).isEqualTo("call.ended");
    assertThat(log.webhookId()).isEqualTo("0b97ce11-b6e0-49b4-8f92-68040aa324bf");
    assertThat(log.webhookName()).isEqualTo("CRM call events");
    assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(log.providerStatus()).isEqualTo("inactive");
    assertThat(log.error()).isEqualTo("Connection timeout");
    assertThat(log.createdAt()).isEqualTo(StubVoiso.CREATED);
    assertThat(log.attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED);
    assertThat(log.lineage()).isEqualTo("failure/0001");
    assertThat(log.json().text()).startsWith("{\"id\": \"0001\"").endsWith("}");
    assertThat(stub.lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer k3y");
  }

  @Test
  void idsMayBeNumbersAndFieldsMayBeOddOrMissing() {
    stub.next(
        200,
        """
        {"webhook_failures": [
          {"id": 17, "event": {"name": "x"}, "status": "inactive", "webhook": {"id": 5}},
          {"id": "a/b c", "status": "inactive", "webhook": "w", "last_attempt_at": "yesterday",
           "updated_at": "2026-03-15T10:32:14Z"}]}
        """);

    List<FailedDelivery> failures = failures(DeliveryQuery.all());

    assertThat(failures).extracting(each -> each.key().id()).containsExactly("17", "a/b c");
    assertThat(failures.get(0).latest().webhookId()).isEqualTo("5");
    assertThat(failures.get(0).latest().eventType()).isNull();
    assertThat(failures.get(1).latest().webhookId()).isNull();
    assertThat(failures.get(1).latest().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED);
  }

  @ParameterizedTest
  @CsvSource({"'[{\"id\": null}]'", "'[null]'", "'[{\"event\": \"x\"}]'", "'[7]'"})
  void aRowWithoutIdIsLeftOutAndCounted(String rows) {
    stub.next(200, "{\"webhook_failures\": " + rows + "}");
    Listing<FailedDelivery> failures = client.failures(DeliveryQuery.all());

    assertThat(failures).isEmpty();
    assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @ParameterizedTest
  @CsvSource({"'null'", "'{}'", "'7'"})
  void anAnswerWithoutRowsFailsTheListing(String rows) {
    stub.next(200, "{\"webhook_failures\": " + rows + "}");

    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("Voiso: list failures failed");
  }

  @Test
  void timesAreFilteredByVoisoAndTheRestHere() {
    stub.withFailures(10);
    stub.row("0003").event = "sms.received";
    stub.row("0004").event = "sms.received";
    stub.row("0004").webhook = "11111111-b6e0-49b4-8f92-68040aa324bf";
    stub.row("0005").reason = "HTTP 503";

    DeliveryQuery query =
        DeliveryQuery.builder()
            .since(StubVoiso.CREATED.minusSeconds(7))
            .until(StubVoiso.CREATED)
            .build();

    assertThat(ids(query)).containsExactly("0002", "0003", "0004", "0005", "0006", "0007", "0008");
    assertThat(stub.requests())
        .containsExactly(
            FAILURES
                + "?created_at[gte]=2026-03-15T09:59:53Z&created_at[lt]=2026-03-15T10:00:00Z"
                + "&offset=0&limit=100");
    assertThat(ids(query.toBuilder().eventTypes("sms.received").build()))
        .containsExactly("0003", "0004");
    assertThat(ids(query.toBuilder().causes(FailureCause.SERVER_ERROR).build()))
        .containsExactly("0005");
    assertThat(ids(query.toBuilder().webhookId("11111111-b6e0-49b4-8f92-68040aa324bf").build()))
        .containsExactly("0004");
    assertThat(ids(query.toBuilder().limit(2).build())).containsExactly("0002", "0003");
  }

  @Test
  void theClientsWebhookIsListedWhereTheQueryNamesNone() {
    stub.withFailures(3);
    stub.row("0002").webhook = "11111111-b6e0-49b4-8f92-68040aa324bf";
    try (var one = stub.builder().webhookId("11111111-b6e0-49b4-8f92-68040aa324bf").build()) {
      assertThat(one.failures(DeliveryQuery.all()).stream().map(each -> each.key().id()))
          .containsExactly("0002");
    }
  }

  @Test
  void whatIsUnderWayOrDeliveredIsLeftOutAndAnUnknownStatusIsNot() {
    stub.withFailures(6);
    stub.row("0001").status = "pending";
    stub.row("0002").status = "active";
    stub.row("0003").status = "delivered";
    stub.row("0004").status = "quarantined";

    List<FailedDelivery> failures = failures(DeliveryQuery.all());

    assertThat(failures)
        .extracting(each -> each.key().id())
        .containsExactly("0004", "0005", "0006");
    assertThat(failures.get(0).latest().status()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(failures.get(0).latest().providerStatus()).isEqualTo("quarantined");
  }

  @Test
  void aLimitWithinTheFirstPageCostsOneRequest() {
    stub.withFailures(500);

    assertThat(ids(DeliveryQuery.builder().limit(100).build())).hasSize(100);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void listingAndRetryingAsOneGoesNeitherSkipsNorDoubles() {
    try (var fake = FakeVoiso.start();
        var client = VoisoClient.builder().baseUrl(fake.baseUrl()).apiKey(fake.apiKey()).build()) {
      List<String> ids = fake.failures(500);
      var retried = new ArrayList<String>();

      for (FailedDelivery delivery : client.failures(DeliveryQuery.all())) {
        assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
        retried.add(delivery.key().id());
      }

      assertThat(retried).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(500);
      assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(20);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void webhooksAreListed() {
    stub.next(
        200,
        """
        {"webhooks": [{"id": "w1", "name": "CRM", "url": "https://example.com/hook?token=t",
          "headers": {"X-Secret": "s"}, "events": ["call.ended", null]}, {"id": "w2"}],
         "metadata": {"total": 2}}
        """);

    assertThat(client.webhooks())
        .containsExactly(
            new Webhook(
                "w1", "CRM", "https://example.com/hook?token=t", null, null, Set.of("call.ended")),
            new Webhook("w2", null, null, null, null, Set.of()));
    assertThat(stub.requests()).containsExactly("GET /api/v4/tasks/webhooks?offset=0&limit=100");
  }

  @Test
  void logsAreNotSupported() {
    assertThat(client.traits().can(Capability.LOGS)).isFalse();
    assertThatThrownBy(() -> client.logs(DeliveryQuery.all()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("Voiso")
        .hasMessageContaining("logs");
    assertThat(stub.requests()).isEmpty();
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private List<String> ids(DeliveryQuery query) {
    return failures(query).stream().map(each -> each.key().id()).toList();
  }

  /** As the ledger may rebuild it: no times. */
  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
