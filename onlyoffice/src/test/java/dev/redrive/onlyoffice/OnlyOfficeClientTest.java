package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.RateLimit;
import dev.redrive.Webhook;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnlyOfficeClientTest extends PortalTest {
  @Test
  void allProblemsOfAConfigurationAreToldAtOnce() {
    assertThatThrownBy(() -> OnlyOfficeClient.builder().webhookId("room").batchSize(0).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("no API key")
        .hasMessageContaining("no base URL")
        .hasMessageContaining("webhookId is not a positive number")
        .hasMessageContaining("batchSize is 0");
  }

  @Test
  void theTraitsTellWhatThePortalCanDoAndItsLimits() {
    var traits = client.traits();

    assertThat(traits.provider()).isEqualTo("onlyoffice");
    assertThat(traits.displayName()).isEqualTo("ONLYOFFICE DocSpace");
    assertThat(traits.capabilities())
        .containsExactlyInAnyOrder(
            Capability.WEBHOOKS,
            Capability.LOGS,
            Capability.BULK_RETRY,
            Capability.BULK_ACROSS_WEBHOOKS,
            Capability.CAUSES,
            Capability.WEBHOOK_FILTER,
            Capability.FIND);
    assertThat(traits.pageSize()).isEqualTo(100);
    assertThat(traits.batchSize()).isEqualTo(500);
    assertThat(traits.concurrentRetries()).isEqualTo(8);
    assertThat(traits.settleTime()).isEqualTo(Duration.ofMinutes(1));
    // Six POSTs of 100 s each, and the pauses between them.
    assertThat(traits.listingDelay()).isEqualTo(Duration.ofSeconds(31 + 600));
    assertThat(traits.limits())
        .containsExactlyInAnyOrder(
            new RateLimit(RateLimit.Scope.BULK_RETRY, 5, Duration.ofMinutes(15)),
            new RateLimit(RateLimit.Scope.SINGLE_RETRY, 1500, Duration.ofMinutes(1)),
            new RateLimit(RateLimit.Scope.RETRY, 10_000, Duration.ofDays(1)));
    assertThat(portal.requests()).isEmpty();
  }

  @Test
  void aPortalOfOnesOwnMayHaveNoLimits() {
    try (var own = portal.client(time).withoutRateLimits().build()) {
      assertThat(own.traits().limits()).isEmpty();
    }
  }

  @Test
  void webhooksAreReadWithWhatThePortalTellsOfThem() {
    portal.listWebhooks(
        """
        [{"configs": {"id": 7, "name": "Room activity", "uri": "https://receiver.example/?token=T",
            "secretKey": "SECRET", "enabled": false, "ssl": true, "triggers": 384, "targetId": "9",
            "createdBy": {"displayName": "Ann"}, "lastFailureContent": "500",
            "lastFailureOn": "2026-03-01T12:00:00.0000000+03:00", "lastSuccessOn": null},
          "status": 500},
         {"configs": {"id": 8, "uri": "https://other.example/", "enabled": true, "triggers": 0},
          "status": 0}]\
        """);

    var configurations = client.webhookConfigurations();

    assertThat(configurations).hasSize(2);
    assertThat(configurations.get(0))
        .isEqualTo(
            new OnlyOfficeWebhook(
                "7",
                "Room activity",
                "https://receiver.example/?token=T",
                false,
                true,
                Set.of("file.created", "file.uploaded"),
                "9",
                500,
                "500",
                java.time.Instant.parse("2026-03-01T09:00:00Z"),
                null));
    assertThat(configurations.get(0).toString()).doesNotContain("token", "SECRET");
    assertThat(client.webhooks())
        .containsExactly(
            new Webhook(
                "7",
                "Room activity",
                "https://receiver.example/?token=T",
                false,
                null,
                Set.of("file.created", "file.uploaded")),
            new Webhook("8", null, "https://other.example/", true, null, Set.of("*")));
    assertThat(portal.requests()).containsOnly("GET /api/2.0/settings/webhook");
  }

  @Test
  void triggersAreReadInBothShapes() {
    portal.listTriggers("{\"*\": 0, \"file.created\": 128}");
    assertThat(client.triggers())
        .containsExactly(
            new OnlyOfficeTrigger("*", 0, null), new OnlyOfficeTrigger("file.created", 128, null));

    portal.listTriggers(
        "[{\"name\": \"folder.downloaded\", \"id\": 34359738368, \"available\": false}]");
    assertThat(client.triggers())
        .containsExactly(new OnlyOfficeTrigger("folder.downloaded", 34359738368L, false));
    assertThat(portal.requests()).containsOnly("GET /api/2.0/settings/webhook/triggers");
  }

  @Test
  void theKeyIsABearerTokenAndARefusalMayHaveNoBody() {
    try (var stranger = portal.client(time).apiKey("sk-wrong").build()) {
      assertThatThrownBy(stranger::webhooks)
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("list webhooks")
          .hasMessageNotContaining("sk-wrong");
    }
    assertThat(portal.requests()).hasSize(1);
  }

  @Test
  void aMaskNamesEveryBitAndKeepsTheUnknownOnes() {
    assertThat(Triggers.names(null)).isEmpty();
    assertThat(Triggers.names("5")).containsExactly("user.created", "user.updated");
    assertThat(Triggers.names(Long.toString(1L << 50))).containsExactly(Long.toString(1L << 50));
    assertThat(Triggers.names("everything")).containsExactly("everything");
    assertThat(Triggers.name("34359738368")).isEqualTo("folder.downloaded");
    assertThat(Triggers.name("3")).isEqualTo("3");
    assertThat(Triggers.name("file.created")).isEqualTo("file.created");
  }
}
