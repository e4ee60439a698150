package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryResult;
import dev.redrive.RetryResult.Status;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class OnlyOfficeRetriesTest extends PortalTest {
  private static final String BULK = "PUT /api/2.0/settings/webhook/retry ";

  private List<FailedDelivery> listed(Log... logs) {
    portal.add(logs);
    return portal.failed(
        client, java.util.stream.Stream.of(logs).map(log -> log.id).toArray(Integer[]::new));
  }

  private static FailedDelivery delivery(String provider, String account, String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey(provider, account, id), DeliveryStatus.FAILED).build());
  }

  @Test
  void oneDeliveryGoesOutOnItsOwnRouteAndNamesItsNewLog() {
    FailedDelivery delivery = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(
        body -> StubPortal.ok("{\"response\":" + Log.queued(90, 5, 41).json() + "}"));

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(Status.ACCEPTED);
    assertThat(result.newLogId()).isEqualTo("90");
    assertThat(result.delivery()).isEqualTo(delivery);
    assertThat(portal.requests()).containsExactly("PUT /api/2.0/settings/webhook/41/retry");
  }

  @Test
  void anAnswerWithoutALogLeavesItOpen() {
    FailedDelivery delivery = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(body -> StubPortal.ok("{\"response\":null,\"status\":0}"));

    assertThat(client.retry(delivery).status()).isEqualTo(Status.UNKNOWN);
    assertThat(portal.requests()).hasSize(1);
  }

  @Test
  void anUnknownLogIsRejectedInThePortalsWordsWithoutItsStack() {
    FailedDelivery delivery = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(body -> StubPortal.error(404, "The required item is not found"));

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(Status.REJECTED);
    assertThat(result.reason()).contains("404", "The required item is not found");
    assertThat(result.error().toString()).doesNotContain("ASC.Secret");
  }

  @Test
  void aValidationErrorIsReadFromThePlaceOfTheAnswer() {
    FailedDelivery delivery = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(
        body ->
            StubPortal.ok(
                    "{\"response\":{\"title\":\"One or more validation errors occurred.\","
                        + "\"status\":400,\"errors\":{\"Ids\":[\"The field is required.\"]}},"
                        + "\"status\":1,\"statusCode\":400}")
                .newBuilder()
                .code(400)
                .build());

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(Status.REJECTED);
    assertThat(result.reason())
        .contains("One or more validation errors occurred. Ids: The field is required.");
  }

  @Test
  void aRefusedKeyIsNotSentAndNeedsNoBody() {
    FailedDelivery delivery = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(body -> new MockResponse.Builder().code(403).build());

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(Status.NOT_SENT);
    assertThat(result.error()).isInstanceOf(AuthenticationException.class);
    assertThat(portal.requests())
        .containsExactly(
            "PUT /api/2.0/settings/webhook/41/retry",
            "GET /api/2.0/settings/webhooks/log?eventId=41&count=1");
  }

  @Test
  void aKeyThatMayNotEvenReadStopsTheRest() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetries(body -> StubPortal.error(403, "Access denied"));
    portal.answerLists(StubPortal.error(403, "Access denied"));
    try (var single = portal.client(time).batchSize(1).concurrency(1).build()) {
      assertThat(single.retryAll(deliveries))
          .extracting(RetryResult::status)
          .containsOnly(Status.NOT_SENT);
    }

    assertThat(portal.requests()).hasSize(2);
  }

  @Test
  void anothersLogIsRejectedAndTheRestGoesOn() {
    try (var fake = FakeOnlyOffice.builder().clock(MutableClock.at(time.now())).start();
        var single =
            OnlyOfficeClient.builder()
                .baseUrl(fake.baseUrl())
                .apiKey(fake.apiKey())
                .account("portal")
                .timeSource(time)
                .batchSize(1)
                .concurrency(1)
                .build()) {
      FailedDelivery foreign = delivery("onlyoffice", "portal", fake.delivery().foreign().add());
      FailedDelivery own = delivery("onlyoffice", "portal", fake.delivery().add());

      RetryResult alone = single.retry(foreign);
      List<RetryResult> results = single.retryAll(List.of(foreign, own));

      assertThat(alone.status()).isEqualTo(Status.REJECTED);
      assertThat(alone.error()).isNull();
      assertThat(alone.reason()).contains("403", "another member's webhook");
      assertThat(results)
          .extracting(RetryResult::status)
          .containsExactly(Status.REJECTED, Status.ACCEPTED);
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(3);
    }
  }

  @Test
  void noMoreThanFifteenWritesAreUnderWayAtOnce() throws IOException {
    var underWay = new AtomicInteger();
    var most = new AtomicInteger();
    var sixteen = new CountDownLatch(16);
    try (var server = new MockWebServer()) {
      server.setDispatcher(
          new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
              sixteen.countDown();
              sixteen.await(200, TimeUnit.MILLISECONDS);
              underWay.decrementAndGet();
              return StubPortal.ok("{\"response\":" + Log.queued(90, 5, 41).json() + "}");
            }
          });
      server.start();
      try (var wide =
          OnlyOfficeClient.builder()
              .baseUrl(server.url("/").toString())
              .apiKey("sk-secret")
              .account("portal")
              .batchSize(1)
              .concurrency(30)
              .build()) {
        List<FailedDelivery> deliveries =
            IntStream.rangeClosed(1, 45)
                .mapToObj(id -> delivery("onlyoffice", "portal", Integer.toString(id)))
                .toList();

        assertThat(wide.retryAll(deliveries))
            .extracting(RetryResult::status)
            .hasSize(45)
            .containsOnly(Status.ACCEPTED);
        assertThat(wide.traits().concurrentRetries()).isEqualTo(15);
      }
    }
    assertThat(most).hasValue(15);
    assertThat(client.traits().concurrentRetries()).isEqualTo(8);
  }

  @Test
  void aLostAnswerLeavesEveryDeliveryOfTheBatchOpenAndIsNotSentAgain() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.loseAnswers();

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsExactly(Status.UNKNOWN, Status.UNKNOWN);
    assertThat(portal.requests()).containsExactly(BULK + "{\"ids\":[41,42]}");
  }

  @Test
  void aShortAnswerIsMappedByTheIdInThePayloadAndNotByPosition() {
    List<FailedDelivery> deliveries =
        listed(Log.failed(41, 5), Log.failed(42, 6), Log.failed(43, 7));
    portal.answerRetriesWith(Log.queued(91, 7, 43), Log.queued(90, 6, 42));

    List<RetryResult> results = client.retryAll(deliveries);

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.REJECTED, Status.ACCEPTED, Status.ACCEPTED);
    assertThat(results).extracting(RetryResult::newLogId).containsExactly(null, "90", "91");
    assertThat(results.get(0).reason()).contains("skipped");
    assertThat(results).extracting(r -> r.key().id()).containsExactly("41", "42", "43");
  }

  @Test
  void aLogThatWasNeverSentIsMappedByItsEvent() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    Log first = Log.queued(90, 5, 0);
    first.event().remove("id");
    Log second = Log.queued(91, 6, 17);
    portal.answerRetriesWith(second, first);

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::newLogId)
        .containsExactly("90", "91");
  }

  @Test
  void aBuildThatResetsLogsIsMappedByTheSameId() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6).withoutShape());
    Log reset = Log.failed(42, 6).withoutShape().attempts(0, "2026-03-01T12:00:00Z");
    portal.answerRetriesWith(reset, Log.failed(41, 5).attempts(0, "2026-03-01T12:00:00Z"));

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::newLogId)
        .containsExactly("41", "42");
  }

  @Test
  void theSameIdGoesBeforeAnOlderIdInThePayload() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetriesWith(Log.queued(42, 6, 41));

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsExactly(Status.REJECTED, Status.ACCEPTED);
  }

  @Test
  void nothingIsCalledSkippedWhileALogOfTheAnswerIsUnexplained() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetriesWith(Log.queued(90, 5, 41), Log.queued(91, 6, 1).withoutShape());

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.UNKNOWN);
  }

  @Test
  void nullsInTheAnswerLeaveTheRestOpen() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetries(
        body -> StubPortal.ok("{\"response\":[null," + Log.queued(90, 6, 42).json() + "]}"));

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsExactly(Status.UNKNOWN, Status.ACCEPTED);
    portal.answerRetries(body -> StubPortal.ok("{\"response\":null}"));
    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsOnly(Status.UNKNOWN);
  }

  @Test
  void anEmptyAnswerMeansThatAllWereSkipped() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetriesWith();

    assertThat(client.retryAll(deliveries))
        .extracting(RetryResult::status)
        .containsOnly(Status.REJECTED);
  }

  @Test
  void ofTwoLogsOfOneEventTheNewerGoesOutAndTheOlderIsRejected() {
    List<FailedDelivery> older = listed(Log.failed(41, 5));
    List<FailedDelivery> newer = listed(Log.failed(50, 5));
    portal.answerRetries(
        body -> StubPortal.ok("{\"response\":" + Log.queued(90, 5, 50).json() + "}"));

    List<RetryResult> results = client.retryAll(List.of(newer.get(0), older.get(0)));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.REJECTED);
    assertThat(results.get(1).reason()).contains("a newer failed attempt", "log 50");
    assertThat(portal.requests()).containsExactly("PUT /api/2.0/settings/webhook/50/retry");
  }

  @Test
  void aDeliveryNamedTwiceGoesOutOnceAndHasTheSameResultTwice() {
    List<FailedDelivery> deliveries = listed(Log.failed(41, 5), Log.failed(42, 6));
    portal.answerRetriesWith(Log.queued(90, 5, 41), Log.queued(91, 6, 42));

    List<RetryResult> results =
        client.retryAll(List.of(deliveries.get(0), deliveries.get(1), deliveries.get(0)));

    assertThat(results).extracting(RetryResult::newLogId).containsExactly("90", "91", "90");
    assertThat(portal.requests()).containsExactly(BULK + "{\"ids\":[41,42]}");
  }

  @Test
  void whatCannotBeThisPortalsIsRejectedWithoutSpoilingTheBatch() {
    FailedDelivery own = listed(Log.failed(41, 5)).get(0);
    portal.answerRetries(
        body -> StubPortal.ok("{\"response\":" + Log.queued(90, 5, 41).json() + "}"));

    List<RetryResult> results =
        client.retryAll(
            List.of(
                delivery("onlyoffice", "portal", "abc"),
                delivery("onlyoffice", "portal", "0"),
                delivery("onlyoffice", "portal", "2147483648"),
                own,
                delivery("onlyoffice", "elsewhere", "41"),
                delivery("chatt2me", "portal", "41"),
                delivery("onlyoffice", "portal", "41/../42")));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            Status.REJECTED,
            Status.REJECTED,
            Status.REJECTED,
            Status.ACCEPTED,
            Status.REJECTED,
            Status.REJECTED,
            Status.REJECTED);
    assertThat(portal.requests()).containsExactly("PUT /api/2.0/settings/webhook/41/retry");
  }

  @Test
  void batchesAreAsLargeAsTheBuilderSaysAndALastSingleOneSparesTheBulkRoute() {
    Log[] logs = IntStream.rangeClosed(1, 5).mapToObj(i -> Log.failed(i, i)).toArray(Log[]::new);
    List<FailedDelivery> deliveries = listed(logs);
    portal.answerRetriesWith();
    try (var small = portal.client(time).batchSize(2).concurrency(1).build()) {
      small.retryAll(deliveries);
      assertThat(small.traits().batchSize()).isEqualTo(2);
    }

    assertThat(portal.requests())
        .containsExactly(
            BULK + "{\"ids\":[1,2]}",
            BULK + "{\"ids\":[3,4]}",
            "PUT /api/2.0/settings/webhook/5/retry");
  }

  @Test
  void aLongRateLimitStopsTheBatchesBehindIt() {
    Log[] logs = IntStream.rangeClosed(1, 6).mapToObj(i -> Log.failed(i, i)).toArray(Log[]::new);
    List<FailedDelivery> deliveries = listed(logs);
    portal.answerRetries(
        body ->
            body.contains("[1,2]")
                ? StubPortal.ok(
                    "{\"response\":["
                        + Log.queued(90, 1, 1).json()
                        + ","
                        + Log.queued(91, 2, 2).json()
                        + "]}")
                : StubPortal.error(429, "Too many requests")
                    .newBuilder()
                    .setHeader("Retry-After", "900")
                    .build());
    try (var small = portal.client(time).batchSize(2).concurrency(1).build()) {
      List<RetryResult> results = small.retryAll(deliveries);

      assertThat(results)
          .extracting(RetryResult::status)
          .containsExactly(
              Status.ACCEPTED,
              Status.ACCEPTED,
              Status.NOT_SENT,
              Status.NOT_SENT,
              Status.NOT_SENT,
              Status.NOT_SENT);
      assertThat(results.get(2).error()).isInstanceOf(RateLimitedException.class);
    }
    assertThat(portal.requests()).hasSize(2);
  }

  @Test
  void aRateLimitWithoutHintEndsAfterOneRequestWithTheDocumentedWindow() {
    List<FailedDelivery> deliveries = listed(Log.failed(1, 5), Log.failed(2, 6), Log.failed(3, 7));
    portal.answerRetries(
        body ->
            new MockResponse.Builder()
                .code(429)
                .addHeader("X-RateLimit-Limit", "5")
                .addHeader("X-RateLimit-Remaining", "0")
                .build());

    List<RetryResult> bulk = client.retryAll(deliveries);
    RetryResult single = client.retry(deliveries.get(0));

    assertThat(bulk).extracting(RetryResult::status).containsOnly(Status.NOT_SENT);
    for (RetryResult result : List.of(bulk.get(0), single)) {
      assertThat(result.status()).isEqualTo(Status.NOT_SENT);
      assertThat(((RateLimitedException) result.error()).retryAfter())
          .isEqualTo(Duration.ofMinutes(15));
      assertThat(result.reason())
          .endsWith(
              "failed with HTTP 429: the provider returned 429 and did not say how long to wait;"
                  + " its documented limit is 5 calls per 15 min");
    }
    assertThat(portal.requests()).hasSize(2);
  }

  @Test
  void manyDeliveriesAreFoundByTheirIdsWithOneWalkThroughTheList() {
    listed(Log.failed(41, 5), Log.failed(42, 6), Log.failed(43, 7));
    portal.add(Log.succeeded(44, 6));
    portal.requests().clear();

    Map<String, FailedDelivery> found = client.findAll(List.of("41", "42", "43", "99", "none"));

    assertThat(found).containsOnlyKeys("41", "42", "43");
    assertThat(found.get("41").latest().status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(found.get("42").latest().status()).isEqualTo(DeliveryStatus.SUCCEEDED);
    assertThat(portal.requests()).filteredOn(request -> request.contains("startIndex=")).hasSize(1);
    // One for each number that was asked for, the list, and the newer log in full.
    assertThat(portal.requests()).hasSize(6);
  }

  @Test
  void aDeliveryKnownByItsIdIsNotSentIfThePortalWillSendANewerLogOfItsEvent() {
    portal.add(Log.failed(41, 5), Log.failed(90, 5).attempts(1, "2026-03-01T13:00:00Z"));

    RetryResult result = client.retry(FailedDelivery.of(client.key("41"), null));

    assertThat(result.status()).isEqualTo(Status.REJECTED);
    assertThat(result.reason())
        .isEqualTo(
            "not sent: the provider will send it again by itself, at 2026-03-01T13:00:00Z: see"
                + " log 90");
  }

  @Test
  void noDeliveriesAreNoRequest() {
    assertThat(client.retryAll(List.of())).isEmpty();
    assertThat(portal.requests()).isEmpty();
  }
}
