package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.Endpoint;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class Chatt2meMapperTest extends ListingFixture {
  @Test
  void failedLogsAreFailedUnderTheirOlderNameToo() {
    restart(FakeChatt2me.builder().legacyStatusNames(true));
    List<String> seeded = fake.failures(10);
    try (var client = builder().build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).toList();
      assertThat(ids(failures)).containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(failures.get(0).latest().providerStatus()).isEqualTo("Error");
    }
  }

  @Test
  void missingAnswerOfTheEndpointHasNoHttpStatus() {
    fake.delivery().status(Endpoint.NO_ANSWER).add();
    fake.delivery().status(Endpoint.NO_ANSWER).add();
    fake.delivery().status(503).add();
    try (var client = builder().build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).toList();
      assertThat(failures)
          .extracting(d -> d.latest().httpStatus())
          .containsExactlyInAnyOrder(null, null, 503);
      assertThat(failures)
          .extracting(FailedDelivery::cause)
          .containsExactlyInAnyOrder(
              FailureCause.NO_RESPONSE, FailureCause.NO_RESPONSE, FailureCause.SERVER_ERROR);
    }
  }

  @Test
  void logTellsAllThatTheProviderDoes() {
    String id = fake.delivery().status(500).at(Instant.parse("2026-03-01T10:00:00Z")).add();
    try (var client = builder().account("acme").build()) {
      WebhookLog log = client.failures(DeliveryQuery.all()).first().orElseThrow().latest();
      assertThat(log.key().toString()).isEqualTo("chatt2me:acme:" + id);
      assertThat(log.logId()).isEqualTo(id);
      assertThat(log.webhookId()).isEqualTo(fake.webhookIds().get(0));
      assertThat(log.webhookName()).isEqualTo("Webhook 1");
      assertThat(log.endpoint()).isEqualTo("https://receiver.example.com/webhooks/chatt2me/1");
      assertThat(log.eventType()).isEqualTo("Message");
      assertThat(log.eventId()).hasSize(36);
      assertThat(log.lineage()).isEqualTo(log.webhookId() + "/" + log.eventId());
      assertThat(log.httpStatus()).isEqualTo(500);
      assertThat(log.createdAt()).isEqualTo("2026-03-01T10:00:00Z");
      assertThat(log.attemptedAt()).isEqualTo("2026-03-01T10:00:00Z");
      assertThat(log.json().text()).startsWith("{\"id\":\"" + id).endsWith("}");
    }
  }

  @Test
  void statusEventsOfOneMessageAreSeparateLineages() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).add();
    String read = fake.delivery().webhook(webhook).sameMessageAs(sent).add();
    try (var client = builder().build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).toList();
      assertThat(failures)
          .extracting(d -> d.latest().eventId())
          .containsOnly(failures.get(0).latest().eventId());
      assertThat(failures)
          .extracting(FailedDelivery::lineage)
          .containsExactlyInAnyOrder(sent, read);
    }
  }

  @Test
  void sparseLogStillNamesItsWebhook() {
    answerWithLogs("{\"id\":\"00000000-0000-4000-8000-000000000001\",\"status\":\"failed\"}", 1);
    String webhook = fake.webhookIds().get(0);
    try (var client = builder().webhookId(webhook).build()) {
      WebhookLog log = client.failures(DeliveryQuery.all()).first().orElseThrow().latest();
      assertThat(log.webhookId()).isEqualTo(webhook);
      assertThat(log.lineage()).isEqualTo(log.logId());
      assertThat(log.createdAt()).isNull();
    }
  }

  @Test
  void responseBodyIsKeptAsTextEvenIfItIsJson() {
    answerWithLogs(
        """
        {"id":"00000000-0000-4000-8000-000000000001","status":"Failed","responseBody":{"a":1}},
        {"id":"00000000-0000-4000-8000-000000000002","status":"Failed","responseBody":"no"},
        {"id":"00000000-0000-4000-8000-000000000003","status":"Failed","responseBody":null}
        """,
        3);
    try (var client = builder().webhookId(fake.webhookIds().get(0)).build()) {
      assertThat(client.logs(DeliveryQuery.all()))
          .extracting(WebhookLog::responseBody)
          .containsExactly("{\"a\":1}", "no", null);
    }
  }

  @Test
  void webhookTellsItsErrorsAndWhetherItIsVerified() {
    fake.failures(30);
    String id = fake.webhookIds().get(0);
    fake.setActive(id, false);
    try (var client = builder().build()) {
      Chatt2meWebhook webhook = client.webhook(id);
      assertThat(webhook.id()).isEqualTo(id);
      assertThat(webhook.label()).isEqualTo("Webhook 1");
      assertThat(webhook.active()).isFalse();
      assertThat(webhook.isVerified()).isTrue();
      assertThat(webhook.eventType()).isEqualTo("Message");
      assertThat(webhook.numberOfErrors()).isPositive();
      assertThat(webhook.createdDate()).isEqualTo("2026-01-01T00:00:00Z");
      assertThat(client.webhookDetails()).hasSize(3).contains(webhook);
      Webhook neutral = client.webhooks().get(0);
      assertThat(neutral.name()).isEqualTo("Webhook 1");
      assertThat(neutral.errorCount()).isEqualTo(webhook.numberOfErrors());
      assertThat(neutral.eventTypes()).containsExactly("Message");
    }
  }

  private void answerWithLogs(String rows, int total) {
    fake.faults()
        .on(Operation.LIST)
        .inject(
            Fault.answer(
                200,
                "application/json",
                "{\"data\":[" + rows + "],\"pagination\":{\"total\":" + total + "}}"));
  }
}
