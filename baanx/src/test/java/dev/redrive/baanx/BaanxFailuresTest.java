package dev.redrive.baanx;

import static dev.redrive.baanx.Json.PAYLOAD;
import static dev.redrive.baanx.Json.SIGNATURE;
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
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaanxFailuresTest {
  private static final String EVENT = record(1);

  private final StubBaanx baanx = new StubBaanx();
  private final BaanxClient client = baanx.builder().concurrency(4).build();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @Test
  void failures_whenOneEventFailedAtTwoWebhooks_thenListsADeliveryForEach() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
            attempt(2, EVENT, WEBHOOK_B, 1, 1, "failed"));

    List<FailedDelivery> failures = list(DeliveryQuery.all());

    assertThat(failures)
        .extracting(d -> d.key().id())
        .containsExactly(EVENT + "/" + WEBHOOK_A, EVENT + "/" + WEBHOOK_B);
    FailedDelivery first = failures.get(0);
    assertThat(first.lineage()).isEqualTo(first.key().id());
    assertThat(first.latest().logId()).isEqualTo(attemptId(1));
    assertThat(first.latest().eventId()).isEqualTo(EVENT).isNotEqualTo(business(EVENT));
    assertThat(first.latest().eventType()).isEqualTo("kyc.status.changed");
    assertThat(first.latest().webhookId()).isEqualTo(WEBHOOK_A);
    assertThat(first.latest().createdAt()).isEqualTo(Instant.parse("2025-12-29T10:01:00Z"));
    assertThat(first.cause()).isEqualTo(FailureCause.SERVER_ERROR);
    assertThat(baanx.asked())
        .containsExactly(
            "GET /v1/webhooks/events?status=failed&limit=100",
            "GET /v1/webhooks/events/" + EVENT + "/logs");
  }

  @Test
  void failures_whenAWebhookGotTheEvent_thenLeavesItOut() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
            attempt(2, EVENT, WEBHOOK_A, 2, 2, "success"),
            attempt(3, EVENT, WEBHOOK_B, 1, 1, "failed"));

    assertThat(webhooks(list(DeliveryQuery.all()))).containsExactly(WEBHOOK_B);
  }

  @Test
  void failures_whenALaterAttemptFailedAtAWebhookThatGotTheEventBefore_thenLeavesItOut() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(1, EVENT, WEBHOOK_A, 1, 1, "success"),
            attempt(2, EVENT, WEBHOOK_A, 2, 9, "failed"));

    assertThat(list(DeliveryQuery.all())).isEmpty();
  }

  @Test
  void failures_whenAManualRetryCountsFromOneAgain_thenItsTimeMakesItTheNewest() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(9, EVENT, WEBHOOK_A, 1, 30, "failed"),
            attempt(6, EVENT, WEBHOOK_A, 6, 20, "failed"),
            attempt(5, EVENT, WEBHOOK_A, 5, 10, "failed"));

    assertThat(list(DeliveryQuery.all()))
        .extracting(d -> d.latest().logId())
        .containsExactly(attemptId(9));
  }

  @Test
  void failures_whenTheNewestAttemptIsUnderWayOrUnknown_thenLeavesItOut() {
    for (String status : List.of("pending", "processing", "a-new-word")) {
      baanx
          .failed(1, event(EVENT, "failed"))
          .eventLog(
              EVENT,
              attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
              attempt(2, EVENT, WEBHOOK_A, 2, 2, status));

      assertThat(list(DeliveryQuery.all())).as(status).isEmpty();
    }
  }

  @Test
  void failures_whenTheEventIsUnderWayAgainWithoutANewAttempt_thenLeavesItOutUntilDone() {
    String attempt = attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed");
    baanx.failed(2, event(EVENT, "failed"), event(record(2), "failed"));
    baanx.eventLog(record(2), attempt(2, record(2), WEBHOOK_A, 1, 1, "failed"));

    for (String status : List.of("pending", "PROCESSING")) {
      baanx.eventLogIn(status, EVENT, attempt);

      assertThat(list(DeliveryQuery.all()))
          .as(status)
          .extracting(each -> each.latest().eventId())
          .containsExactly(record(2));
    }
    for (String status : List.of("failed", "completed", "a-new-word")) {
      baanx.eventLogIn(status, EVENT, attempt);

      assertThat(list(DeliveryQuery.all())).as(status).hasSize(2);
    }
  }

  @Test
  void failures_whenBaanxWillRetryByItself_thenListsItOnlyOnRequestAndMarked() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT, attempt(1, EVENT, WEBHOOK_A, 2, 5, "failed", "\"2025-12-29T12:30:00.000Z\""));

    assertThat(list(DeliveryQuery.all())).isEmpty();
    assertThat(list(DeliveryQuery.builder().includeProviderRetries().build()))
        .extracting(FailedDelivery::providerRetriesAt)
        .containsExactly(Instant.parse("2025-12-29T12:30:00Z"));
  }

  @Test
  void failures_whenALimitIsSet_thenReadsNoMoreLogsThanItTakes() {
    seedEvents(12);

    List<FailedDelivery> three = list(DeliveryQuery.builder().limit(3).build());

    assertThat(three).hasSize(3);
    assertThat(baanx.asked()).hasSize(1 + 3);
  }

  @Test
  void failures_whenTheCallerStopsEarly_thenReadsOneWindowOfLogs() {
    seedEvents(12);

    assertThat(client.failures(DeliveryQuery.all()).first()).isPresent();

    assertThat(baanx.asked()).hasSize(1 + 4);
  }

  @Test
  void failures_whenNotIterated_thenAsksNothing() {
    client.failures(DeliveryQuery.all());
    client.failures(DeliveryQuery.all()).stream();

    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void failures_whenFilteredByEventType_thenReadsNoLogOfOtherEvents() {
    baanx
        .failed(2, event(record(1), "failed", "card.activated"), event(record(2), "failed"))
        .eventLog(record(2), attempt(1, record(2), WEBHOOK_A, 1, 1, "failed"));

    assertThat(list(DeliveryQuery.builder().eventTypes("kyc.status.changed").build())).hasSize(1);
    assertThat(baanx.asked()).hasSize(2);
  }

  @Test
  void failures_whenFilteredByTime_thenGoesByTheAttempt() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
            attempt(2, EVENT, WEBHOOK_B, 1, 40, "failed"));

    Instant half = Instant.parse("2025-12-29T10:30:00Z");
    assertThat(webhooks(list(DeliveryQuery.since(half)))).containsExactly(WEBHOOK_B);
    assertThat(webhooks(list(DeliveryQuery.builder().until(half).build())))
        .containsExactly(WEBHOOK_A);
  }

  @Test
  void failures_whenTheClientOrTheQueryNamesAWebhook_thenListsThatOneOnly() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(
            EVENT,
            attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
            attempt(2, EVENT, WEBHOOK_B, 1, 1, "failed"));
    DeliveryQuery atA = DeliveryQuery.builder().webhookId(WEBHOOK_A).build();

    try (BaanxClient ofB = baanx.builder().webhookId(WEBHOOK_B).build()) {
      assertThat(webhooks(ofB.failures(DeliveryQuery.all()).toList())).containsExactly(WEBHOOK_B);
      assertThat(webhooks(ofB.failures(atA).toList())).containsExactly(WEBHOOK_A);
    }
  }

  @Test
  void failures_whenTheQuerysWebhookIsNoUuid_thenSaysSoWithoutARequest() {
    assertThatThrownBy(() -> list(DeliveryQuery.builder().webhookId("../events").build()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("webhook id is not a UUID");
    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void failures_whenAnEventIsGoneMeanwhile_thenGoesOnWithTheOthers() {
    baanx
        .failed(2, event(record(1), "failed"), event(record(2), "failed"))
        .eventLog(record(2), attempt(1, record(2), WEBHOOK_A, 1, 1, "failed"));

    assertThat(list(DeliveryQuery.all())).hasSize(1);
  }

  @Test
  void failures_whenAnEventsLogIsMissingButNotTheEvent_thenFailsInsteadOfLeavingItOut() {
    baanx
        .failed(2, event(record(1), "failed"), event(record(2), "failed"))
        .eventLog(record(2), attempt(1, record(2), WEBHOOK_A, 1, 1, "failed"))
        .answer("GET /v1/webhooks/events/" + record(1) + "/status", event(record(1), "failed"));

    assertThatThrownBy(() -> list(DeliveryQuery.all()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("read event logs");
  }

  @Test
  void failures_whenNotOneOfTheListedEventsIsThere_thenFailsInsteadOfListingNone() {
    baanx.failed(2, event(record(1), "failed"), event(record(2), "failed"));

    assertThatThrownBy(() -> list(DeliveryQuery.all()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("read event logs");
  }

  @Test
  void failures_whenTheAnswerHoldsNoList_thenIsMalformedAndNotEmpty() {
    baanx.answer("GET /v1/webhooks/events?status=failed&limit=100", "{\"total\":3}");

    assertThatThrownBy(() -> list(DeliveryQuery.all()))
        .isInstanceOf(MalformedResponseException.class);
  }

  @Test
  void outOfSight_whenMoreFailedThanAreListed_thenIsTheRest() {
    baanx.failed(250, event(record(1), "failed"), event(record(2), "failed"));

    assertThat(client.outOfSight()).isEqualTo(248);
    assertThat(baanx.asked()).containsExactly("GET /v1/webhooks/events?status=failed&limit=100");
  }

  @Test
  void outOfSight_whenAllAreListedOrTheTotalIsNotTold_thenIsZero() {
    baanx.failed(1, event(record(1), "failed"));
    assertThat(client.outOfSight()).isZero();

    baanx.answer("GET /v1/webhooks/events?status=failed&limit=100", "{\"events\":[]}");
    assertThat(client.outOfSight()).isZero();
  }

  @Test
  void failures_whenShown_thenNeitherSignatureNorPayloadIsInTheirText() {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(EVENT, attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"));

    FailedDelivery delivery = list(DeliveryQuery.all()).get(0);

    assertThat(delivery.toString()).doesNotContain(SIGNATURE, PAYLOAD);
    assertThat(delivery.latest().json().text()).startsWith("{").endsWith("}").contains(SIGNATURE);
    assertThat(BaanxClient.businessEventId(delivery.latest())).isEqualTo(business(EVENT));
  }

  private void seedEvents(int count) {
    baanx.failed(
        count,
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> event(record(i), "failed"))
            .toArray(String[]::new));
    for (int i = 1; i <= count; i++) {
      baanx.eventLog(record(i), attempt(i, record(i), WEBHOOK_A, 1, 1, "failed"));
    }
  }

  private List<FailedDelivery> list(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private static List<String> webhooks(List<FailedDelivery> failures) {
    return failures.stream().map(d -> d.latest().webhookId()).toList();
  }
}
