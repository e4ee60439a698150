package dev.redrive.baanx;

import static dev.redrive.baanx.Json.WEBHOOK_A;
import static dev.redrive.baanx.Json.WEBHOOK_B;
import static dev.redrive.baanx.Json.attempt;
import static dev.redrive.baanx.Json.attemptId;
import static dev.redrive.baanx.Json.business;
import static dev.redrive.baanx.Json.event;
import static dev.redrive.baanx.Json.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaanxLogsTest {
  private static final String EVENTS = "GET /v1/webhooks/events?limit=100";
  private static final String FAILED_EVENTS = "GET /v1/webhooks/events?status=failed&limit=100";

  private final StubBaanx baanx = new StubBaanx();
  private final BaanxClient client = baanx.client();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @Test
  void logs_whenNoWebhookIsNamed_thenMergesAllNewestFirst() {
    twoWebhooks();
    log(WEBHOOK_A, attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"));
    log(
        WEBHOOK_B,
        attempt(3, record(2), WEBHOOK_B, 1, 3, "success"),
        attempt(2, record(1), WEBHOOK_B, 1, 2, "processing"));
    baanx.answer(EVENTS, Json.events(2, event(record(1), "failed"), event(record(2), "completed")));

    List<WebhookLog> logs = list(DeliveryQuery.all());

    assertThat(logs)
        .extracting(WebhookLog::logId)
        .containsExactly(attemptId(3), attemptId(2), attemptId(1));
    assertThat(logs)
        .extracting(WebhookLog::status)
        .containsExactly(DeliveryStatus.SUCCEEDED, DeliveryStatus.PENDING, DeliveryStatus.FAILED);
    assertThat(logs.get(0).key().id()).isEqualTo(record(2) + "/" + WEBHOOK_B);
    assertThat(logs.get(0).eventId()).isEqualTo(record(2));
    assertThat(baanx.asked()).hasSize(4);
  }

  @Test
  void logs_whenAWebhookIsNamed_thenReadsThatOneOnly() {
    log(WEBHOOK_A, attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"));
    baanx.answer(EVENTS, Json.events(1, event(record(1), "failed")));

    assertThat(list(DeliveryQuery.builder().webhookId(WEBHOOK_A).build())).hasSize(1);
    assertThat(baanx.asked())
        .containsExactly("GET /v1/webhooks/" + WEBHOOK_A + "/logs?limit=100", EVENTS);
  }

  @Test
  void logs_whenTheNamedWebhookIsUnknown_thenSaysNotFound() {
    assertThatThrownBy(() -> list(DeliveryQuery.builder().webhookId(WEBHOOK_A).build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("list logs");
  }

  @Test
  void logs_whenAnEventIsNotAmongTheLatest_thenLooksThroughTheListsByStatus() {
    log(WEBHOOK_A, attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"));
    baanx
        .answer(EVENTS, Json.events(500, event(record(2), "completed")))
        .answer(FAILED_EVENTS, Json.events(300, event(record(1), "failed")));

    assertThat(ofWebhookA()).extracting(WebhookLog::eventId).containsExactly(record(1));
    assertThat(baanx.asked()).hasSize(3).contains(FAILED_EVENTS);
  }

  @Test
  void logs_whenNoListShowsTheEvent_thenItsKeyCannotBeRetried() {
    log(
        WEBHOOK_A,
        attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"),
        attempt(2, record(2), WEBHOOK_A, 1, 2, "failed"));
    baanx.answer(EVENTS, Json.events(1, event(record(2), "failed")));

    WebhookLog log = ofWebhookA().get(1);

    assertThat(log.key().id()).isEqualTo("business:" + business(record(1)) + "/" + WEBHOOK_A);
    assertThat(log.eventId()).isNull();
    assertThat(log.eventType()).isNull();
    baanx.forget();
    RetryResult result = client.retry(FailedDelivery.of(log));
    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("event's record is not known");
    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void logs_whenAttemptsNameNoEvent_thenEachIsOfADeliveryOfItsOwn() {
    log(
        WEBHOOK_A,
        attempt(1, record(1), WEBHOOK_A, 1, 1, "failed").replaceAll("\"eventId\":\"[^\"]*\",", ""),
        attempt(2, record(2), WEBHOOK_A, 1, 2, "failed")
            .replaceAll("\"eventId\":\"[^\"]*\"", "\"eventId\":null"));

    List<WebhookLog> logs = ofWebhookA();

    assertThat(logs)
        .extracting(log -> log.key().id())
        .containsExactly(
            "attempt:" + attemptId(2) + "/" + WEBHOOK_A,
            "attempt:" + attemptId(1) + "/" + WEBHOOK_A);
    assertThat(logs).extracting(WebhookLog::lineage).doesNotHaveDuplicates();
    RetryResult result = client.retry(FailedDelivery.of(logs.get(0)));
    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("event's record is not known");
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void logs_whenAWebhookIsDeletedDuringTheSweep_thenListsTheOthers() {
    String both = "[{\"id\":\"" + WEBHOOK_A + "\"},{\"id\":\"" + WEBHOOK_B + "\"}]";
    String rest = "[{\"id\":\"" + WEBHOOK_B + "\"}]";
    baanx.answers("GET /v1/webhooks", both, rest);
    log(WEBHOOK_B, attempt(1, record(1), WEBHOOK_B, 1, 1, "failed"));
    baanx.answer(EVENTS, Json.events(1, event(record(1), "failed")));

    assertThat(list(DeliveryQuery.all()))
        .extracting(WebhookLog::logId)
        .containsExactly(attemptId(1));
    assertThat(baanx.asked()).hasSize(5);
  }

  @Test
  void logs_whenTheLogOfAListedWebhookIsNotFound_thenFails() {
    twoWebhooks();
    log(WEBHOOK_B, attempt(1, record(1), WEBHOOK_B, 1, 1, "failed"));

    assertThatThrownBy(() -> list(DeliveryQuery.all())).isInstanceOf(NotFoundException.class);
    assertThat(baanx.asked()).hasSize(3);
  }

  @Test
  void logs_whenTwoEventsShareABusinessId_thenNeitherIsTakenForTheOther() {
    String twin = event(record(9), "failed").replace(business(record(9)), business(record(1)));
    log(WEBHOOK_A, attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"));
    baanx.answer(EVENTS, Json.events(2, event(record(1), "failed"), twin));

    assertThat(ofWebhookA()).extracting(WebhookLog::eventId).containsOnlyNulls();
  }

  @Test
  void logs_whenFilteredAndLimited_thenFiltersFirst() {
    log(
        WEBHOOK_A,
        attempt(3, record(2), WEBHOOK_A, 1, 3, "success"),
        attempt(2, record(1), WEBHOOK_A, 2, 2, "failed"),
        attempt(1, record(1), WEBHOOK_A, 1, 1, "failed"));
    baanx.answer(
        EVENTS,
        Json.events(
            2, event(record(1), "failed"), event(record(2), "completed", "card.activated")));

    DeliveryQuery query =
        DeliveryQuery.builder()
            .webhookId(WEBHOOK_A)
            .eventTypes("kyc.status.changed")
            .limit(1)
            .build();
    assertThat(list(query)).extracting(WebhookLog::logId).containsExactly(attemptId(2));
  }

  @Test
  void logs_whenThereAreNoAttempts_thenLooksForNoEvents() {
    log(WEBHOOK_A);

    assertThat(ofWebhookA()).isEmpty();
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void logs_whenNotIterated_thenAsksNothing() {
    client.logs(DeliveryQuery.all()).stream();

    assertThat(baanx.asked()).isEmpty();
  }

  private void twoWebhooks() {
    baanx.answer(
        "GET /v1/webhooks",
        "[{\"id\":\"" + WEBHOOK_A + "\"},{\"id\":\"" + WEBHOOK_B + "\",\"isActive\":false}]");
  }

  private void log(String webhookId, String... attempts) {
    baanx.answer(
        "GET /v1/webhooks/" + webhookId + "/logs?limit=100",
        "{\"count\":" + attempts.length + ",\"logs\":[" + String.join(",", attempts) + "]}");
  }

  private List<WebhookLog> ofWebhookA() {
    return list(DeliveryQuery.builder().webhookId(WEBHOOK_A).build());
  }

  private List<WebhookLog> list(DeliveryQuery query) {
    return client.logs(query).toList();
  }
}
