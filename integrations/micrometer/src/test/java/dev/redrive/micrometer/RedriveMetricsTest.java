package dev.redrive.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Counters and timers, of a real client and real recoveries. */
class RedriveMetricsTest extends MetricsFixture {
  @Test
  void allIsThere_withZero_fromTheStart() {
    watch();

    assertThat(registry.get("redrive.deliveries").counters())
        .extracting(counter -> counter.getId().getTag("outcome"))
        .containsExactlyInAnyOrder("delivered", "failed_again", "rejected", "unknown");
    assertThat(registry.get("redrive.deliveries").counters()).allMatch(each -> each.count() == 0);
    assertThat(registry.get("redrive.pauses").timers())
        .extracting(timer -> timer.getId().getTag("reason"))
        .containsExactlyInAnyOrder("rate_limit", "failed_requests", "receiver_rate");
    assertThat(registry.get("redrive.pauses").timers()).allMatch(each -> each.count() == 0);
    assertThat(registry.get("redrive.backlog").gauges())
        .extracting(gauge -> gauge.getId().getTag("state"))
        .containsExactlyInAnyOrder(
            "found", "sending", "accepted", "unknown", "failed_again", "rejected");
    assertThat(registry.get("redrive.backlog").gauges()).allMatch(each -> each.value() == 0);
    assertThat(gauge("redrive.catchup.age", "provider", "chatt2me", "account", "sales")).isZero();
    assertThat(registry.get("redrive.catchup.age").gauge().getId().getBaseUnit())
        .isEqualTo("seconds");
    assertThat(registry.get("redrive.requests").tag("operation", "retry log").timers())
        .allMatch(timer -> timer.count() == 0);
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void deliveries_areCountedByOutcome_asReported() {
    watch();
    fake.failures(60);
    fake.endpoint().flapping(0.2, 500);

    RecoveryReport report = recover();

    assertThat(deliveries("delivered")).isEqualTo(report.counts().delivered()).isPositive();
    assertThat(deliveries("failed_again")).isEqualTo(report.counts().failedAgain()).isPositive();
    assertThat(deliveries("rejected")).isEqualTo(report.counts().rejected());
    assertThat(deliveries("unknown")).isEqualTo(report.counts().unknown());
  }

  @Test
  void requests_areTimed_asManyAsTheServerSaw() {
    fake.failures(20);
    fake.endpoint().up();
    fake.faults().on(Operation.RETRY).nth(2).inject(Fault.status(503));

    recover();

    Collection<Timer> timers = registry.get("redrive.requests").timers();
    assertThat(timers.stream().mapToLong(Timer::count).sum()).isEqualTo(fake.requestCount());
    assertThat(timers)
        .allMatch(timer -> "chatt2me".equals(timer.getId().getTag("provider")))
        .extracting(timer -> timer.getId().getTag("operation"))
        .contains("list logs", "retry logs");
    assertThat(
            registry.get("redrive.requests").tags("result", "unavailable").timers().stream()
                .mapToLong(Timer::count)
                .sum())
        .isEqualTo(1);
  }

  @Test
  void pauses_ofTheClientAndOfTheRecovery_areTimed() {
    fake.failures(3);
    fake.endpoint().up();
    fake.faults().on(Operation.LIST).nth(1).inject(Fault.status(503));
    fake.faults().on(Operation.RETRY).nth(1).inject(Fault.status(429).retryAfter("20"));

    assertThat(recover().counts().delivered()).isEqualTo(3);

    assertThat(pauses("failed_requests").count()).isEqualTo(1);
    assertThat(pauses("rate_limit").count()).isEqualTo(1);
    assertThat(pauses("rate_limit").totalTime(TimeUnit.SECONDS)).isGreaterThanOrEqualTo(20);

    metrics
        .recoveryListener()
        .onPause(
            Account.of(client),
            Duration.ofMinutes(3),
            PauseReason.RECEIVER_RATE,
            "the requested rate limit");
    assertThat(pauses("receiver_rate").totalTime(TimeUnit.SECONDS)).isEqualTo(180);
    assertThat(tags("redrive.pauses")).noneMatch(tag -> tag.getValue().contains("requested"));
  }

  private Timer pauses(String reason) {
    return registry.get("redrive.pauses").tags("reason", reason).timer();
  }

  @Test
  void noTag_holdsAnIdAUrlOrAMessage() {
    watch();
    List<String> ids = fake.failures(40);
    fake.endpoint().flapping(0.3, 500);
    String message = "a message that nobody should store";
    fake.faults()
        .on(Operation.RETRY)
        .nth(2)
        .inject(Fault.answer(500, "application/json", "{\"message\":\"" + message + "\"}"));
    List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
    recover();

    List<String> forbidden = new ArrayList<>(ids);
    forbidden.addAll(fake.webhookIds());
    failed.forEach(
        delivery -> {
          forbidden.add(delivery.latest().endpoint());
          forbidden.add(delivery.lineage());
        });
    forbidden.addAll(List.of(fake.baseUrl(), fake.apiKey(), "://", message));
    forbidden.removeIf(text -> text == null || text.isEmpty());
    assertThat(tags("redrive."))
        .isNotEmpty()
        .extracting(Tag::getValue)
        .noneMatch(value -> forbidden.stream().anyMatch(value::contains))
        .allMatch(value -> value.length() < 30);
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .allMatch(id -> id.getName().startsWith("redrive."));
  }

  @Test
  void anAccountThatIsNotWatched_isCountedFromItsFirstRunOn() {
    fake.failures(1);
    fake.endpoint().up();

    recover();

    assertThat(registry.get("redrive.deliveries").counters()).hasSize(4);
    assertThat(deliveries("delivered")).isEqualTo(1);
    assertThat(registry.get("redrive.deliveries").counters().stream().mapToDouble(Counter::count))
        .containsExactlyInAnyOrder(1.0, 0.0, 0.0, 0.0);
  }

  @Test
  void aSecondLedger_isRefused() {
    watch();

    assertThatIllegalStateException().isThrownBy(this::watch).withMessageContaining("already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedriveMetrics.builder(registry).ledgerEvery(Duration.ofMillis(-1)))
        .withMessageContaining("ledgerEvery");
  }
}
