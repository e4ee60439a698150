package dev.redrive.micrometer;

import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A provider, a client and a ledger that are measured. */
@Timeout(60)
abstract class MetricsFixture {
  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  final ManualTime time = ManualTime.of(clock);
  final FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();
  final RetryLedger ledger = JdbcLedger.openInMemory();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final RedriveMetrics metrics =
      RedriveMetrics.builder(registry).observations(observations()).timeSource(time).build();
  final WebhookRetryClient client =
      Chatt2meClient.builder()
          .baseUrl(fake.baseUrl())
          .apiKey(fake.apiKey())
          .account("sales")
          .timeSource(time)
          .requestListener(metrics.requestListener())
          .build();

  ObservationRegistry observations() {
    return ObservationRegistry.NOOP;
  }

  @AfterEach
  void close() {
    client.close();
    ledger.close();
    fake.close();
  }

  void watch() {
    metrics.watch(ledger, List.of(client));
  }

  Recovery.Builder recovery() {
    return Recovery.of(client)
        .ledger(ledger)
        .timeSource(time)
        .lease(Duration.ofDays(1))
        .listener(metrics.recoveryListener());
  }

  RecoveryReport recover() {
    return recovery().build().run();
  }

  double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  double deliveries(String outcome) {
    return registry
        .get("redrive.deliveries")
        .tags("provider", "chatt2me", "account", "sales", "outcome", outcome)
        .counter()
        .count();
  }

  /** All tags of all meters whose names begin so. */
  List<Tag> tags(String name) {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().startsWith(name))
        .flatMap(id -> id.getTags().stream())
        .toList();
  }
}
