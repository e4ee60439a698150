package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.RetryResult.Status;
import dev.redrive.WebhookLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryAllTest extends HttpTest {
  private static final String UUID = "b2c3d4e5-f6a7-8901-bcde-f23456789012";

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

  @Test
  void retryEach_sendsOneRequestPerDelivery() {
    TestClient client = client(s -> s.concurrency(1));
    List<RetryResult> results =
        client.http.retryEach(
            Stream.of("a", "b", "a").map(client::delivery).toList(),
            delivery -> null,
            delivery -> accept(List.of(delivery)).get(0));

    assertThat(ids(results)).containsExactly("a", "b", "a");
    assertThat(requests).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void outcomeWithoutReading_isThatOfWhatNeverWentOutAndOfWhatIsForeign() {
    TestClient client = client();
    FailedDelivery own = client.delivery("a");
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("other", "account", "a"), DeliveryStatus.FAILED)
                .build());

    RetryOutcome rejected =
        client.http.outcomeWithoutReading(RetryResult.rejected(own, "no", time.now()));
    RetryOutcome elsewhere =
        client.http.outcomeWithoutReading(RetryResult.accepted(foreign, "n", time.now()));

    assertThat(rejected.status()).isEqualTo(RetryOutcome.Status.REJECTED);
    assertThat(rejected.reason()).isEqualTo("no");
    assertThat(elsewhere.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(elsewhere.reason()).contains("belongs to other at account");
    assertThat(client.http.outcomeWithoutReading(RetryResult.unknown(own, "lost", time.now())))
        .isNull();
  }

  private List<RetryResult> retryAll(TestClient client, String... ids) {
    return retryAll(client, Stream.of(ids).map(client::delivery).toList());
  }

  /** In batches of two. */
  private List<RetryResult> retryAll(TestClient client, List<FailedDelivery> deliveries) {
    return client.http.retryAll(
        deliveries,
        delivery -> delivery.key().id().equals("bad") ? "planted refusal" : null,
        all ->
            all.size() <= 2 ? List.of(all) : List.of(all.subList(0, 2), all.subList(2, all.size())),
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
