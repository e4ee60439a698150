package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.RetryResult.Status;
import dev.redrive.WebhookLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest extends HttpTest {
  private static final String UUID = "b2c3d4e5-f6a7-8901-bcde-f23456789012";

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final List<List<String>> requests = new ArrayList<>();

  @Test
  void retryAll_whenADeliveryComesTwice_sendsItOnceAndAnswersBoth() {
    TestClient client = client(s -> s.concurrency(1));
    List<RetryResult> results =
        retryAll(client, "a", UUID, "b", "a", UUID.toUpperCase(Locale.ROOT));

    assertThat(requests).containsExactly(List.of("a", UUID), List.of("b"));
    assertThat(ids(results)).containsExactly("a", UUID, "b", "a", UUID);
    assertThat(results).extracting(RetryResult::status).containsOnly(Status.ACCEPTED);
    assertThat(results.get(3)).isSameAs(results.get(0));
  }

  @Test
  void retryAll_whenIdsThatAreNoUuidDifferInCase_sendsBoth() {
    retryAll(client(), "a", "A");

    assertThat(requests).containsExactly(List.of("a", "A"));
  }

  @Test
  void retryAll_whenSomeAreForeignOrRefused_sendsTheOthersAndKeepsTheOrder() {
    TestClient client = client();
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("test", "elsewhere", "a"), DeliveryStatus.FAILED)
                .build());

    List<RetryResult> results =
        retryAll(
            client,
            List.of(client.delivery("bad"), foreign, client.delivery("a"), client.delivery("b")));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.REJECTED, Status.REJECTED, Status.ACCEPTED, Status.ACCEPTED);
    assertThat(results.get(0).reason()).isEqualTo("planted refusal");
    assertThat(results.get(1).reason())
        .isEqualTo("not sent: it belongs to test at elsewhere, not to this client");
    assertThat(results.get(1).delivery()).isSameAs(foreign);
    assertThat(requests).containsExactly(List.of("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", ".."})
  void retryAll_whenThereIsNoIdThatAPathCanName_rejectsIt(String id) {
    List<RetryResult> results = retryAll(client(), "a", id);

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.REJECTED);
    assertThat(results.get(1).reason()).isEqualTo("not sent: it has no id");
    assertThat(requests).containsExactly(List.of("a"));
  }

  @Test
  void retryAll_whenIdsAreMadeOfUuids_sendsEachInWhateverCaseOnce() {
    String pair = UUID + "/" + UUID.replace('b', 'c');
    List<RetryResult> results =
        retryAll(client(), pair, pair.toUpperCase(Locale.ROOT), "x:" + UUID, "x:" + pair);

    assertThat(requests.stream().flatMap(List::stream))
        .containsExactlyInAnyOrder(pair, "x:" + UUID, "x:" + pair);
    assertThat(ids(results)).containsExactly(pair, pair, "x:" + UUID, "x:" + pair);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void retryAll_whenTheAnswerHasTooFewResultsOrTooMany_losesNoOther(int results) {
    TestClient client = client();
    List<FailedDelivery> deliveries = Stream.of("a", "b").map(client::delivery).toList();

    List<RetryResult> answered =
        client
            .http
            .retries()
            .all(
                deliveries,
                delivery -> null,
                List::of,
                batch ->
                    accept(Stream.of("b", "x", "y").map(client::delivery).toList())
                        .subList(0, results));

    assertThat(ids(answered)).containsExactly("a", "b");
    assertThat(answered)
        .extracting(RetryResult::status)
        .containsExactly(Status.UNKNOWN, results == 0 ? Status.UNKNOWN : Status.ACCEPTED);
    assertThat(answered.get(0).reason()).isEqualTo("the response does not mention it");
    assertThat(answered.get(0).mayBeSentAgain()).isFalse();
  }

  @Test
  void retryAll_whenNoRequestNamesADelivery_saysThatItWasNotSent() {
    TestClient client = client();

    List<RetryResult> results =
        client
            .http
            .retries()
            .all(
                Stream.of("a", "b").map(client::delivery).toList(),
                delivery -> null,
                all -> List.of(all.subList(0, 1)),
                this::accept);

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(Status.ACCEPTED, Status.NOT_SENT);
  }

  @Test
  void retryAll_whenSeveralAreOfOneEvent_sendsTheNewestAndRejectsTheOthers() {
    TestClient client = client();
    List<FailedDelivery> deliveries =
        List.of(
            attempt(client, "undated", "event", null),
            attempt(client, "old", "event", NOON.minusSeconds(60)),
            attempt(client, "new", "event", NOON),
            attempt(client, "as-new", "event", NOON),
            attempt(client, "other", "event-2", NOON.minusSeconds(90)),
            attempt(client, "bad", "event-2", NOON));

    List<RetryResult> results = retryAll(client, deliveries);

    assertThat(requests).containsExactly(List.of("new", "other"));
    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            Status.REJECTED,
            Status.REJECTED,
            Status.ACCEPTED,
            Status.REJECTED,
            Status.ACCEPTED,
            Status.REJECTED);
    assertThat(results.get(0).reason())
        .isEqualTo(
            "not sent: a newer failed attempt of the same event, log new, is in the same call");
    assertThat(results.get(1).mayBeSentAgain()).isFalse();
    var known = new ArrayList<RetryOutcome>();
    assertThat(
            client
                .http
                .retries()
                .outcomesToRead(results.subList(1, 2), result -> null, known::addAll))
        .isEmpty();
    RetryOutcome outcome = known.get(0);
    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.REJECTED);
    assertThat(outcome.mayBeSentAgain()).isFalse();
  }

  @Test
  void retryAll_whenALineageIsTheLogsOwnId_mergesNothing() {
    TestClient client = client();
    FailedDelivery first = attempt(client, "a", "a", NOON);
    FailedDelivery second = attempt(client, "b", "a", NOON.plusSeconds(1));

    assertThat(retryAll(client, List.of(first, second)))
        .extracting(RetryResult::status)
        .containsOnly(Status.ACCEPTED);
  }

  @Test
  void retryAll_whenTheNewestComesTwice_answersBoth() {
    TestClient client = client();
    FailedDelivery one = attempt(client, UUID, "event", NOON);
    FailedDelivery same = attempt(client, UUID.toUpperCase(Locale.ROOT), "event", NOON);

    assertThat(retryAll(client, List.of(one, same)))
        .extracting(RetryResult::status)
        .containsOnly(Status.ACCEPTED);
    assertThat(requests).containsExactly(List.of(UUID));
  }

  private static FailedDelivery attempt(
      TestClient client, String id, String lineage, @Nullable Instant createdAt) {
    return FailedDelivery.of(
        WebhookLog.builder(client.http.key(id), DeliveryStatus.FAILED)
            .lineage(lineage)
            .createdAt(createdAt)
            .build());
  }

  @Test
  void retryEach_sendsOneRequestPerDelivery() {
    TestClient client = client(s -> s.concurrency(1));
    List<RetryResult> results =
        client
            .http
            .retries()
            .each(
                Stream.of("a", "b", "a").map(client::delivery).toList(),
                delivery -> null,
                delivery -> accept(List.of(delivery)).get(0));

    assertThat(ids(results)).containsExactly("a", "b", "a");
    assertThat(requests).containsExactly(List.of("a"), List.of("b"));
  }

  @ParameterizedTest
  @CsvSource({"SUCCEEDED,DELIVERED", "FAILED,FAILED_AGAIN", "PENDING,", "UNKNOWN,"})
  void outcomesToRead_takesAFinalAttemptThatTheResponseShowed(
      DeliveryStatus shown, RetryOutcome.@Nullable Status outcome) {
    TestClient client = client();
    FailedDelivery delivery = client.delivery("a");
    var attempt = WebhookLog.builder(delivery.key(), shown).logId("new").build();
    RetryResult result = RetryResult.accepted(delivery, null, time.now()).showing(attempt);
    var known = new ArrayList<RetryOutcome>();

    List<RetryResult> toRead =
        client.http.retries().outcomesToRead(List.of(result), r -> null, known::addAll);

    assertThat(result.newLogId()).isEqualTo("new");
    if (outcome == null) {
      assertThat(toRead).containsExactly(result);
      assertThat(known).isEmpty();
    } else {
      assertThat(toRead).isEmpty();
      assertThat(known).containsExactly(new RetryOutcome(result, outcome, attempt, null));
    }
  }

  @Test
  void outcomesToRead_handsOverWhatNeverWentOutOrCannotBeAskedFor() {
    TestClient client = client();
    FailedDelivery own = client.delivery("a");
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("other", "account", "a"), DeliveryStatus.FAILED)
                .build());
    var rejected = RetryResult.rejected(own, "no", time.now());
    var lost = RetryResult.unknown(own, "lost", time.now());
    var elsewhere = RetryResult.accepted(foreign, "n", time.now());
    var odd = RetryResult.accepted(client.delivery("odd"), "n", time.now());
    var known = new ArrayList<List<RetryOutcome>>();

    List<RetryResult> toRead =
        client
            .http
            .retries()
            .outcomesToRead(
                List.of(rejected, lost, elsewhere, odd),
                result -> result.key().id().equals("odd") ? "planted obstacle" : null,
                known::add);

    assertThat(toRead).containsExactly(lost);
    assertThat(known).hasSize(1);
    assertThat(known.get(0).stream().map(RetryOutcome::result))
        .containsExactly(rejected, elsewhere, odd);
    assertThat(known.get(0).stream().map(RetryOutcome::status))
        .containsExactly(
            RetryOutcome.Status.REJECTED, RetryOutcome.Status.UNKNOWN, RetryOutcome.Status.UNKNOWN);
    assertThat(known.get(0).get(0).reason()).isEqualTo("no");
    assertThat(known.get(0).get(1).reason()).contains("belongs to other at account");
    assertThat(known.get(0).get(2).reason()).isEqualTo("planted obstacle");
  }

  private List<RetryResult> retryAll(TestClient client, String... ids) {
    return retryAll(client, Stream.of(ids).map(client::delivery).toList());
  }

  /** In batches of two. */
  private List<RetryResult> retryAll(TestClient client, List<FailedDelivery> deliveries) {
    return client
        .http
        .retries()
        .all(
            deliveries,
            delivery -> delivery.key().id().equals("bad") ? "planted refusal" : null,
            all ->
                all.size() <= 2
                    ? List.of(all)
                    : List.of(all.subList(0, 2), all.subList(2, all.size())),
            this::accept);
  }

  private synchronized List<RetryResult> accept(List<FailedDelivery> batch) {
    requests.add(batch.stream().map(delivery -> delivery.key().id()).toList());
    return batch.stream().map(one -> RetryResult.accepted(one, null, time.now())).toList();
  }

  private static List<String> ids(List<RetryResult> results) {
    return results.stream().map(result -> result.key().id()).toList();
  }
}
