package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnlyOfficeListingTest extends PortalTest {
  private static final Instant T = Instant.parse("2026-03-01T10:00:00Z");

  @Test
  void aFailedLogIsMappedFromItsFieldsAndItsPayload() {
    Log log = Log.failed(41, 5).attempts(3, null);
    log.payload.withObject("webhook").put("retryOn", "2026-03-01T10:06:00Z");
    portal.add(log);

    WebhookLog mapped = onlyLog();

    assertThat(mapped.key()).isEqualTo(new DeliveryKey("onlyoffice", "portal", "41"));
    assertThat(mapped.logId()).isEqualTo("41");
    assertThat(mapped.lineage()).matches("[0-9a-f]{32}");
    assertThat(mapped.webhookId()).isEqualTo("7");
    assertThat(mapped.webhookName()).isEqualTo("Room activity");
    assertThat(mapped.endpoint()).isEqualTo("https://receiver.example/hook?token=T");
    assertThat(mapped.eventId()).isEqualTo("5");
    assertThat(mapped.eventType()).isEqualTo("file.created");
    assertThat(mapped.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(mapped.providerStatus()).isEqualTo("500");
    assertThat(mapped.httpStatus()).isEqualTo(500);
    assertThat(mapped.error()).startsWith("Response status code does not indicate success");
    assertThat(mapped.responseBody()).isNull();
    assertThat(mapped.attemptNumber()).isEqualTo(3);
    assertThat(mapped.createdAt()).isEqualTo(T);
    assertThat(mapped.attemptedAt()).isEqualTo("2026-03-01T10:06:00Z");
    assertThat(mapped.nextRetryAt()).isNull();
    assertThat(mapped.json().text()).isEqualTo(log.json());
    assertThat(mapped.toString()).doesNotContain("SIGNATURE", "token", "Füße");
  }

  @Test
  void aSucceededLogHasTheEndpointsAnswerAndTheTimeOfDelivery() {
    portal.add(Log.succeeded(41, 5));

    WebhookLog mapped = onlyLog();

    assertThat(mapped.status()).isEqualTo(DeliveryStatus.SUCCEEDED);
    assertThat(mapped.responseBody()).isEqualTo("ok");
    assertThat(mapped.error()).isNull();
    assertThat(mapped.attemptedAt()).isEqualTo("2026-03-01T10:00:05Z");
  }

  @ParameterizedTest
  @CsvSource({
    "0, , PENDING, ",
    "0, No such host is known, FAILED, ",
    "200, ok, SUCCEEDED, 200",
    "204, , SUCCEEDED, 204",
    "302, moved, FAILED, 302",
    "404, gone, FAILED, 404",
    "599, odd, FAILED, 599",
    "600, odd, UNKNOWN, 600",
    "100, odd, UNKNOWN, 100",
    "-1, odd, UNKNOWN, "
  })
  void statusZeroIsAFailureOnlyWithAnErrorText(
      int status, String response, DeliveryStatus expected, Integer httpStatus) {
    portal.add(Log.failed(41, 5).status(status, response));

    assertThat(onlyLog().status()).isEqualTo(expected);
    assertThat(onlyLog().httpStatus()).isEqualTo(httpStatus);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2026-03-01T10:00:00.0000000Z, PENDING",
    "0, , FAILED",
    "3, , FAILED",
  })
  void withoutAnErrorTextTheNextAttemptTellsWhatWaitsFromWhatIsGivenUp(
      int attempts, String nextAttemptOn, DeliveryStatus expected) {
    portal.add(Log.failed(41, 5).status(0, null).attempts(attempts, nextAttemptOn));

    assertThat(onlyLog().status()).isEqualTo(expected);
    assertThat(failures(DeliveryQuery.all()))
        .extracting(FailedDelivery::cause)
        .hasSize(expected == DeliveryStatus.FAILED ? 1 : 0)
        .allMatch(FailureCause.NO_RESPONSE::equals);
  }

  @Test
  void valuesThatNoVersionKnowsAreKeptAndAreNoError() {
    Log log = Log.failed(41, 5).withoutShape();
    log.row.put("status", "Exploded").put("trigger", 1L << 62).put("newField", 1);
    portal.add(log);

    assertThat(onlyLog().status()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(onlyLog().providerStatus()).isEqualTo("Exploded");
    assertThat(onlyLog().eventType()).isEqualTo("4611686018427387904");
  }

  @Test
  void aLogWhosePayloadLacksTheShapeIsItsOwnLineageAndIsNamedByItsTriggerBit() {
    portal.add(Log.failed(41, 5).withoutShape(), Log.failed(40, 5).withoutShape());

    assertThat(failedIds(DeliveryQuery.all())).containsExactly("41", "40");
    assertThat(onlyLog().lineage()).isEqualTo("41");
    assertThat(onlyLog().eventType()).isEqualTo("file.created");
    assertThat(onlyLog().webhookId()).isNull();
  }

  @Test
  void failuresAreAskedForByStatusGroupAndNeverByDeliveryTime() {
    portal.add(Log.failed(41, 5));

    failures(DeliveryQuery.since(T));

    assertThat(portal.requests())
        .containsExactly(
            "GET /api/2.0/settings/webhooks/log?groupStatus=29&startIndex=0&count=100");
  }

  @Test
  void eachFailedLogIsListedAndThoseOfOneEventShareALineage() {
    portal.add(Log.failed(41, 5), Log.failed(45, 6), Log.failed(50, 5), Log.failed(60, 5));

    var listed = failures(DeliveryQuery.all());

    assertThat(listed).extracting(d -> d.key().id()).containsExactly("60", "50", "45", "41");
    assertThat(listed)
        .filteredOn(d -> !d.key().id().equals("45"))
        .extracting(FailedDelivery::lineage)
        .containsOnly(listed.get(0).lineage())
        .doesNotContain(listed.get(2).lineage());
  }

  @Test
  void eightyFailedLogsOfSixtyEventsAreEightyFailures() {
    for (int i = 1; i <= 60; i++) {
      portal.add(Log.failed(i, i));
    }
    for (int i = 1; i <= 20; i++) {
      portal.add(Log.failed(100 + i, i).retried());
    }

    var listed = failures(DeliveryQuery.all());

    assertThat(listed).hasSize(80);
    assertThat(listed.stream().map(FailedDelivery::lineage).distinct()).hasSize(60);
  }

  @Test
  void olderLogsOfAnEventThatWaitsAreLeftOutUnlessAskedFor() {
    portal.add(Log.failed(41, 5), Log.failed(42, 6), Log.failed(43, 5), Log.queued(50, 5, 41));

    assertThat(failedIds(DeliveryQuery.all())).containsExactly("42");
    var all = failures(DeliveryQuery.builder().includeProviderRetries().build());
    assertThat(all).extracting(d -> d.key().id()).containsExactly("43", "42", "41");
    assertThat(all).extracting(FailedDelivery::providerRetriesAt).containsExactly(T, null, T);
  }

  @Test
  void anOlderLogWithoutATimeIsLeftOutWhileItsEventWaitsToo() {
    Log undated = Log.failed(41, 5);
    undated.row.remove("creationTime");
    portal.add(undated, Log.queued(50, 5, 41));

    assertThat(failedIds(DeliveryQuery.all())).isEmpty();
  }

  @Test
  void anEventThatThePortalStillRetriesIsLeftOutUnlessAskedFor() {
    portal.add(
        Log.failed(41, 5),
        Log.failed(50, 5).attempts(1, "2026-03-01T12:05:00Z"),
        Log.failed(51, 6));

    assertThat(failedIds(DeliveryQuery.all())).containsExactly("51");
    var all = failures(DeliveryQuery.builder().includeProviderRetries().build());
    assertThat(all).extracting(d -> d.key().id()).containsExactly("51", "50", "41");
    assertThat(all.get(1).providerRetriesAt()).isEqualTo("2026-03-01T12:05:00Z");
    assertThat(all.get(2).providerRetriesAt()).isEqualTo("2026-03-01T12:05:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A task was canceled.",
        "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing."
      })
  void aTimeoutThatIsStoredAs500IsNoAnswer(String text) {
    portal.add(Log.failed(41, 5).status(500, text));

    FailedDelivery failed = failures(DeliveryQuery.all()).get(0);

    assertThat(failed.cause()).isEqualTo(FailureCause.NO_RESPONSE);
    assertThat(failed.latest().httpStatus()).isNull();
    assertThat(failed.latest().providerStatus()).isEqualTo("500");
    assertThat(failed.latest().error()).isEqualTo(text);
  }

  @Test
  void theWalkEndsAfterAPagesWorthOfLogsOlderThanAskedFor() {
    for (int i = 1; i <= 1000; i++) {
      portal.add(Log.failed(i, i).at(T.plus(Duration.ofMinutes(i))));
    }
    Instant since = T.plus(Duration.ofMinutes(951));

    assertThat(failedIds(DeliveryQuery.since(since))).hasSize(50).endsWith("951");
    // Two more of the ten pages may be under way when the second one ends the walk.
    assertThat(portal.requests()).hasSizeBetween(2, 4);
  }

  @Test
  void logsWhoseClocksDifferedAreStillFound() {
    portal.add(Log.failed(1, 1).at(T));
    for (int i = 2; i <= 100; i++) {
      portal.add(Log.failed(i, i).at(T.minusSeconds(300)));
    }

    assertThat(failedIds(DeliveryQuery.since(T))).containsExactly("1");
  }

  @Test
  void aLimitEndsTheWalkWithoutAFurtherPage() {
    for (int i = 1; i <= 1000; i++) {
      portal.add(Log.failed(i, i));
    }

    assertThat(failedIds(DeliveryQuery.builder().limit(100).build())).hasSize(100);
    assertThat(portal.requests()).hasSize(1);
  }

  @Test
  void everyFailureComesOnceAlthoughNewLogsPushThePagesDown() {
    for (int i = 1; i <= 450; i++) {
      portal.add(Log.failed(i, i));
    }
    var listed = new ArrayList<String>();
    int newest = 1000;
    for (var failure : client.failures(DeliveryQuery.all())) {
      listed.add(failure.key().id());
      if (listed.size() % 90 == 0) {
        portal.add(Log.failed(newest, newest));
        newest++;
      }
    }

    assertThat(listed).doesNotHaveDuplicates();
    assertThat(listed).containsAll(IntStream.rangeClosed(1, 450).mapToObj(i -> "" + i).toList());
  }

  @Test
  void theWebhookIsFilteredByThePortal() {
    portal.add(Log.failed(41, 5), Log.failed(42, 6).webhook(8), Log.failed(43, 7).withoutShape());

    var listed = failures(DeliveryQuery.builder().webhookId("7").build());

    assertThat(listed).extracting(d -> d.key().id()).containsExactly("43", "41");
    assertThat(listed).extracting(d -> d.latest().webhookId()).containsOnly("7");
    assertThat(portal.requests().get(0)).contains("configId=7");
  }

  @Test
  void theClientsWebhookIsTheDefaultThatAQueryOverrides() {
    portal.add(Log.failed(41, 5), Log.failed(42, 6).webhook(8));
    try (var one = portal.client(time).webhookId("8").build()) {
      assertThat(one.failures(DeliveryQuery.all())).hasSize(1);
      assertThat(one.logs(DeliveryQuery.all())).hasSize(1);
      one.failures(DeliveryQuery.builder().webhookId("7").build()).forEach(d -> {});
    }

    assertThat(portal.requests().get(0)).contains("configId=8");
    assertThat(portal.requests().get(1)).contains("configId=8");
    assertThat(portal.requests().get(2)).contains("configId=7");
  }

  @Test
  void aWebhookIdThatIsNoNumberIsRefusedWithoutARequest() {
    DeliveryQuery query = DeliveryQuery.builder().webhookId("abc\u001b[31m").build();

    assertThatThrownBy(() -> client.failures(query))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("positive numbers")
        .hasMessageNotContaining("\u001b");
    assertThat(portal.requests()).isEmpty();
  }

  @Test
  void causeTypeAndTimeAreFilteredHere() {
    Log other = Log.failed(43, 7);
    other.event().put("trigger", "file.moved");
    portal.add(
        Log.failed(41, 5),
        Log.failed(42, 6).status(404, "not found"),
        other,
        Log.failed(44, 8).status(0, "timeout"));

    assertThat(failedIds(DeliveryQuery.builder().causes(FailureCause.NOT_FOUND).build()))
        .containsExactly("42");
    assertThat(failedIds(DeliveryQuery.builder().causes(FailureCause.NO_RESPONSE).build()))
        .containsExactly("44");
    assertThat(failedIds(DeliveryQuery.builder().eventTypes("file.moved").build()))
        .containsExactly("43");
    assertThat(failedIds(DeliveryQuery.builder().until(T).build())).isEmpty();
  }

  @Test
  void logsListSuccessesToo() {
    portal.add(Log.failed(41, 5), Log.succeeded(50, 5));

    assertThat(client.logs(DeliveryQuery.all()))
        .extracting(WebhookLog::logId)
        .containsExactly("50", "41");
    assertThat(portal.requests().get(0)).doesNotContain("groupStatus");
  }

  @Test
  void aLogWithoutAnIdIsCountedAndCostsNoOther() {
    Log nameless = Log.failed(42, 6);
    nameless.row.put("id", "none");
    portal.add(Log.failed(41, 5), nameless, Log.failed(43, 7));

    var listing = client.failures(DeliveryQuery.all());

    assertThat(listing).extracting(d -> d.key().id()).containsExactly("43", "41");
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @Test
  void whereNoLogTellsTheZoneThoseThatItWouldDecideAreLeftOutAndCounted() {
    portal.add(
        Log.failed(41, 5).withoutShape().listedAt(T.minus(Duration.ofHours(15))),
        Log.failed(42, 6).withoutShape().listedAt(T.minus(Duration.ofHours(1))),
        Log.failed(43, 7).withoutShape().listedAt(T.plus(Duration.ofHours(11))),
        Log.failed(44, 8).withoutShape().listedAt(T.plus(Duration.ofHours(12))));

    var listing = client.failures(DeliveryQuery.since(T));

    assertThat(listing).extracting(d -> d.key().id()).containsExactly("44");
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(2, 0));
    assertThat(failures(DeliveryQuery.all())).hasSize(4);
  }

  @Test
  void anAnswerWithoutAListIsAnErrorAndNotAnEmptyList() throws Exception {
    for (String body : List.of("{}", "{\"response\":null}", "{\"response\":{}}")) {
      try (var server = new mockwebserver3.MockWebServer()) {
        server.start();
        server.enqueue(StubPortal.ok(body));
        try (var odd =
            OnlyOfficeClient.builder().baseUrl(server.url("/").toString()).apiKey("k").build()) {
          assertThatThrownBy(() -> odd.failures(DeliveryQuery.all()).forEach(d -> {}))
              .as(body)
              .isInstanceOf(MalformedResponseException.class);
        }
      }
    }
  }
}
