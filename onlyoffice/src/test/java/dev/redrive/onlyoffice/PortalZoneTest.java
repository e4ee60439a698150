package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeOnlyOffice;
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

/** A portal lists the times of its logs shifted by its time zone. */
class PortalZoneTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private ManualTime time = ManualTime.of(clock);
  private FakeOnlyOffice portal;
  private OnlyOfficeClient client;

  private void start(String zone) {
    portal = FakeOnlyOffice.builder().clock(clock).zone(ZoneId.of(zone)).limits(false).start();
    client = connect();
  }

  private OnlyOfficeClient connect() {
    return OnlyOfficeClient.builder()
        .baseUrl(portal.baseUrl())
        .apiKey(portal.apiKey())
        .timeSource(time)
        .concurrency(1)
        .build();
  }

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  private String failedAt(Instant instant) {
    return portal.delivery().status(503).at(instant).add();
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private static List<String> ids(List<FailedDelivery> failures) {
    return failures.stream().map(failure -> failure.key().id()).toList();
  }

  private Instant ago(Duration age) {
    return time.now().minus(age);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "+03:00", "-04:00", "+05:45", "Pacific/Kiritimati", "Etc/GMT+12"})
  void freshFailuresAreFoundWhateverTheZone(String zone) {
    start(zone);
    for (int i = 0; i < 300; i++) {
      failedAt(ago(HOUR.multipliedBy(24).plusMinutes(300 - i)));
    }
    List<String> fresh = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      fresh.add(failedAt(ago(HOUR.plusMinutes(40 - i))));
    }

    List<FailedDelivery> found = failures(DeliveryQuery.since(ago(HOUR.multipliedBy(2))));

    assertThat(ids(found)).containsExactlyInAnyOrderElementsOf(fresh);
    assertThat(found.get(0).latest().createdAt()).isEqualTo(ago(HOUR.plusMinutes(1)));
    assertThat(portal.requestCount(Operation.LIST)).isEqualTo(2);
    assertThat(failures(DeliveryQuery.builder().until(ago(HOUR.multipliedBy(2))).build()))
        .hasSize(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+03:00", "-04:00"})
  void theZoneIsMeasuredFromOlderLogsWhereTheNewestAreRetries(String zone) {
    start(zone);
    for (int i = 0; i < 250; i++) {
      // Two events of one moment, file and user are one to the portal's records.
      failedAt(ago(HOUR.multipliedBy(5).minusSeconds(i)));
    }
    portal.endpoint().down(503);
    client.retryAll(failures(DeliveryQuery.all()));
    portal.settle();
    client.close();
    client = connect();
    time.advance(Duration.ofMinutes(7));

    List<FailedDelivery> found = failures(DeliveryQuery.since(ago(HOUR)));

    assertThat(found).hasSize(250);
    assertThat(found)
        .extracting(failure -> failure.latest().createdAt())
        .allSatisfy(created -> assertThat(created).isBetween(ago(HOUR), time.now()));
  }

  @Test
  void firstLogsShowTheZoneHoweverManyPostsTheyTook() {
    portal =
        FakeOnlyOffice.builder()
            .clock(clock)
            .zone(ZoneId.of("+03:00"))
            .repeatsPosts(true)
            .limits(false)
            .start();
    client = connect();
    failedAt(ago(HOUR.multipliedBy(2)));
    String fresh = failedAt(ago(Duration.ofMinutes(10)));

    assertThat(ids(failures(DeliveryQuery.since(ago(HOUR))))).containsExactly(fresh);
  }

  @Test
  void eachLogHasTheOffsetOfItsOwnTime() {
    clock = MutableClock.at(Instant.parse("2026-03-29T12:00:00Z"));
    time = ManualTime.of(clock);
    start("Europe/Berlin");
    List<Instant> times = new ArrayList<>();
    for (int hours = 400; hours >= 0; hours--) {
      times.add(ago(HOUR.multipliedBy(hours)));
    }
    times.forEach(this::failedAt);

    assertThat(client.logs(DeliveryQuery.all()))
        .extracting(WebhookLog::createdAt)
        .containsExactlyInAnyOrderElementsOf(times);
  }

  @Test
  void datesOfWebhooksAreInTheZoneToo() {
    start("+03:00");
    failedAt(ago(HOUR));
    portal.delivery().status(200).at(ago(HOUR.multipliedBy(2))).add();

    OnlyOfficeWebhook webhook = client.webhookConfigurations().get(0);

    assertThat(webhook.lastFailureAt()).isEqualTo(ago(HOUR));
    assertThat(webhook.lastSuccessAt()).isEqualTo(ago(HOUR.multipliedBy(2)));
  }

  @Test
  void theLogOfARetryHasItsOwnTime() {
    start("+03:00");
    failedAt(ago(HOUR));
    portal.endpoint().up();

    RetryResult result = client.retry(failures(DeliveryQuery.all()).get(0));
    time.advance(Duration.ofMinutes(2));

    assertThat(client.outcomes(List.of(result)).get(0).log())
        .extracting(WebhookLog::createdAt)
        .isEqualTo(ago(Duration.ofMinutes(2)));
  }
}
