package dev.redrive.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop that the whole library is for, under random faults: no event twice, none lost. */
public interface NoneTwiceContract extends ContractPart {
  /** The loop that the whole library is for, under random faults: no event twice, none lost. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  default void retries_whenNotSentOnesAreSentAgainUnderFaults_deliverNoEventTwice(long seed) {
    fake(settings -> settings.seed(seed));
    Integer visible = traits().visibleFailures();
    List<FailedDelivery> deliveries = failed(visible == null ? 60 : Math.min(60, visible / 2));
    var random = new SplittableRandom(seed);
    List<Fault> faults =
        List.of(
            Fault.lostAnswer(),
            Fault.lostRequest(),
            Fault.status(500),
            Fault.status(503).workDone(),
            Fault.truncatedJson(),
            Fault.status(429),
            Fault.proxyPage(),
            Fault.cutOff());
    Map<FailedDelivery, Status> ends = new HashMap<>();
    List<FailedDelivery> open = new ArrayList<>(deliveries);
    for (int round = 0; round < 12 && !open.isEmpty(); round++) {
      fake().faults().clear();
      for (Fault fault : faults) {
        fake()
            .faults()
            .on(Operation.RETRY)
            .withProbability(0.02 + 0.06 * random.nextDouble())
            .inject(fault);
        fake().faults().on(Operation.LIST, Operation.READ).withProbability(0.01).inject(fault);
      }
      Collections.shuffle(open, new java.util.Random(seed + round));
      List<RetryResult> results = new ArrayList<>();
      int single = Math.min(open.size(), 5);
      open.subList(0, single).forEach(delivery -> results.add(client().retry(delivery)));
      results.addAll(client().retryAll(open.subList(single, open.size())));
      open = settled(results, ends);
      // Rate limits of a day ago are history.
      time().advance(Duration.ofMinutes(16));
    }

    assertThat(fake().endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake().endpoint().resentMoreThanOnce()).isEmpty();
    for (FailedDelivery delivery : deliveries) {
      int delivered = fake().endpoint().delivered(delivery.key().id());
      Status end = ends.get(delivery);
      assertThat(end).as("end of " + delivery.key()).isIn(Status.DELIVERED, Status.UNKNOWN);
      assertThat(end != Status.DELIVERED || delivered == 1).isTrue();
    }
    if (deliveries.get(0).latest().createdAt() != null) {
      assertThat(ends.values().stream().filter(Status.DELIVERED::equals).count())
          .isGreaterThan(deliveries.size() / 2L);
    }
  }

  /** Asks until all is settled; what was not sent is left to be sent again. */
  private List<FailedDelivery> settled(
      List<RetryResult> results, Map<FailedDelivery, Status> ends) {
    List<FailedDelivery> again = new ArrayList<>();
    List<RetryResult> asked = results;
    for (int i = 0; i < 20 && !asked.isEmpty(); i++) {
      settle();
      List<RetryOutcome> outcomes;
      try {
        outcomes = client().outcomes(asked);
      } catch (RedriveException e) {
        continue;
      }
      assertTruthful(outcomes);
      List<RetryResult> pending = new ArrayList<>();
      for (RetryOutcome outcome : outcomes) {
        FailedDelivery delivery = outcome.result().delivery();
        switch (outcome.status()) {
          case NOT_SENT -> again.add(delivery);
          case PENDING -> pending.add(outcome.result());
          case DELIVERED, FAILED_AGAIN, REJECTED, UNKNOWN -> ends.put(delivery, outcome.status());
        }
      }
      asked = pending;
    }
    assertThat(asked).as("still pending after 20 times the settle time").isEmpty();
    return again;
  }
}
