package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.RetryResult.Status;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Chatt2meRetriesTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private final FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();
  private final Chatt2meClient client =
      Chatt2meClient.builder()
          .apiKey(fake.apiKey())
          .baseUrl(fake.baseUrl())
          .timeSource(time)
          .build();

  @AfterEach
  void stop() {
    client.close();
    fake.close();
  }

  private List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  private FailedDelivery failure(String id) {
    return failures().stream().filter(d -> d.key().id().equals(id)).findFirst().orElseThrow();
  }

  private FailedDelivery delivery(String id, String webhookId) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("chatt2me", client.account(), id), DeliveryStatus.FAILED)
            .webhook(webhookId, null, null)
            .build());
  }

  @Test
  void singleRetryNamesTheNewLog() {
    fake.failures(1);
    FailedDelivery failed = failures().get(0);
    RetryResult result = client.retry(failed);
    assertThat(result.status()).isEqualTo(Status.ACCEPTED);
    assertThat(result.newLogId()).hasSize(36).isNotEqualTo(failed.key().id());
    assertThat(result.requestedAt()).isEqualTo(time.now());
    assertThat(fake.requests(Operation.RETRY))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.path()).endsWith("/webhook-log/" + failed.key().id() + "/retry");
              assertThat(request.bodySize()).isZero();
            });
  }

  @Test
  void refusedSingleRetryTellsTheProvidersReason() {
    fake.successes(1);
    WebhookLog succeeded = client.logs(DeliveryQuery.all()).first().orElseThrow();
    RetryResult result = client.retry(FailedDelivery.of(succeeded));
    assertThat(result.status()).isEqualTo(Status.REJECTED);
    assertThat(result.reason()).contains("Webhook log cannot be retried");
  }

  @Test
  void manyAreRetriedInBatchesOfFiftyByWebhookAndAnsweredInOrder() {
    fake.failures(400);
    var shuffled = new ArrayList<>(failures());
    Collections.shuffle(shuffled, new Random(1));
    long batches =
        fake.webhookIds().stream()
            .mapToLong(
                id ->
                    (shuffled.stream().filter(d -> id.equals(d.latest().webhookId())).count() + 49)
                        / 50)
            .sum();

    List<RetryResult> results = client.retryAll(shuffled);

    assertThat(results).extracting(RetryResult::delivery).isEqualTo(shuffled);
    assertThat(results).extracting(RetryResult::status).containsOnly(Status.ACCEPTED);
    assertThat(results).extracting(RetryResult::newLogId).doesNotHaveDuplicates();
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(batches);
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().resends()).isEqualTo(400);
  }

  @Test
  void deliveryGivenTwiceIsSentOnce() {
    fake.failures(2);
    List<FailedDelivery> two = failures();
    FailedDelivery shouted =
        delivery(two.get(0).key().id().toUpperCase(Locale.ROOT), two.get(0).latest().webhookId());
    List<RetryResult> results =
        client.retryAll(List.of(two.get(0), two.get(1), two.get(0), shouted));
    assertThat(results.get(2)).isEqualTo(results.get(0));
    assertThat(results.get(3)).isEqualTo(results.get(0));
    assertThat(results.get(1).newLogId()).isNotEqualTo(results.get(0).newLogId());
    assertThat(fake.endpoint().resends()).isEqualTo(2);
  }

  @Test
  void eventWhoseFailedRetryIsListedTooIsSentOnce() {
    fake.endpoint().down(500);
    String first = fake.delivery().at(time.now().minusSeconds(60)).add();
    String other = fake.delivery().at(time.now().minusSeconds(60)).add();
    String second = client.retry(failure(first)).newLogId();
    fake.endpoint().up();
    List<FailedDelivery> all = failures();
    assertThat(all).extracting(d -> d.key().id()).contains(first, second, other).hasSize(3);

    List<RetryResult> results = client.retryAll(all);

    assertThat(fake.endpoint().resends()).isEqualTo(3);
    for (RetryResult result : results) {
      String id = result.key().id();
      assertThat(result.status()).isEqualTo(id.equals(first) ? Status.REJECTED : Status.ACCEPTED);
      if (id.equals(first)) {
        assertThat(result.reason())
            .contains("newer failed attempt of the same event, log " + second);
      }
    }
  }

  @Test
  void severalStatusEventsOfOneMessageAreAllSent() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).add();
    fake.delivery().webhook(webhook).sameMessageAs(sent).add();

    assertThat(client.retryAll(failures()))
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.ACCEPTED);
  }

  @Test
  void newerAttemptOfAnotherAccountDoesNotHideAnEvent() {
    FailedDelivery own = failure(fake.delivery().at(time.now().minusSeconds(60)).add());
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(
                    new DeliveryKey("chatt2me", "elsewhere", UUID.randomUUID().toString()),
                    DeliveryStatus.FAILED)
                .webhook(own.latest().webhookId(), null, null)
                .lineage(own.lineage())
                .createdAt(time.now())
                .build());

    assertThat(client.retryAll(List.of(own, foreign)))
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.REJECTED);
  }

  @Test
  void bulkAnswerIsMatchedByIdAndNotByPosition() {
    List<String> ids = seedOnOneWebhook(4);
    answerRetry(
        """
        {"results":[
          {"webhookLogId":"%s","success":false,"newLogId":null},
          {"webhookLogId":"%s","success":true,"newLogId":"00000000-0000-4000-8000-00000000000a"},
          {"webhookLogId":"00000000-0000-4000-8000-0000000000ff","success":true,"newLogId":null},
          {"webhookLogId":"%s"}
        ]}
        """
            .formatted(ids.get(2), ids.get(0).toUpperCase(Locale.ROOT), ids.get(3)));
    List<RetryResult> results =
        client.retryAll(ids.stream().map(id -> delivery(id, fake.webhookIds().get(0))).toList());
    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.UNKNOWN, Status.REJECTED, Status.UNKNOWN);
    assertThat(results.get(0).newLogId()).isEqualTo("00000000-0000-4000-8000-00000000000a");
    assertThat(results.get(1).reason()).contains("the response does not mention this log");
    assertThat(results.get(2).reason()).contains("cannot be retried");
    assertThat(results.get(3).reason()).contains("does not say");
  }

  @Test
  void newLogIsAnAttemptThoughTheAnswerSaysNoSuccess() {
    String id = seedOnOneWebhook(1).get(0);
    answerRetry("{\"success\":false,\"newLogId\":\"00000000-0000-4000-8000-00000000000a\"}");
    RetryResult result = client.retry(delivery(id, fake.webhookIds().get(0)));
    assertThat(result.status()).isEqualTo(Status.ACCEPTED);
    assertThat(result.newLogId()).isEqualTo("00000000-0000-4000-8000-00000000000a");
  }

  @Test
  void oneBadItemDoesNotSpoilItsBatch() {
    List<String> ids = seedOnOneWebhook(2);
    String webhook = fake.webhookIds().get(0);
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(
                    new DeliveryKey("chatt2me", "elsewhere", ids.get(0)), DeliveryStatus.FAILED)
                .webhook(webhook, null, null)
                .build());
    List<RetryResult> results =
        client.retryAll(
            List.of(
                delivery("12345", webhook),
                delivery(ids.get(0), webhook),
                foreign,
                delivery(UUID.randomUUID().toString(), webhook),
                delivery(ids.get(1), null),
                delivery(ids.get(1), webhook)));
    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            Status.REJECTED,
            Status.ACCEPTED,
            Status.REJECTED,
            Status.REJECTED,
            Status.REJECTED,
            Status.ACCEPTED);
    assertThat(results.get(0).reason()).contains("not a UUID");
    assertThat(results.get(2).reason()).contains("belongs to chatt2me at elsewhere");
    assertThat(results.get(4).reason()).contains("pass both");
    assertThat(fake.requests(Operation.RETRY))
        .singleElement()
        .satisfies(request -> assertThat(request.ids()).hasSize(3));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void lostAnswerLeavesTheRetryUnknownAndIsNotSentAgain(int deliveries) {
    List<String> ids = seedOnOneWebhook(deliveries);
    fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
    List<RetryResult> results =
        client.retryAll(ids.stream().map(id -> delivery(id, fake.webhookIds().get(0))).toList());
    assertThat(results).extracting(RetryResult::status).containsOnly(Status.UNKNOWN);
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(1);
    assertThat(fake.endpoint().resends()).isEqualTo(deliveries);
  }

  @Test
  void webhookThatIsGoneRejectsItsOwnDeliveriesOnly() {
    List<String> ids = seedOnOneWebhook(2);
    String gone = UUID.randomUUID().toString();
    List<RetryResult> results =
        client.retryAll(
            List.of(
                delivery(UUID.randomUUID().toString(), gone),
                delivery(ids.get(0), fake.webhookIds().get(0)),
                delivery(UUID.randomUUID().toString(), gone),
                delivery(ids.get(1), fake.webhookIds().get(0))));
    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.REJECTED, Status.ACCEPTED, Status.REJECTED, Status.ACCEPTED);
    assertThat(results.get(0).reason()).contains("Webhook not found");
  }

  @Test
  void nothingIsAskedForNothing() {
    assertThat(client.retryAll(List.of())).isEmpty();
    assertThat(client.outcomes(List.of())).isEmpty();
    assertThat(fake.requestCount()).isZero();
  }

  private List<String> seedOnOneWebhook(int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(fake.delivery().add());
    }
    return ids;
  }

  private void answerRetry(String json) {
    fake.faults().on(Operation.RETRY).inject(Fault.answer(200, "application/json", json));
  }
}
