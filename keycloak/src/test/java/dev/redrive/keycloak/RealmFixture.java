package dev.redrive.keycloak;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeKeycloak;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A realm with two webhooks, and a client of it whose clock is three hours ahead. */
abstract class RealmFixture {
  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
  final ManualTime time = ManualTime.of(clock).ahead(Duration.ofHours(3));
  final FakeKeycloak fake = FakeKeycloak.builder().clock(clock).webhooks(2).start();
  final KeycloakClient client = builder().clientId(FakeKeycloak.CLIENT_ID).build();

  KeycloakClient.Builder builder() {
    return KeycloakClient.builder()
        .baseUrl(fake.baseUrl())
        .realm(FakeKeycloak.REALM)
        .apiKey(fake.apiKey())
        .timeSource(time);
  }

  @AfterEach
  void close() {
    client.close();
    fake.close();
  }

  List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  List<FailedDelivery> failuresWithThoseStillRetried() {
    return client.failures(DeliveryQuery.builder().includeProviderRetries().build()).toList();
  }

  FailedDelivery oneFailure() {
    fake.failures(1);
    return failures().get(0);
  }

  RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }
}
