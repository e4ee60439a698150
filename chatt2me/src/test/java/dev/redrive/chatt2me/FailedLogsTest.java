package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some hubs call failed logs {@code Failed} in the filter of the list, some {@code Error}. */
class FailedLogsTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private FakeChatt2me fake = FakeChatt2me.start();

  @AfterEach
  void stop() {
    fake.close();
  }

  private void start(FakeChatt2me.Builder settings) {
    fake.close();
    fake = settings.clock(clock).webhooks(1).start();
  }

  private Chatt2meClient client() {
    return builder().build();
  }

  private Chatt2meClient.Builder builder() {
    return Chatt2meClient.builder()
        .apiKey(fake.apiKey())
        .baseUrl(fake.baseUrl())
        .timeSource(ManualTime.of(clock))
        .concurrency(1);
  }

  private static List<String> ids(Chatt2meClient client, DeliveryQuery query) {
    return client.failures(query).stream().map(FailedDelivery::key).map(key -> key.id()).toList();
  }

  private List<String> statusesAskedFor() {
    return fake.requests(Operation.LIST).stream()
        .map(request -> request.query().getOrDefault("status", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void errorIsAskedForWhereFailedIsRefusedAndFromThenOnAtOnce(int refusal) {
    start(FakeChatt2me.builder().statusNames("Success", "Error").otherStatus(refusal));
    List<String> seeded = fake.failures(10);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(statusesAskedFor()).containsExactly("Failed", "Error");
      assertThat(ids(client, DeliveryQuery.since(clock.instant().minus(Duration.ofDays(1)))))
          .containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(statusesAskedFor()).containsExactly("Failed", "Error", "Error");
    }
  }

  @Test
  void errorIsAskedForWhereFailedFindsNothingAlthoughErrorsAreCounted() {
    start(FakeChatt2me.builder().statusNames("Success", "Error").otherStatus(200));
    List<String> seeded = fake.failures(10);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(statusesAskedFor()).containsExactly("Failed", "Error");
      assertThat(ids(client, DeliveryQuery.all())).hasSize(10);
      assertThat(statusesAskedFor()).containsExactly("Failed", "Error", "Error");
    }
    assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400})
  void allLogsAreReadWhereNeitherNameFindsWhatIsCounted(int otherStatus) {
    start(FakeChatt2me.builder().statusNames("Success").otherStatus(otherStatus));
    List<String> seeded = fake.failures(60);
    fake.successes(60);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).containsExactlyInAnyOrderElementsOf(seeded);
    }
    assertThat(statusesAskedFor()).containsExactly("Failed", "Error", "", "", "");
  }

  @Test
  void theCountOfANamedWebhookIsAskedForOnlyIfNothingIsFound() {
    start(FakeChatt2me.builder().statusNames("Success", "Error").otherStatus(200));
    List<String> seeded = fake.failures(10);
    try (var client = builder().webhookId(fake.webhookIds().get(0)).build()) {
      assertThat(ids(client, DeliveryQuery.all())).containsExactlyInAnyOrderElementsOf(seeded);
      assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(1);
      assertThat(ids(client, DeliveryQuery.all())).hasSize(10);
      assertThat(fake.requestCount(Operation.WEBHOOKS)).isEqualTo(1);
    }
  }

  @Test
  void errorIsAskedForWhereTheCountIsNotTold() {
    start(
        FakeChatt2me.builder()
            .statusNames("Success", "Error")
            .otherStatus(200)
            .countsErrors(false));
    List<String> seeded = fake.failures(10);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).containsExactlyInAnyOrderElementsOf(seeded);
    }
  }

  @Test
  void nothingIsReadOnceMoreWhereNoErrorsAreCounted() {
    start(FakeChatt2me.builder());
    fake.successes(10);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).isEmpty();
    }
    assertThat(statusesAskedFor()).containsExactly("Failed");
  }

  @Test
  void bothNamesAreTriedAndNotAllLogsWhereTheCountIsNotTold() {
    start(FakeChatt2me.builder().countsErrors(false));
    fake.successes(10);
    try (var client = client()) {
      assertThat(ids(client, DeliveryQuery.all())).isEmpty();
    }
    assertThat(statusesAskedFor()).containsExactly("Failed", "Error");
  }

  @Test
  void aRefusalThatIsNotOfTheNameIsAnError() {
    start(FakeChatt2me.builder());
    fake.failures(10);
    fake.faults().on(Operation.LIST).always().inject(Fault.status(400));
    try (var client = client()) {
      assertThatThrownBy(() -> ids(client, DeliveryQuery.all()))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThat(fake.requests(Operation.LIST)).extracting(RecordedRequest::path).hasSize(3);
  }
}
