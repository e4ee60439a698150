package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.InvalidConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VoisoClientTest {
  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                VoisoClient.builder()
                    .apiKey("k y")
                    .webhookId("w")
                    .apiVersion(VoisoClient.ApiVersion.V1)
                    .build())
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class, e -> assertThat(e.problems()).hasSize(4))
        .hasMessageContaining("apiKey")
        .hasMessageContaining("no base URL")
        .hasMessageContaining("webhookId is not a UUID")
        .hasMessageContaining("API v1")
        .hasMessageNotContaining("k y");
  }

  @Test
  void theAccountIsTheClusterUnlessNamed() {
    try (var client =
        VoisoClient.builder().baseUrl("https://cluster1.voiso.com").apiKey("k").build()) {
      assertThat(client.account()).isEqualTo("cluster1.voiso.com");
      assertThat(client.traits().provider()).isEqualTo("voiso");
      assertThat(client.traits().displayName()).isEqualTo("Voiso");
      assertThat(client.traits().listingDelay()).isEqualTo(Duration.ofHours(24));
    }
  }
}
