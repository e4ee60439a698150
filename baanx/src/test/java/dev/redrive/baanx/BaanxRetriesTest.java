package dev.redrive.baanx;

import static dev.redrive.baanx.Json.WEBHOOK_A;
import static dev.redrive.baanx.Json.WEBHOOK_B;
import static dev.redrive.baanx.Json.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaanxRetriesTest {
  private static final String EVENT = record(1);

  private final StubBaanx baanx = new StubBaanx();
  private final BaanxClient client = baanx.client();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @Test
  void retry_whenQueued_thenIsAcceptedAndNamesTheRecordAndTheOneWebhook() {
    answerRetry(EVENT, queued(1));

    RetryResult result = client.retry(delivery(EVENT, WEBHOOK_A));

    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(result.newLogId()).isNull();
    assertThat(result.reason()).isNull();
    assertThat(result.requestedAt()).isEqualTo(baanx.time.now());
    assertThat(baanx.asked()).containsExactly("POST /v1/webhooks/events/" + EVENT + "/retry");
    RecordedRequest request = baanx.requests().get(0);
    assertThat(request.getBody().utf8()).isEqualTo("{\"webhookId\":\"" + WEBHOOK_A + "\"}");
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
  }

  @Test
  void retryAll_whenADeliveryComesInTwoSpellings_thenIsSentOnce() {
    answerRetry(EVENT, queued(1));

    List<RetryResult> results =
        client.retryAll(
            List.of(
                delivery(EVENT.toUpperCase(Locale.ROOT), WEBHOOK_A.toUpperCase(Locale.ROOT)),
                delivery(EVENT, WEBHOOK_A)));

    assertThat(results).extracting(RetryResult::status).containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(baanx.asked()).containsExactly("POST /v1/webhooks/events/" + EVENT + "/retry");
  }

  @Test
  void retry_whenBaanxQueuedItForNoWebhookOrSaysNo_thenIsRejectedWithItsWords() {
    answerRetry(EVENT, queued(0));
    assertThat(client.retry(delivery(EVENT, WEBHOOK_A)))
        .returns(RetryResult.Status.REJECTED, RetryResult::status)
        .returns("Baanx queued nothing: Event queued for 0", RetryResult::reason);

    answerRetry(EVENT, "{\"success\":false,\"data\":{\"message\":\"no\\u001b[31m\"}}");
    assertThat(client.retry(delivery(EVENT, WEBHOOK_A)))
        .returns(RetryResult.Status.REJECTED, RetryResult::status)
        .returns("Baanx queued nothing: no [31m", RetryResult::reason);
  }

  @Test
  void retry_whenTheAnswerDoesNotSayWhetherItWasQueued_thenIsUnknown() {
    answerRetry(EVENT, "{}");

    assertThat(client.retry(delivery(EVENT, WEBHOOK_A)).status())
        .isEqualTo(RetryResult.Status.UNKNOWN);
  }

  @Test
  void retry_whenBaanxRefuses_thenIsRejectedWithItsMessage() {
    baanx.answer(
        "POST /v1/webhooks/events/" + EVENT + "/retry",
        StubBaanx.json(400, "{\"message\":\"webhookId must be a valid UUID\"}"));

    RetryResult result = client.retry(delivery(EVENT, WEBHOOK_A));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("retry event", "webhookId must be a valid UUID");
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void retry_whenTheAnswerIsLost_thenIsUnknownAndWentOutOnce() {
    baanx.answer(
        "POST /v1/webhooks/events/" + EVENT + "/retry",
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());

    RetryResult result = client.retry(delivery(EVENT, WEBHOOK_A));

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void retryAll_whenSomeCannotBeNamedToBaanx_thenRejectsThoseAndSendsTheRest() {
    answerRetry(EVENT, queued(1));
    FailedDelivery foreign = delivery(new DeliveryKey("voiso", "test", EVENT + "/" + WEBHOOK_A));
    FailedDelivery otherAccount =
        delivery(new DeliveryKey("baanx", "other", EVENT + "/" + WEBHOOK_A));
    FailedDelivery noPair = delivery(new DeliveryKey("baanx", "test", EVENT));
    FailedDelivery noUuid = delivery("../../admin", WEBHOOK_A);

    List<RetryResult> results =
        client.retryAll(List.of(foreign, otherAccount, noPair, noUuid, delivery(EVENT, WEBHOOK_A)));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.REJECTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED);
    assertThat(results.get(0).reason()).contains("voiso");
    assertThat(results.get(1).reason()).contains("other");
    assertThat(results.get(2).reason()).contains("two UUIDs");
    assertThat(baanx.asked()).hasSize(1);
  }

  @Test
  void retryAll_whenADeliveryComesTwice_thenItIsSentOnceForBoth() {
    answerRetry(EVENT, queued(1));

    List<RetryResult> results =
        client.retryAll(
            List.of(
                delivery(EVENT, WEBHOOK_A),
                delivery(EVENT, WEBHOOK_B),
                delivery(EVENT, WEBHOOK_A)));

    assertThat(results.get(2)).isSameAs(results.get(0));
    assertThat(baanx.requests())
        .extracting(request -> request.getBody().utf8())
        .containsExactlyInAnyOrder(
            "{\"webhookId\":\"" + WEBHOOK_A + "\"}", "{\"webhookId\":\"" + WEBHOOK_B + "\"}");
  }

  @Test
  void retryAll_whenTheKeyIsRefused_thenTheRestIsNotSent() {
    try (BaanxClient one = baanx.builder().concurrency(1).build()) {
      baanx.answer(
          "POST /v1/webhooks/events/" + record(2) + "/retry",
          StubBaanx.json(401, "{\"message\":\"Not authenticated\"}"));
      answerRetry(record(1), queued(1));

      List<RetryResult> results =
          one.retryAll(
              IntStream.rangeClosed(1, 4).mapToObj(i -> delivery(record(i), WEBHOOK_A)).toList());

      assertThat(results)
          .extracting(RetryResult::status)
          .containsExactly(
              RetryResult.Status.ACCEPTED,
              RetryResult.Status.NOT_SENT,
              RetryResult.Status.NOT_SENT,
              RetryResult.Status.NOT_SENT);
      assertThat(results.get(1).error()).isInstanceOf(AuthenticationException.class);
      assertThat(baanx.asked()).hasSize(2);
    }
  }

  @Test
  void retryToAllWebhooks_whenQueued_thenSendsNeitherBodyNorContentType() {
    answerRetry(EVENT, queued(2));

    BaanxEventRetry retry = client.retryToAllWebhooks(EVENT);

    assertThat(retry)
        .isEqualTo(new BaanxEventRetry(EVENT, RetryResult.Status.ACCEPTED, 2, null, null));
    RecordedRequest request = baanx.requests().get(0);
    assertThat(request.getBodySize()).isZero();
    assertThat(request.getHeaders().get("Content-Type")).isNull();
  }

  @Test
  void retryToAllWebhooks_whenItFails_thenTellsWhetherItMayHaveBeenDone() {
    assertThat(client.retryToAllWebhooks("no-uuid").status())
        .isEqualTo(RetryResult.Status.REJECTED);
    assertThat(baanx.asked()).isEmpty();
    assertThat(client.retryToAllWebhooks(EVENT).status()).isEqualTo(RetryResult.Status.REJECTED);

    answerRetryWith(401);
    assertThat(client.retryToAllWebhooks(EVENT))
        .returns(RetryResult.Status.NOT_SENT, BaanxEventRetry::status)
        .satisfies(retry -> assertThat(retry.error()).isInstanceOf(AuthenticationException.class));

    answerRetryWith(503);
    baanx.forget();
    assertThat(client.retryToAllWebhooks(EVENT).status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(baanx.asked()).hasSize(1);
  }

  private void answerRetry(String eventId, String json) {
    baanx.answer("POST /v1/webhooks/events/" + eventId + "/retry", json);
  }

  private void answerRetryWith(int status) {
    baanx.answer(
        "POST /v1/webhooks/events/" + EVENT + "/retry",
        StubBaanx.json(status, "{\"message\":\"no\"}"));
  }

  private static String queued(int webhooks) {
    return """
        {"success":true,"data":{"eventId":"%s","webhookCount":%d,"message":"Event queued for %d"}}"""
        .formatted(EVENT, webhooks, webhooks);
  }

  private static FailedDelivery delivery(String eventId, String webhookId) {
    return delivery(new DeliveryKey("baanx", "test", eventId + "/" + webhookId));
  }

  /** As a ledger gives it back: no JSON, no response. */
  private static FailedDelivery delivery(DeliveryKey key) {
    return new FailedDelivery(
        WebhookLog.builder(key, DeliveryStatus.FAILED).build(), FailureCause.SERVER_ERROR);
  }
}
