package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DeliveryQueryTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final DeliveryKey KEY = new DeliveryKey("test", "account", "1");

  private static WebhookLog.Builder log() {
    return WebhookLog.builder(KEY, DeliveryStatus.FAILED);
  }

  @Test
  void all_matchesEverything() {
    assertThat(DeliveryQuery.all().matches(log().build())).isTrue();
    assertThat(DeliveryQuery.all().matches(FailedDelivery.of(log().createdAt(NOON).build())))
        .isTrue();
    assertThat(DeliveryQuery.all().limit()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void since_isInclusiveAndUntilIsNot() {
    var query = DeliveryQuery.builder().since(NOON).until(NOON.plusSeconds(10)).build();

    assertThat(query.matches(log().createdAt(NOON.minusNanos(1)).build())).isFalse();
    assertThat(query.matches(log().createdAt(NOON).build())).isTrue();
    assertThat(query.matches(log().createdAt(NOON.plusNanos(9_999_999_999L)).build())).isTrue();
    assertThat(query.matches(log().createdAt(NOON.plusSeconds(10)).build())).isFalse();
  }

  @Test
  void matches_whenTheProviderDoesNotTell_keepsTheLog() {
    var query =
        DeliveryQuery.builder()
            .since(NOON)
            .until(NOON.plusSeconds(1))
            .webhookId("w")
            .eventTypes("t")
            .build();

    assertThat(query.matches(log().createdAt(NOON).build())).isTrue();
    assertThat(query.cannotDate(log().createdAt(NOON).build())).isFalse();
  }

  @Test
  void matches_whenATimeIsAskedForAndNotTold_leavesTheLogOutAndSaysWhy() {
    WebhookLog undated = log().webhook("w", null, null).build();
    FailedDelivery failed = FailedDelivery.of(undated);

    for (DeliveryQuery bounded :
        List.of(DeliveryQuery.since(NOON), DeliveryQuery.builder().until(NOON).build())) {
      assertThat(bounded.matches(undated)).isFalse();
      assertThat(bounded.matches(failed)).isFalse();
      assertThat(bounded.cannotDate(undated)).isTrue();
      assertThat(bounded.cannotDate(failed)).isTrue();
      assertThat(bounded.toBuilder().webhookId("x").build().cannotDate(undated)).isFalse();
      assertThat(bounded.toBuilder().causes(FailureCause.GONE).build().cannotDate(failed))
          .isFalse();
    }
    assertThat(DeliveryQuery.all().matches(undated)).isTrue();
    assertThat(DeliveryQuery.all().cannotDate(undated)).isFalse();
    assertThat(DeliveryQuery.all().cannotDate(failed)).isFalse();
  }

  @Test
  void matches_goesByWebhookAndEventType() {
    var query = DeliveryQuery.builder().webhookId("w").eventTypes("a", "b").build();

    assertThat(query.matches(log().webhook("w", null, null).event(null, "b").build())).isTrue();
    assertThat(query.matches(log().webhook("x", null, null).event(null, "b").build())).isFalse();
    assertThat(query.matches(log().webhook("w", null, null).event(null, "c").build())).isFalse();
  }

  @Test
  void matches_whenAWebhooksIdIsInAnotherCase_keepsTheLog() {
    String id = "b2c3d4e5-f6a7-8901-bcde-f23456789012";
    var query = DeliveryQuery.builder().webhookId(id.toUpperCase(Locale.ROOT)).build();

    assertThat(query.matches(log().webhook(id, null, null).build())).isTrue();
    assertThat(query.matches(log().webhook("c" + id.substring(1), null, null).build())).isFalse();
  }

  @Test
  void causes_narrowFailuresOnly() {
    var query = DeliveryQuery.builder().causes(FailureCause.SERVER_ERROR).build();
    WebhookLog missing = log().httpStatus(404).build();

    assertThat(query.matches(FailedDelivery.of(missing))).isFalse();
    assertThat(query.matches(missing)).isTrue();
    assertThat(query.matches(FailedDelivery.of(log().httpStatus(503).build()))).isTrue();
  }

  @Test
  void providerRetries_areLeftOutUnlessAskedFor() {
    FailedDelivery retrying = FailedDelivery.of(log().nextRetryAt(NOON).build());

    assertThat(retrying.providerIsRetrying()).isTrue();
    assertThat(retrying.providerRetriesAt()).isEqualTo(NOON);
    assertThat(DeliveryQuery.all().matches(retrying)).isFalse();
    assertThat(DeliveryQuery.builder().includeProviderRetries().build().matches(retrying)).isTrue();
  }

  @Test
  void toBuilder_keepsEverything() {
    var query =
        DeliveryQuery.builder()
            .since(NOON)
            .until(NOON.plusSeconds(1))
            .webhookId("w")
            .eventTypes("t")
            .causes(FailureCause.GONE)
            .limit(7)
            .includeProviderRetries()
            .build();

    assertThat(query.toBuilder().build()).hasToString(query.toString());
    assertThat(query)
        .hasToString(
            "DeliveryQuery[since=2026-03-01T12:00:00Z, until=2026-03-01T12:00:01Z, webhookId=w,"
                + " eventTypes=[t], causes=[GONE], limit=7, includesProviderRetries=true]");
    assertThat(query.toBuilder().limit(8).build().limit()).isEqualTo(8);
    assertThat(query.limit()).isEqualTo(7);
  }

  @Test
  void build_whenItCanMatchNothing_refusesAndSaysWhatToDo() {
    assertThatThrownBy(() -> DeliveryQuery.builder().limit(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit is 0: it must be at least 1");
    assertThatThrownBy(() -> DeliveryQuery.builder().since(NOON).until(NOON).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not after since")
        .hasMessageContaining("swap or widen");
  }

  @Test
  void query_isImmutable() {
    var query = DeliveryQuery.builder().eventTypes("t").build();

    assertThatThrownBy(() -> query.eventTypes().add("u"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> query.causes().add(FailureCause.GONE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void queries_withTheSameFilters_areEqual() {
    var since = Instant.parse("2026-03-01T12:00:00Z");
    DeliveryQuery query =
        DeliveryQuery.builder()
            .since(since)
            .until(since.plusSeconds(60))
            .webhookId("w")
            .eventTypes("a", "b")
            .causes(FailureCause.GONE)
            .limit(7)
            .includeProviderRetries()
            .build();

    assertThat(query.toBuilder().build()).isEqualTo(query).hasSameHashCodeAs(query);
    assertThat(DeliveryQuery.builder().build()).isEqualTo(DeliveryQuery.all());
    assertThat(
            List.of(
                query.toBuilder().since(null).build(),
                query.toBuilder().until(null).build(),
                query.toBuilder().webhookId("v").build(),
                query.toBuilder().eventTypes("c").build(),
                query.toBuilder().causes(FailureCause.REDIRECTED).build(),
                query.toBuilder().limit(8).build(),
                DeliveryQuery.all()))
        .doesNotContain(query)
        .doesNotHaveDuplicates();
  }
}
