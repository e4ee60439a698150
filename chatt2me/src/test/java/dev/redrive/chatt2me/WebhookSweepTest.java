package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.Webhook;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookSweepTest extends ListingFixture {
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
    fake.latency(Duration.ofMillis(50));
    List<String> webhooks;
    try (var client = builder().concurrency(8).build()) {
      List<FailedDelivery> listed = client.failures(DeliveryQuery.all()).toList();
      assertThat(ids(listed)).containsExactlyInAnyOrderElementsOf(seeded);
      webhooks = listed.stream().map(d -> d.latest().webhookId()).distinct().toList();
    }
    assertThat(webhooks).isEqualTo(fake.webhookIds());
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(20);
    assertThat(fake.peakConcurrency(Operation.LIST)).isBetween(4, 8);
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
      assertThatThrownBy(() -> failures.toList()).isInstanceOf(NotFoundException.class);
    }
  }
}
