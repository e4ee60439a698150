package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
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
  void aClientThatIsSetToNoneLeavesTheQueryAsItIs() {
    assertThat(new DefaultWebhook(null).applyTo(ANY)).isSameAs(ANY);
  }
}
