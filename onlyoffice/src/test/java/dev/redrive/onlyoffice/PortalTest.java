package dev.redrive.onlyoffice;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client at a {@link StubPortal}. */
abstract class PortalTest {
  final ManualTime time = ManualTime.of(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  StubPortal portal;
  OnlyOfficeClient client;

  @BeforeEach
  void start() throws IOException {
    portal = new StubPortal();
    client = portal.client(time).build();
  }

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  List<String> failedIds(DeliveryQuery query) {
    return failures(query).stream().map(delivery -> delivery.key().id()).toList();
  }

  WebhookLog onlyLog() {
    return client.logs(DeliveryQuery.all()).toList().get(0);
  }
}
