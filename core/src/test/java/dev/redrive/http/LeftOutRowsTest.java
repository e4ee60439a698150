package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.WebhookLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeftOutRowsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final List<WebhookLog> LOGS =
      List.of(
          log("delivered", DeliveryStatus.SUCCEEDED, NOON),
          log("failed", DeliveryStatus.FAILED, NOON),
          log("odd", DeliveryStatus.UNKNOWN, NOON),
          log("old", DeliveryStatus.FAILED, NOON.minusSeconds(60)),
          log("undated", DeliveryStatus.FAILED, null),
          log("last", DeliveryStatus.FAILED, NOON));

  private static WebhookLog log(String id, DeliveryStatus status, @Nullable Instant at) {
    return WebhookLog.builder(new DeliveryKey("test", "account", id), status).createdAt(at).build();
  }

  @Test
  void logs_areThoseThatMatch_upToTheLimit() {
    Listing<WebhookLog> logs =
        LeftOutRows.logs(DeliveryQuery.since(NOON), leftOut -> LOGS.stream());

    assertThat(logs)
        .extracting(WebhookLog::logId)
        .containsExactly("delivered", "failed", "odd", "last");
    assertThat(logs.leftOut()).isEqualTo(new Listing.LeftOut(1, 0));
    assertThat(LeftOutRows.logs(DeliveryQuery.builder().limit(2).build(), leftOut -> LOGS.stream()))
        .hasSize(2);
  }

  @Test
  void failures_areThoseThatMatch_andWhatMayHaveFailedIsCounted() {
    Listing<FailedDelivery> failures =
        LeftOutRows.failures(DeliveryQuery.since(NOON), leftOut -> LOGS.stream());

    assertThat(failures)
        .extracting(failure -> failure.latest().logId())
        .containsExactly("failed", "last");
    assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(1, 1));
    assertThat(
            LeftOutRows.failures(
                DeliveryQuery.builder().limit(1).build(), leftOut -> LOGS.stream()))
        .hasSize(1);
  }
}
