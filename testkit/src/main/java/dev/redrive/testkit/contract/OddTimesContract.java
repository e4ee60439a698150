package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Lists whose times are in any spelling, or in none. */
public interface OddTimesContract extends ContractPart {
  @TestFactory
  default Stream<DynamicTest> failures_whenTimesAreSpelledOddly_areDatedRight() {
    List<String> ids = fake().failures(12);
    Map<String, Instant> times = new LinkedHashMap<>();
    listed().forEach(failure -> times.put(failure.key().id(), whole(failure)));
    assertThat(times.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assumeTrue(!times.containsValue(Instant.MIN));
    Instant middle = times.values().stream().sorted().toList().get(6);
    return OddTimes.SPELLINGS.entrySet().stream()
        .map(
            spelling ->
                DynamicTest.dynamicTest(
                    spelling.getKey(),
                    () -> {
                      fake().oddLists().rewriteTimes(spelling.getValue());

                      for (FailedDelivery failure : listed()) {
                        assertThat(whole(failure)).isEqualTo(times.get(failure.key().id()));
                      }
                      Listing<FailedDelivery> late = client().failures(DeliveryQuery.since(middle));
                      assertThat(ids(late.stream().toList()))
                          .containsExactlyInAnyOrderElementsOf(
                              times.entrySet().stream()
                                  .filter(time -> !time.getValue().isBefore(middle))
                                  .map(Map.Entry::getKey)
                                  .toList());
                      assertThat(late.leftOut()).isEqualTo(Listing.LeftOut.NONE);
                    }));
  }

  @TestFactory
  default Stream<DynamicTest> failures_whenTimesCannotBeRead_areLeftOutUnderABoundAndCounted() {
    List<String> ids = fake().failures(7);
    assumeTrue(listed().get(0).latest().createdAt() != null);
    Instant old = clock().instant().minus(Duration.ofDays(2));
    return OddTimes.UNREADABLE.stream()
        .map(
            odd ->
                DynamicTest.dynamicTest(
                    odd,
                    () -> {
                      fake().oddLists().rewriteTimes(time -> odd);
                      boolean wasMatched = odd.equals("null") && filtersTimesItself();

                      Listing<FailedDelivery> recent = client().failures(DeliveryQuery.since(old));
                      assertThat(ids(recent.stream().toList())).hasSize(wasMatched ? 7 : 0);
                      assertThat(recent.leftOut())
                          .isEqualTo(new Listing.LeftOut(wasMatched ? 0 : 7, 0));

                      Listing<FailedDelivery> all = client().failures(DeliveryQuery.all());
                      assertThat(ids(all.stream().toList()))
                          .containsExactlyInAnyOrderElementsOf(ids);
                      assertThat(all.leftOut()).isEqualTo(Listing.LeftOut.NONE);
                    }));
  }

  /** When a failure was made, to the second; the far past if that is not told. */
  private static Instant whole(FailedDelivery failure) {
    Instant created = failure.latest().createdAt();
    return created == null ? Instant.MIN : created.truncatedTo(ChronoUnit.SECONDS);
  }
}
