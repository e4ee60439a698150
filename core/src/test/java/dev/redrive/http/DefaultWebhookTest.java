package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.InvalidRequestException;
import org.junit.jupiter.api.Test;

class DefaultWebhookTest {
  private static final DeliveryQuery ANY = DeliveryQuery.all();
  private static final DeliveryQuery OTHER = DeliveryQuery.builder().webhookId("other").build();

  @Test
  void aQueryThatNamesNoWebhookGetsIt() {
    assertThat(new DefaultWebhook("own").applyTo(ANY).webhookId()).isEqualTo("own");
    assertThat(new DefaultWebhook("own").applyTo(OTHER)).isSameAs(OTHER);
  }

  @Test
  void anIdThatIsNoUuidIsRefused_whereWebhooksHaveUuids() {
    String uuid = "0b97ce11-b6e0-49b4-8f92-68040aa324bf";
    var own = new DefaultWebhook(uuid);

    assertThat(own.applyTo(ANY, "Test", "list logs").webhookId()).isEqualTo(uuid);
    assertThat(new DefaultWebhook(null).applyTo(ANY, "Test", "list logs")).isSameAs(ANY);
    assertThatThrownBy(() -> own.applyTo(OTHER, "Test", "list logs"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("list logs")
        .hasMessageContaining("webhook id is not a UUID");
  }

  @Test
  void aClientThatIsSetToNoneLeavesTheQueryAsItIs() {
    assertThat(new DefaultWebhook(null).applyTo(ANY)).isSameAs(ANY);
  }
}
