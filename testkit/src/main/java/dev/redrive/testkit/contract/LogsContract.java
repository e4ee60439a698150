package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.logIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Logs and webhooks, or that the provider lists none. */
public interface LogsContract extends ContractPart {
  @Test
  default void logs_listSucceededOnesToo() {
    assumeTrue(can(Capability.LOGS));
    List<String> failed = fake().failures(30);
    List<String> succeeded = fake().successes(30);

    List<WebhookLog> logs = client().logs(DeliveryQuery.all()).toList();

    assertThat(logIds(logs)).containsAll(failed).containsAll(succeeded);
    assertThat(logs.stream().map(log -> log.key().id() + " " + log.logId()).toList())
        .doesNotHaveDuplicates();
    for (WebhookLog log : logs) {
      if (succeeded.contains(log.key().id())) {
        assertThat(log.status()).isEqualTo(DeliveryStatus.SUCCEEDED);
      }
      if (failed.contains(log.key().id())) {
        assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
      }
    }
  }

  @Test
  default void logs_whenFiltered_areThoseThatMatch() {
    assumeTrue(can(Capability.LOGS));
    for (int i = 0; i < 20; i++) {
      time().advance(Duration.ofSeconds(20));
      fake().endpoint().down(400);
      fake().traffic(1);
      fake().endpoint().up();
      fake().traffic(1);
    }
    List<WebhookLog> all = client().logs(DeliveryQuery.all()).toList();
    List<Instant> times = all.stream().map(WebhookLog::createdAt).sorted().toList();
    String type = Objects.requireNonNull(all.get(0).eventType());
    var queries =
        List.of(
            DeliveryQuery.since(times.get(10)),
            DeliveryQuery.builder().until(times.get(10)).build(),
            DeliveryQuery.builder().eventTypes(type).build(),
            DeliveryQuery.builder().eventTypes(type).since(times.get(10)).build());

    for (DeliveryQuery query : queries) {
      assertThat(client().logs(query).stream().map(WebhookLog::logId).toList())
          .as(query.toString())
          .containsExactlyInAnyOrderElementsOf(
              all.stream().filter(query::matches).map(WebhookLog::logId).toList());
    }
    assertThat(client().logs(DeliveryQuery.builder().limit(7).build()).toList()).hasSize(7);
  }

  @Test
  default void logs_whenTheProviderListsNone_failByName() {
    assumeTrue(!can(Capability.LOGS));

    assertUnsupported(Capability.LOGS, () -> client().logs(DeliveryQuery.all()).toList());
  }

  @Test
  default void webhooks_areTheSubscriptions() {
    assumeTrue(can(Capability.WEBHOOKS));
    String off = fake().webhookIds().get(1);
    fake().setActive(off, false);

    List<Webhook> webhooks = client().webhooks();

    assertThat(webhooks.stream().map(Webhook::id))
        .containsExactlyInAnyOrderElementsOf(fake().webhookIds());
    for (Webhook webhook : webhooks) {
      assertThat(webhook.endpoint()).startsWith("https://");
      if (webhook.active() != null) {
        assertThat(webhook.active()).isEqualTo(!webhook.id().equals(off));
      }
    }
  }

  @Test
  default void webhooks_whenTheProviderListsNone_failByName() {
    assumeTrue(!can(Capability.WEBHOOKS));

    assertUnsupported(Capability.WEBHOOKS, () -> client().webhooks());
  }
}
