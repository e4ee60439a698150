package dev.redrive.baanx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation leaves open: the order of lists, and how retries' attempts appear. */
class VariantsTest {
  record Variant(boolean oldestFirst, FakeBaanx.Numbering numbering, boolean showsQueuedAttempts) {}

  static Stream<Variant> all() {
    List<Variant> variants = new ArrayList<>();
    for (FakeBaanx.Numbering numbering : FakeBaanx.Numbering.values()) {
      for (boolean oldestFirst : List.of(false, true)) {
        for (boolean showsQueued : List.of(false, true)) {
          variants.add(new Variant(oldestFirst, numbering, showsQueued));
        }
      }
    }
    return variants.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void retries_areToldApartWhateverTheOrderAndTheNumbers(Variant variant) {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
    try (FakeBaanx baanx =
            FakeBaanx.builder()
                .clock(clock)
                .oldestFirst(variant.oldestFirst())
                .numbering(variant.numbering())
                .showsQueuedAttempts(variant.showsQueuedAttempts())
                .asyncDelay(Duration.ofSeconds(5))
                .start();
        BaanxClient client =
            BaanxClient.builder()
                .baseUrl(baanx.baseUrl())
                .apiKey(baanx.apiKey())
                .timeSource(ManualTime.of(clock))
                .build()) {
      List<String> ids = baanx.failures(12);
      List<FailedDelivery> failures = failures(client);
      assertThat(failures)
          .extracting(delivery -> delivery.key().id())
          .containsExactlyInAnyOrderElementsOf(ids);

      baanx.endpoint().down(503);
      List<RetryResult> first = client.retryAll(failures);
      assertStatus(client.outcomes(first), RetryOutcome.Status.PENDING);
      clock.advance(Duration.ofSeconds(10));
      assertStatus(client.outcomes(first), RetryOutcome.Status.FAILED_AGAIN);

      clock.advance(Duration.ofMinutes(10));
      baanx.endpoint().up();
      baanx.faults().on(Operation.RETRY).always().inject(Fault.lostAnswer());
      List<RetryResult> second = client.retryAll(failures(client));
      baanx.faults().clear();
      assertThat(second).extracting(RetryResult::status).containsOnly(RetryResult.Status.UNKNOWN);
      clock.advance(Duration.ofHours(1));
      assertStatus(client.outcomes(second), RetryOutcome.Status.DELIVERED);
      assertThat(failures(client)).isEmpty();
      assertThat(baanx.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  private static void assertStatus(List<RetryOutcome> outcomes, RetryOutcome.Status status) {
    assertThat(outcomes).hasSize(12).extracting(RetryOutcome::status).containsOnly(status);
  }

  private static List<FailedDelivery> failures(BaanxClient client) {
    return client.failures(DeliveryQuery.all()).toList();
  }
}
