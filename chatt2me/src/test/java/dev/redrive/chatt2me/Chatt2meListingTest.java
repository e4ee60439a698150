package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Chatt2meListingTest extends ListingFixture {
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
      List<FailedDelivery> recent = client.failures(DeliveryQuery.since(since)).toList();
      assertThat(recent)
          .isNotEmpty()
          .allSatisfy(d -> assertThat(d.latest().createdAt()).isAfterOrEqualTo(since));
      assertThat(recent)
          .extracting(d -> d.key().id())
          .containsExactlyInAnyOrderElementsOf(seeded.subList(5_000 - recent.size(), 5_000));
    }
    assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(6);
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
