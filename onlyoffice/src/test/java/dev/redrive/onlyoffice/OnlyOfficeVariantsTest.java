package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What builds of the server do in their own way. */
class OnlyOfficeVariantsTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeOnlyOffice portal;
  private OnlyOfficeClient client;

  private List<FailedDelivery> failures(int count, UnaryOperator<FakeOnlyOffice.Builder> build) {
    portal = build.apply(FakeOnlyOffice.builder().clock(clock)).start();
    portal.failures(count);
    portal.endpoint().up();
    client =
        OnlyOfficeClient.builder()
            .baseUrl(portal.baseUrl())
            .apiKey(portal.apiKey())
            .timeSource(time)
            .batchSize(2)
            .concurrency(1)
            .build();
    return client.failures(DeliveryQuery.all()).toList();
  }

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  private List<RetryOutcome.Status> outcomes(List<RetryResult> results) {
    time.advance(Duration.ofMinutes(2));
    return client.outcomes(results).stream().map(RetryOutcome::status).toList();
  }

  @Test
  void aRetryThatIsAnsweredWithNullIsSettledByReading() {
    FailedDelivery delivery = failures(1, build -> build.resetsLog(true).answersNull(true)).get(0);

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(outcomes(List.of(result))).containsExactly(RetryOutcome.Status.DELIVERED);
    assertThat(portal.endpoint().resends(delivery.key().id())).isEqualTo(1);
  }

  @Test
  void payloadsThatDoNotNameTheirEventLeaveABatchOpenAndASingleRetryClear() {
    List<FailedDelivery> deliveries = failures(3, build -> build.legacyPayloads(true));

    List<RetryResult> results = client.retryAll(deliveries);

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.UNKNOWN, RetryResult.Status.UNKNOWN, RetryResult.Status.ACCEPTED);
    assertThat(outcomes(results))
        .containsExactly(
            RetryOutcome.Status.UNKNOWN,
            RetryOutcome.Status.UNKNOWN,
            RetryOutcome.Status.DELIVERED);
  }

  @Test
  void payloadsThatDoNotNameTheirEventAreClearWhereTheLogIsReset() {
    List<FailedDelivery> deliveries =
        failures(2, build -> build.legacyPayloads(true).resetsLog(true));

    List<RetryResult> results = client.retryAll(deliveries);

    assertThat(results).extracting(RetryResult::status).containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(outcomes(results)).containsOnly(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void whatTheNewestServerGaveUpUnsentIsAFailureAndWhatWaitsThereIsNone() {
    failures(0, build -> build.resetsLog(true));
    portal.delivery().queued().add();
    String cancelled = portal.delivery().cancelled().add();

    List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
    List<RetryResult> results = client.retryAll(failed);

    assertThat(failed).extracting(each -> each.key().id()).containsExactly(cancelled);
    assertThat(outcomes(results)).containsExactly(RetryOutcome.Status.DELIVERED);
    assertThat(portal.endpoint().resends()).isEqualTo(1);
  }

  @Test
  void everyTriggerIsNamedByItsBit() {
    failures(0, build -> build.legacyPayloads(true));
    List<String> names =
        client.triggers().stream()
            .map(OnlyOfficeTrigger::name)
            .filter(name -> !name.equals(Triggers.ALL))
            .toList();
    Map<String, String> nameById = new HashMap<>();
    names.forEach(name -> nameById.put(portal.delivery().trigger(name).add(), name));

    List<FailedDelivery> found = client.failures(DeliveryQuery.all()).toList();

    assertThat(found).hasSize(36);
    assertThat(found)
        .allSatisfy(
            each -> assertThat(each.latest().eventType()).isEqualTo(nameById.get(each.key().id())));
  }

  @Test
  void timesWithoutAZoneAreUtc() {
    List<FailedDelivery> deliveries = failures(20, build -> build.timesWithoutZone(true));

    assertThat(deliveries)
        .allSatisfy(
            d ->
                assertThat(d.latest().createdAt())
                    .isBetween(time.now().minus(Duration.ofHours(7)), time.now()));
  }

  @Test
  void theSixthBatchInAQuarterOfAnHourIsNotSent() {
    List<FailedDelivery> deliveries = failures(16, build -> build);

    List<RetryResult> results = client.retryAll(deliveries);

    assertThat(results.subList(0, 10))
        .extracting(RetryResult::status)
        .containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(results.subList(10, 16))
        .extracting(RetryResult::status)
        .containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(results.get(10).error()).isInstanceOf(RateLimitedException.class);
    assertThat(portal.requestCount(Operation.RETRY)).isEqualTo(6);
    assertThat(portal.endpoint().resends()).isEqualTo(10);
  }
}
