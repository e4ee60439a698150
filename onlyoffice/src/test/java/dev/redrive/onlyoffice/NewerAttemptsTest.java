package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries that are retried by their ids while there are newer logs of their events. */
class NewerAttemptsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeOnlyOffice portal;
  private OnlyOfficeClient client;

  private void start(FakeOnlyOffice.Builder settings) {
    portal = settings.clock(clock).limits(false).start();
    portal.endpoint().up();
    client = connect(8);
  }

  private OnlyOfficeClient connect(int concurrency) {
    return OnlyOfficeClient.builder()
        .baseUrl(portal.baseUrl())
        .apiKey(portal.apiKey())
        .timeSource(time)
        .concurrency(concurrency)
        .build();
  }

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  /** Adds failed deliveries of one webhook, each a second older than the next. */
  private List<String> failed(int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(
          portal.delivery().status(503).at(time.now().minus(HOUR).minusSeconds(count - i)).add());
    }
    return ids;
  }

  private void succeeded(int count) {
    for (int i = 0; i < count; i++) {
      portal.delivery().status(200).at(time.now().minusSeconds(count - i)).add();
    }
  }

  private FailedDelivery byId(String id) {
    return FailedDelivery.of(client.key(id), null);
  }

  private List<RetryResult> retryById(List<String> ids) {
    return client.retryAll(ids.stream().map(this::byId).toList());
  }

  private RetryResult retryById(String id) {
    return retryById(List.of(id)).get(0);
  }

  /** Retries a delivery as listed, and returns the id of the new log. */
  private String retryListed(String id) {
    FailedDelivery listed =
        client.failures(DeliveryQuery.all()).stream()
            .filter(delivery -> delivery.key().id().equals(id))
            .findFirst()
            .orElseThrow();
    RetryResult result = client.retry(listed);
    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    return result.newLogId();
  }

  private long listRequests(Runnable call) {
    // The first read of the list shows the zone.
    assertThat(client.logs(DeliveryQuery.all()).first()).isPresent();
    long before = portal.requestCount(Operation.LIST);
    call.run();
    return portal.requestCount(Operation.LIST) - before;
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "+03:00", "-04:00", "Pacific/Kiritimati", "Etc/GMT+12"})
  void isNotSentWhileANewerAttemptIsQueued(String zone) {
    start(FakeOnlyOffice.builder().zone(ZoneId.of(zone)));
    portal.asyncDelay(HOUR);
    String id = failed(1).get(0);
    String queued = retryListed(id);

    RetryResult result = retryById(id);

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason())
        .isEqualTo("not sent: the provider is still sending it: see log " + queued);
    assertThat(result.key().id()).isEqualTo(id);
    time.advance(HOUR);
    portal.settle();
    assertThat(portal.endpoint().resends(id)).isEqualTo(1);
    assertThat(portal.requestCount(Operation.RETRY)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "+03:00", "-04:00", "Pacific/Kiritimati", "Etc/GMT+12"})
  void isNotSentAfterANewerAttemptHasDeliveredIt(String zone) {
    start(FakeOnlyOffice.builder().zone(ZoneId.of(zone)));
    String id = failed(1).get(0);
    String delivered = retryListed(id);
    portal.settle();
    succeeded(150);

    RetryResult result = retryById(id);

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).isEqualTo("not sent: it was delivered: see log " + delivered);
    assertThat(portal.endpoint().resends(id)).isEqualTo(1);
    assertThat(portal.requestCount(Operation.RETRY)).isEqualTo(1);
  }

  @Test
  void isNotSentIfAnEarlierRetryDeliveredItAndALaterOneFailed() {
    start(FakeOnlyOffice.builder());
    String id = failed(1).get(0);
    String delivered = retryListed(id);
    portal.settle();
    portal.endpoint().down(503);
    retryListed(id);
    portal.settle();
    portal.endpoint().up();

    assertThat(retryById(id).reason()).contains("it was delivered: see log " + delivered);
    assertThat(portal.endpoint().resends(id)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "+03:00", "-04:00"})
  void isSentOnceAfterItsNewerAttemptHasFailedAgain(String zone) {
    start(FakeOnlyOffice.builder().zone(ZoneId.of(zone)));
    String id = failed(1).get(0);
    portal.endpoint().down(503);
    String again = retryListed(id);
    portal.settle();
    portal.endpoint().up();

    List<RetryResult> results = retryById(List.of(id, again));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactlyInAnyOrder(RetryResult.Status.ACCEPTED, RetryResult.Status.REJECTED);
    portal.settle();
    assertThat(portal.endpoint().resends(id)).isEqualTo(2);
    assertThat(portal.endpoint().delivered(id)).isEqualTo(1);
    assertThat(retryById(List.of(id, again)))
        .extracting(RetryResult::reason)
        .allMatch(reason -> reason.contains("it was delivered"));
  }

  @Test
  void isFoundWithTheAttemptThatDecides() {
    start(FakeOnlyOffice.builder());
    String id = failed(1).get(0);
    FailedDelivery before = client.find(id).orElseThrow();
    String newer = retryListed(id);
    portal.settle();

    FailedDelivery after = client.find(id).orElseThrow();

    assertThat(before.latest().status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(before.latest().logId()).isEqualTo(id);
    assertThat(after.latest().status()).isEqualTo(DeliveryStatus.SUCCEEDED);
    assertThat(after.latest().logId()).isEqualTo(newer);
    assertThat(after.key()).isEqualTo(before.key());
    assertThat(after.lineage()).isEqualTo(before.lineage());
    assertThat(after.latest().createdAt()).isEqualTo(time.now());
    assertThat(portal.endpoint().resends(id)).isEqualTo(1);
  }

  @Test
  void logsOfOtherEventsDoNotPreventARetry() {
    start(FakeOnlyOffice.builder());
    List<String> ids = failed(4);
    portal.asyncDelay(HOUR);
    retryListed(ids.get(1));
    portal.delivery().queued().at(time.now()).add();
    succeeded(120);
    portal.asyncDelay(Duration.ZERO);

    List<RetryResult> results = retryById(ids);

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.ACCEPTED);
    portal.settle();
    assertThat(ids).allMatch(id -> portal.endpoint().resends(id) == 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void theListIsReadOnceForAllDeliveriesOfACall(int concurrency) {
    start(FakeOnlyOffice.builder());
    client.close();
    client = connect(concurrency);
    List<String> ids = failed(40);
    succeeded(440);

    long requests =
        listRequests(
            () ->
                assertThat(retryById(ids))
                    .extracting(RetryResult::status)
                    .containsOnly(RetryResult.Status.ACCEPTED));

    assertThat(requests).isEqualTo(5);
  }

  @Test
  void theListIsReadNoFurtherThanToTheOldestDelivery() {
    start(FakeOnlyOffice.builder());
    client.close();
    client = connect(1);
    failed(300);
    String recent = failed(1).get(0);

    assertThat(listRequests(() -> assertThat(client.find(recent)).isPresent())).isEqualTo(1);
  }

  @Test
  void onlyTheLogsOfItsWebhookAreRead() {
    start(FakeOnlyOffice.builder());
    String id = failed(1).get(0);
    for (int i = 0; i < 300; i++) {
      portal.delivery().webhook(portal.webhookIds().get(1)).status(200).at(time.now()).add();
    }

    assertThat(listRequests(() -> assertThat(client.find(id)).isPresent())).isEqualTo(1);
  }

  @Test
  void aListThatCannotBeReadIsAskedForOnceAndNothingIsSent() {
    start(FakeOnlyOffice.builder());
    List<String> ids = failed(20);
    long once =
        listRequests(
            () -> {
              portal.faults().on(Operation.LIST).always().inject(Fault.status(503));
              assertThat(retryById(ids.get(0)).status()).isEqualTo(RetryResult.Status.NOT_SENT);
            });
    portal.faults().clear();

    long requests =
        listRequests(
            () -> {
              portal.faults().on(Operation.LIST).always().inject(Fault.status(503));
              assertThat(retryById(ids))
                  .extracting(RetryResult::status)
                  .containsOnly(RetryResult.Status.NOT_SENT);
            });

    assertThat(requests).isEqualTo(once);
    assertThat(portal.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void aServerThatResetsLogsHasNoNewerOnes() {
    start(FakeOnlyOffice.builder().resetsLog(true));
    portal.asyncDelay(HOUR);
    String id = failed(1).get(0);

    assertThat(retryById(id).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(retryById(id).reason()).isEqualTo("not sent: the provider is still sending it");
    portal.endpoint().down(503);
    portal.settle();
    portal.endpoint().up();
    assertThat(retryById(id).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    portal.settle();
    assertThat(retryById(id).reason()).isEqualTo("not sent: it was delivered: see log " + id);
    assertThat(portal.endpoint().resends(id)).isEqualTo(2);
  }

  @Test
  void nothingIsLookedForIfTheLogDoesNotIdentifyItsEvent() {
    start(FakeOnlyOffice.builder().legacyPayloads(true));
    String id = failed(1).get(0);
    succeeded(3);

    assertThat(retryById(id).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(portal.requestCount(Operation.LIST)).isZero();
  }
}
