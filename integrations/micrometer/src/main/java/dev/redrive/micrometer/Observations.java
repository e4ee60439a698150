package dev.redrive.micrometer;

import dev.redrive.RequestListener.Request;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Makes observations. A recovery is the parent of the requests of its accounts, which its threads
 * make: none of them is in the scope of another.
 */
final class Observations {
  private final ObservationRegistry registry;
  private final Map<AccountName, Observation> recoveries = new ConcurrentHashMap<>();

  Observations(ObservationRegistry registry) {
    this.registry = registry;
  }

  boolean areWanted() {
    return !registry.isNoop();
  }

  /** Starts the observation of a recovery. */
  Observation recovery(String run, List<AccountName> accounts) {
    Observation recovery =
        Observation.createNotStarted("redrive.recovery", registry)
            .lowCardinalityKeyValue(
                "provider",
                accounts.stream()
                    .map(AccountName::provider)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(",")))
            .highCardinalityKeyValue("run", run)
            .start();
    accounts.forEach(account -> recoveries.put(account, recovery));
    return recovery;
  }

  /** Ends the observation of a recovery. */
  void end(Observation recovery) {
    recoveries.values().removeIf(recovery::equals);
    recovery.stop();
  }

  /** Starts the observation of a request. */
  Observation request(Request request) {
    Observation observation =
        Observation.createNotStarted("redrive.request", registry)
            .contextualName("redrive " + request.operation())
            .lowCardinalityKeyValue("provider", request.provider())
            .lowCardinalityKeyValue("operation", request.operation())
            .highCardinalityKeyValue("account", request.account());
    Observation recovery = recoveries.get(new AccountName(request.provider(), request.account()));
    if (recovery != null) {
      observation.parentObservation(recovery);
    }
    return observation.start();
  }
}
