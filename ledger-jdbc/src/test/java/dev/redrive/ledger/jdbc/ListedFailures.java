package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import java.util.List;
import java.util.stream.IntStream;

/** Failed deliveries as a provider lists them. */
final class ListedFailures {
  private ListedFailures() {}

  static List<FailedDelivery> of(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> failure(prefix + i, i)).toList();
  }

  private static FailedDelivery failure(String id, int number) {
    return FailedDelivery.of(
        WebhookLog.builder(
                new DeliveryKey(Child.ACME.provider(), Child.ACME.name(), id),
                DeliveryStatus.FAILED)
            .webhook("hook", null, "https://example.com/hooks")
            .event("event-of-" + id, "Message")
            .httpStatus(503)
            .createdAt(Child.NOW.plusSeconds(number))
            .build());
  }
}
