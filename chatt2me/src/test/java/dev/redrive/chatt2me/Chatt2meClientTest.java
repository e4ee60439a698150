package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Chatt2meClientTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();

  @AfterEach
  void stop() {
    fake.close();
  }

  private Chatt2meClient.Builder builder() {
    return Chatt2meClient.builder().apiKey(fake.apiKey()).baseUrl(fake.baseUrl()).timeSource(time);
  }

  @Test
  void webhookIdThatIsNoUuidIsRefusedWithoutRequest() {
    assertThatThrownBy(() -> builder().webhookId("7").build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("webhookId is not a UUID");
    try (var client = builder().build()) {
      var query = DeliveryQuery.builder().webhookId("../../x").build();
      assertThatThrownBy(() -> client.failures(query).iterator().hasNext())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("not a UUID");
    }
    assertThat(fake.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "b2c3d4e5"})
  void webhookWhoseIdIsNoUuidIsRefusedWithoutRequest(String id) {
    try (var client = builder().build()) {
      assertThatThrownBy(() -> client.webhook(id))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("read webhook failed: the webhook id is not a UUID");
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void webhookDoesNotShowTheTokensInItsEndpoint() {
    var webhook =
        new Chatt2meWebhook(
            "id", "la\nbel", "https://u:p@host/path?token=s3cret", null, null, null, null, null);
    assertThat(webhook.toString())
        .contains("https://host/path", "la bel")
        .doesNotContain("s3cret", "u:p");
  }

  @Test
  void traitsTellWhatTheApiCan() {
    try (var client = builder().build()) {
      assertThat(client.traits().provider()).isEqualTo("chatt2me");
      assertThat(client.traits().displayName()).isEqualTo("Chatt2.me");
      assertThat(client.traits().pageSize()).isEqualTo(50);
      assertThat(client.traits().batchSize()).isEqualTo(50);
      assertThat(client.traits().capabilities())
          .containsExactlyInAnyOrder(
              Capability.WEBHOOKS,
              Capability.LOGS,
              Capability.BULK_RETRY,
              Capability.CAUSES,
              Capability.WEBHOOK_FILTER,
              Capability.UNIQUE_IDS);
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void apiIsTheVendorsByDefault() {
    try (var client = Chatt2meClient.builder().apiKey("key").build()) {
      assertThat(client.account()).isEqualTo("api.chatt2.me");
    }
  }
}
