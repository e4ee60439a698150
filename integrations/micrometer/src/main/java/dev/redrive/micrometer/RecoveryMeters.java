package dev.redrive.micrometer;

import dev.redrive.PauseReason;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Measures recoveries. */
final class RecoveryMeters implements RecoveryListener {
  /** The states that {@link RecoveryListener#onOutcome} tells. */
  private static final Set<DeliveryState> OUTCOMES =
      EnumSet.of(
          DeliveryState.DELIVERED,
          DeliveryState.FAILED_AGAIN,
          DeliveryState.REJECTED,
          DeliveryState.UNKNOWN);

  private final MeterRegistry registry;
  private final Observations observations;
  private final Pauses pauses;

  /** A run begins and ends on the same thread. */
  private final Map<Thread, Observation> underWay = new ConcurrentHashMap<>();

  RecoveryMeters(MeterRegistry registry, Observations observations, Pauses pauses) {
    this.registry = registry;
    this.observations = observations;
    this.pauses = pauses;
  }

  /** Makes the counters of an account, so that the first outcome is seen as an increase. */
  void begin(AccountName account) {
    OUTCOMES.forEach(outcome -> deliveries(account, outcome));
  }

  private Counter deliveries(AccountName account, DeliveryState outcome) {
    return Counter.builder("redrive.deliveries")
        .description("Deliveries whose outcome became known")
        .tags(account.tags())
        .tag("outcome", TagValues.of(outcome))
        .register(registry);
  }

  @Override
  public void onOutcome(LedgerEntry delivery) {
    deliveries(AccountName.of(delivery.account()), delivery.state()).increment();
  }

  @Override
  public void onPause(Account account, Duration wait, PauseReason reason, String why) {
    pauses.record(reason, wait);
  }

  @Override
  public void onBegin(String run, List<Account> accounts) {
    List<AccountName> names = accounts.stream().map(AccountName::of).toList();
    names.forEach(this::begin);
    if (observations.areWanted()) {
      underWay.put(Thread.currentThread(), observations.recovery(run, names));
    }
  }

  @Override
  public void onPhase(Phase phase) {
    Observation observation = phase == Phase.DONE ? underWay.remove(Thread.currentThread()) : null;
    if (observation != null) {
      observations.end(observation);
    }
  }
}
