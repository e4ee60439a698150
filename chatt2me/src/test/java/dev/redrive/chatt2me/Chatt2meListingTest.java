package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.Endpoint;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Chatt2meListingTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();

  @AfterEach
  void stop() {
    fake.close();
  }

  private Chatt2meClient.Builder builder() {
    return Chatt2meClient.builder().apiKey(fake.apiKey()).baseUrl(fake.baseUrl()).timeSource(time);
  }

  private void restart(FakeChatt2me.Builder other) {
    fake.close();
    fake = other.clock(clock).start();
  }

  private static List<String> ids(Iterable<FailedDelivery> deliveries) {
    return StreamSupport.stream(deliveries.spliterator(), false)
        .map(delivery -> delivery.key().id())
        .toList();
  }

  @Test
  void failuresOfAllWebhooksAreListedOnceWhenNoneIsNamed() {
    List<String> seeded = fake.failures(120);
    fake.successes(40);
    try (var client = builder().build()) {
      assertThat(ids(client.failures(DeliveryQuery.all())))
          .containsExactlyInAnyOrderElementsOf(seeded);
    }
    assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(1);
    assertThat(fake.requests(Operation.LIST))
        .allSatisfy(request -> assertThat(request.query()).containsEntry("status", "Failed"));
  }

  @Test
  void webhooksAreReadOnlyWhenTheirTurnComes() {
    fake.failures(120);
    try (var client = builder().build()) {
      Iterator<FailedDelivery> failures = client.failures(DeliveryQuery.all()).iterator();
      assertThat(fake.requestCount()).isZero();
      failures.next();
    }
    assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(1);
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(1);
  }

  @Test
  void webhooksBeyondTheFirstPageAreSweptToo() {
    restart(FakeChatt2me.builder().webhooks(120));
    List<String> seeded = fake.failures(400);
    try (var client = builder().build()) {
      assertThat(ids(client.failures(DeliveryQuery.all())))
          .containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(client.webhooks()).extracting(Webhook::id).isEqualTo(fake.webhookIds());
    }
  }

  @Test
  void onlyTheNamedWebhookIsReadWhetherTheQueryOrTheClientNamesIt() {
    fake.failures(60);
    String first = fake.webhookIds().get(0);
    String second = fake.webhookIds().get(1);
    try (var client = builder().webhookId(first).build()) {
      assertThat(client.failures(DeliveryQuery.all()).stream())
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().webhookId()).isEqualTo(first));
      assertThat(client.failures(DeliveryQuery.builder().webhookId(second).build()).stream())
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().webhookId()).isEqualTo(second));
    }
    assertThat(fake.requestCount(Operation.WEBHOOKS)).isZero();
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(2);
  }

  @Test
  void webhookIsFoundWhenItsIdIsWrittenInUpperCase() {
    fake.failures(60);
    String id = fake.webhookIds().get(0).toUpperCase(Locale.ROOT);
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.builder().webhookId(id).build())).isNotEmpty();
    }
  }

  @Test
  void webhookIdThatIsNoUuidIsRefusedWithoutRequest() {
    assertThatThrownBy(() -> builder().webhookId("7").build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("webhookId is not a UUID");
    try (var client = builder().build()) {
      var query = DeliveryQuery.builder().webhookId("../../x").build();
      assertThatThrownBy(() -> client.failures(query).iterator().hasNext())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("not a UUID");
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void unknownWebhookFailsWhenNamed() {
    String unknown = UUID.randomUUID().toString();
    try (var client = builder().build()) {
      var query = DeliveryQuery.builder().webhookId(unknown).build();
      assertThatThrownBy(() -> client.logs(query).iterator().hasNext())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("list logs");
      assertThatThrownBy(() -> client.webhook(unknown)).isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void webhookDeletedDuringTheSweepIsPassedOver() {
    fake.failures(60);
    fake.faults().on(Operation.LIST).nth(2).inject(Fault.status(404));
    fake.faults().on(Operation.WEBHOOKS).nth(2).inject(Fault.status(404));
    try (var client = builder().concurrency(1).build()) {
      assertThat(client.failures(DeliveryQuery.all()).stream())
          .extracting(delivery -> delivery.latest().webhookId())
          .contains(fake.webhookIds().get(0), fake.webhookIds().get(2))
          .doesNotContain(fake.webhookIds().get(1));
    }
  }

  @Test
  void webhookDeletedWhileItIsReadAheadIsPassedOver() {
    restart(FakeChatt2me.builder().webhooks(20));
    fake.failures(200);
    fake.faults().on(Operation.LIST).nth(9).inject(Fault.status(404));
    fake.faults().on(Operation.WEBHOOKS).nth(2).inject(Fault.status(404));
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.all()).stream())
          .extracting(delivery -> delivery.latest().webhookId())
          .contains(fake.webhookIds().get(0))
          .doesNotContainNull()
          .satisfies(ids -> assertThat(Set.copyOf(ids)).hasSize(19));
    }
  }

  @Test
  void moreAndMoreWebhooksAreReadSideBySideTheMoreTheCallerHasRead() {
    restart(FakeChatt2me.builder().webhooks(20));
    List<String> seeded = fake.failures(200);
    var begun = new AtomicInteger();
    var together = new CountDownLatch(4);
    fake.beforeEachPage(
        () -> {
          if (begun.incrementAndGet() > 10) {
            together.countDown();
            awaitUninterrupted(together);
          }
        });
    List<String> webhooks;
    try (var client = builder().concurrency(8).build()) {
      List<FailedDelivery> listed = client.failures(DeliveryQuery.all()).stream().toList();
      assertThat(ids(listed)).containsExactlyInAnyOrderElementsOf(seeded);
      webhooks = listed.stream().map(d -> d.latest().webhookId()).distinct().toList();
    }
    assertThat(webhooks).isEqualTo(fake.webhookIds());
    assertThat(together.getCount()).as("requests that never came beside the others").isZero();
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(20);
    assertThat(fake.peakConcurrency(Operation.LIST)).isBetween(4, 8);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      boolean unused = latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCallerThatTakesFewCausesFewRequestsInVain() {
    restart(FakeChatt2me.builder().webhooks(1));
    fake.failures(1_000);
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.all()).stream().limit(160)).hasSize(160);
    }
    assertThat(fake.requestCount(Operation.LIST)).isBetween(4L, 6L);
  }

  @Test
  void webhooksBeyondTheLimitAreNotReadAhead() {
    restart(FakeChatt2me.builder().webhooks(10));
    fake.failures(1_000);
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.builder().limit(120).build())).hasSize(120);
    }
    assertThat(fake.requests(Operation.LIST))
        .extracting(RecordedRequest::path)
        .allMatch(
            path -> fake.webhookIds().subList(0, 2).stream().anyMatch(path::contains), "its path");
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(4);
  }

  @Test
  void webhookBegunAheadIsReadNoFurtherThanThoseBeforeItLeaveOfTheLimit() {
    restart(FakeChatt2me.builder().webhooks(10));
    fake.failures(1_000);
    String second = fake.webhookIds().get(1);
    DeliveryQuery another =
        DeliveryQuery.builder().webhookId(fake.webhookIds().get(9)).limit(1).build();
    try (var client = builder().build()) {
      Iterator<FailedDelivery> listed =
          client.failures(DeliveryQuery.builder().limit(120).build()).iterator();
      for (int i = 0; i < 50; i++) {
        listed.next();
      }
      assertThat(listed.hasNext()).isTrue();
      // The second webhook has been begun: these readings last longer than its first page.
      for (int i = 0; i < 3; i++) {
        assertThat(client.failures(another)).hasSize(1);
      }
      assertThat(listed).toIterable().hasSize(70);
    }
    assertThat(fake.requests(Operation.LIST))
        .extracting(RecordedRequest::path)
        .filteredOn(path -> path.contains(second))
        .hasSize(1);
  }

  @Test
  void logsThatAreNotFoundThoughTheWebhookIsThereAreNotPassedOver() {
    fake.failures(60);
    fake.faults().on(Operation.LIST).nth(2).inject(Fault.status(404));
    try (var client = builder().build()) {
      var failures = client.failures(DeliveryQuery.all());
      assertThatThrownBy(() -> failures.stream().toList()).isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachFailureComesOnceWhileNewOnesArriveBetweenPages(boolean oldestFirst) {
    restart(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    List<String> seeded = fake.failures(400);
    fake.endpoint().down(500);
    fake.beforeEachPage(() -> fake.traffic(7));
    try (var client = builder().build()) {
      assertThat(ids(client.failures(DeliveryQuery.all())))
          .doesNotHaveDuplicates()
          .containsAll(seeded);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noFailureIsSkippedWhileOthersAreDeletedBetweenPages(boolean oldestFirst) {
    restart(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    List<String> seeded = fake.failures(400);
    List<String> doomed =
        oldestFirst ? List.copyOf(seeded.subList(0, 60)) : List.copyOf(seeded.subList(340, 400));
    Iterator<String> next = doomed.iterator();
    fake.beforeEachPage(
        () -> {
          for (int i = 0; i < 5 && next.hasNext(); i++) {
            fake.delete(next.next());
          }
        });
    try (var client = builder().build()) {
      assertThat(ids(client.failures(DeliveryQuery.all())))
          .doesNotHaveDuplicates()
          .containsAll(seeded.stream().filter(id -> !doomed.contains(id)).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({"10,1", "50,1", "60,2", "99,2", "148,3"})
  void limitEndsTheWalkWithoutANeedlessPage(int limit, int pages) {
    restart(FakeChatt2me.builder().webhooks(1));
    fake.failures(1_000);
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.builder().limit(limit).build())).hasSize(limit);
    }
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(pages);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oldLogsAreNotReadWhenTheQueryHasALowerBound(boolean oldestFirst) {
    restart(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    List<String> seeded = fake.failures(5_000);
    Instant since = time.now().minus(Duration.ofMinutes(6));
    try (var client = builder().concurrency(1).build()) {
      List<FailedDelivery> recent = client.failures(DeliveryQuery.since(since)).stream().toList();
      assertThat(recent)
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().createdAt()).isAfterOrEqualTo(since));
      assertThat(recent)
          .extracting(d -> d.key().id())
          .containsExactlyInAnyOrderElementsOf(seeded.subList(5_000 - recent.size(), 5_000));
    }
    assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "b2c3d4e5"})
  void webhookWhoseIdIsNoUuidIsRefusedWithoutRequest(String id) {
    try (var client = builder().build()) {
      assertThatThrownBy(() -> client.webhook(id))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("read webhook failed: the webhook id is not a UUID");
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void filtersThatTheProviderLacksAreAppliedHere() {
    fake.failures(200);
    fake.delivery().status(410).add();
    try (var client = builder().build()) {
      assertThat(client.failures(DeliveryQuery.builder().causes(FailureCause.GONE).build()))
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.cause()).isEqualTo(FailureCause.GONE));
      assertThat(client.failures(DeliveryQuery.builder().eventTypes("MessageStatus").build()))
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().eventType()).isEqualTo("MessageStatus"));
      Instant until = time.now().minus(Duration.ofHours(3));
      assertThat(client.failures(DeliveryQuery.builder().until(until).build()))
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().createdAt()).isBefore(until));
    }
  }

  @Test
  void logsListSucceededAttemptsTooWithoutStatusFilter() {
    fake.failures(5);
    fake.successes(5);
    try (var client = builder().build()) {
      assertThat(client.logs(DeliveryQuery.all()))
          .hasSize(10)
          .extracting(WebhookLog::status)
          .contains(DeliveryStatus.SUCCEEDED, DeliveryStatus.FAILED);
    }
    assertThat(fake.requests(Operation.LIST))
        .extracting(RecordedRequest::query)
        .allSatisfy(query -> assertThat(query).doesNotContainKey("status"));
  }

  @Test
  void failedLogsAreFailedUnderTheirOlderNameToo() {
    restart(FakeChatt2me.builder().legacyStatusNames(true));
    List<String> seeded = fake.failures(10);
    try (var client = builder().build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).stream().toList();
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
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).stream().toList();
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
      WebhookLog log = client.failures(DeliveryQuery.all()).iterator().next().latest();
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
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).stream().toList();
      assertThat(failures)
          .extracting(d -> d.latest().eventId())
          .containsOnly(failures.get(0).latest().eventId());
      assertThat(failures)
          .extracting(FailedDelivery::lineage)
          .containsExactlyInAnyOrder(sent, read);
    }
  }

  @Test
  void deletedSucceededAndUnknownLogsAreNoFailuresThoughListedAsFailed() {
    answerWithLogs(
        """
        {"id":"00000000-0000-4000-8000-000000000001","status":"Failed","isDeleted":true},
        {"id":"00000000-0000-4000-8000-000000000002","status":"Success"},
        {"id":"00000000-0000-4000-8000-000000000003","status":"Quarantined"},
        {"id":"00000000-0000-4000-8000-000000000004","status":null},
        {"id":"00000000-0000-4000-8000-000000000005","status":"FAILED","isDeleted":false}
        """,
        5);
    try (var client = builder().webhookId(fake.webhookIds().get(0)).build()) {
      assertThat(ids(client.failures(DeliveryQuery.all())))
          .containsExactly("00000000-0000-4000-8000-000000000005");
    }
  }

  @Test
  void sparseLogStillNamesItsWebhook() {
    answerWithLogs("{\"id\":\"00000000-0000-4000-8000-000000000001\",\"status\":\"failed\"}", 1);
    String webhook = fake.webhookIds().get(0);
    try (var client = builder().webhookId(webhook).build()) {
      WebhookLog log = client.failures(DeliveryQuery.all()).iterator().next().latest();
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

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"data\":null}", "{\"data\":{}}", "[]"})
  void answerThatIsNotThisApisIsMalformed(String body) {
    fake.faults().on(Operation.LIST).inject(Fault.answer(200, "application/json", body));
    try (var client = builder().webhookId(fake.webhookIds().get(0)).build()) {
      assertThatThrownBy(() -> client.logs(DeliveryQuery.all()).iterator().hasNext())
          .isInstanceOf(MalformedResponseException.class)
          .hasMessageContaining("list logs");
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

  @Test
  void webhookDoesNotShowTheTokensInItsEndpoint() {
    var webhook =
        new Chatt2meWebhook(
            "id", "la\nbel", "https://u:p@host/path?token=s3cret", null, null, null, null, null);
    assertThat(webhook.toString())
        .contains("https://host/path", "la bel")
        .doesNotContain("s3cret", "u:p");
  }

  @Test
  void traitsTellWhatTheApiCan() {
    try (var client = builder().build()) {
      assertThat(client.traits().provider()).isEqualTo("chatt2me");
      assertThat(client.traits().displayName()).isEqualTo("Chatt2.me");
      assertThat(client.traits().pageSize()).isEqualTo(50);
      assertThat(client.traits().batchSize()).isEqualTo(50);
      assertThat(client.traits().capabilities())
          .containsExactlyInAnyOrder(
              Capability.WEBHOOKS,
              Capability.LOGS,
              Capability.BULK_RETRY,
              Capability.CAUSES,
              Capability.WEBHOOK_FILTER,
              Capability.UNIQUE_IDS);
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void apiIsTheVendorsByDefault() {
    try (var client = Chatt2meClient.builder().apiKey("key").build()) {
      assertThat(client.account()).isEqualTo("api.chatt2.me");
    }
  }

  @Test
  void logsWithoutAReadableTimeAreLeftOutAndCountedWhereATimeIsAskedFor() {
    String rows =
        """
        {"id":"00000000-0000-4000-8000-000000000001","status":"Failed",
         "createdDate":"2023-12-23T11:26:21+0100"},
        {"id":"00000000-0000-4000-8000-000000000002","status":"Failed","createdDate":"soon"},
        {"id":"00000000-0000-4000-8000-000000000003","status":"Failed"},
        {"id":"00000000-0000-4000-8000-000000000004","status":"Failed","createdDate":"",
         "sendAt":"2026-03-01T11:59:00.000Z"}
        """;
    try (var client = builder().webhookId(fake.webhookIds().get(0)).concurrency(1).build()) {
      answerWithLogs(rows, 4);
      var recent = client.failures(DeliveryQuery.since(time.now().minus(Duration.ofHours(1))));
      assertThat(ids(recent)).containsExactly("00000000-0000-4000-8000-000000000004");
      assertThat(recent.leftOut()).isEqualTo(new Listing.LeftOut(2, 0));
      answerWithLogs(rows, 4);
      var all = client.failures(DeliveryQuery.all());
      assertThat(ids(all)).hasSize(4);
      assertThat(all.leftOut()).isEqualTo(Listing.LeftOut.NONE);
    }
  }

  @Test
  void oddLogsCostNoOthersAndThoseWithoutAnIdAreCounted() {
    answerWithLogs(
        """
        {"id":"00000000-0000-4000-8000-000000000001","status":"Failed","statusCode":"internal error"},
        {"status":"Failed"},
        {"id":"00000000-0000-4000-8000-000000000002","status":"Failed","webhook":"gone"},
        null,
        {"id":"00000000-0000-4000-8000-000000000003","status":"Failed","isDeleted":"no"}
        """,
        5);
    try (var client = builder().webhookId(fake.webhookIds().get(0)).build()) {
      var failures = client.failures(DeliveryQuery.all());
      assertThat(ids(failures)).hasSize(3);
      assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(0, 2));
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
