package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A fake, a client of it, and retries whose outcomes are asked for. */
abstract class OutcomesFixture {
  static final Duration SETTLED = Duration.ofMinutes(11);

  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  final ManualTime time = ManualTime.of(clock);
  FakeChatt2me fake;
  Chatt2meClient client;

  OutcomesFixture() {
    start(FakeChatt2me.builder());
  }

  void start(FakeChatt2me.Builder builder) {
    start(builder, 8);
  }

  void start(FakeChatt2me.Builder builder, int concurrency) {
    stop();
    fake = builder.clock(clock).start();
    client =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .concurrency(concurrency)
            .timeSource(time)
            .build();
  }

  @AfterEach
  void stop() {
    if (fake != null) {
      client.close();
      fake.close();
    }
  }

  List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  FailedDelivery failure(String id) {
    return failures().stream().filter(d -> d.key().id().equals(id)).findFirst().orElseThrow();
  }

  RetryResult retryWithLostAnswer(FailedDelivery delivery) {
    return retryWith(delivery, Fault.lostAnswer());
  }

  RetryResult retryWith(FailedDelivery delivery, Fault fault) {
    fake.faults().on(Operation.RETRY).inject(fault);
    RetryResult result = client.retry(delivery);
    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    return result;
  }

  RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }
}
