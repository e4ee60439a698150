package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.ProviderTraits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    }
  }

  @ParameterizedTest
  @EnumSource(VoisoClient.ApiVersion.class)
  void theTraitsTellWhatVoisoCanDo(VoisoClient.ApiVersion version) {
    boolean isV4 = version == VoisoClient.ApiVersion.V4;
    try (var client =
        VoisoClient.builder()
            .baseUrl("https://cluster1.voiso.com")
            .apiKey("k")
            .apiVersion(version)
            .build()) {
      ProviderTraits traits = client.traits();
      assertThat(traits.can(Capability.BULK_RETRY)).isFalse();
      assertThat(traits.can(Capability.LOGS)).isFalse();
      assertThat(traits.can(Capability.FIND)).isEqualTo(isV4);
      assertThat(traits.batchSize()).isEqualTo(1);
      assertThat(traits.pageSize()).isEqualTo(isV4 ? 100 : 50);
      assertThat(traits.limits()).isEmpty();
      assertThat(traits.listingDelay()).isEqualTo(Duration.ofHours(24));
    }
  }
}
