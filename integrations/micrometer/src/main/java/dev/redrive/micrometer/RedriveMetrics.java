package dev.redrive.micrometer;

import dev.redrive.RequestListener;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.RetryLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The meters of Redrive:
 *
 * <ul>
 *   <li>{@code redrive.deliveries} (counter; provider, account, outcome): deliveries whose outcome
 *       became known to a recovery of this process
 *   <li>{@code redrive.requests} (timer; provider, operation, result): requests to providers
 *   <li>{@code redrive.pauses} (timer; reason): times in which nothing was sent
 *   <li>{@code redrive.backlog} (gauge; provider, account, state): deliveries in the ledger that
 *       are not delivered
 *   <li>{@code redrive.catchup.age} (gauge in seconds; provider, account): how long ago all
 *       failures were seen, by a catch-up on any machine. Alert on this one
 *   <li>{@code redrive.expiring} (gauge; provider, account): deliveries in the ledger that are not
 *       delivered and that the provider will soon no longer list. Only where it documents how long
 *       it does
 * </ul>
 *
 * <p>With an {@link ObservationRegistry} there are observations {@code redrive.recovery}, of a run,
 * and {@code redrive.request}, whose parent is the run that makes the request.
 *
 * <p>Tags hold names of providers, accounts and operations, and constants. They never hold a URL,
 * the id of a webhook or a delivery, or the text of an exception. The name of an account is what
 * was configured, by default the host of the base URL.
 *
 * <p>Thread-safe.
 */
public final class RedriveMetrics {
  private final MeterRegistry registry;
  private final TimeSource time;
  private final Duration ledgerEvery;
  private final RequestMeters requests;
  private final RecoveryMeters recoveries;
  private boolean isWatching;

  private RedriveMetrics(Builder builder) {
    this.registry = builder.registry;
    this.time = builder.time;
    this.ledgerEvery = builder.ledgerEvery;
    var observations = new Observations(builder.observations);
    var pauses = new Pauses(registry);
    this.requests = new RequestMeters(registry, observations, pauses);
    this.recoveries = new RecoveryMeters(registry, observations, pauses);
  }

  /**
   * Returns a builder.
   *
   * @param registry where the meters are
   */
  public static Builder builder(MeterRegistry registry) {
    return new Builder(registry);
  }

  /** Returns what any number of clients may be given as their listener. */
  public RequestListener requestListener() {
    return requests;
  }

  /** Returns what any number of recoveries may be given as their listener, also at once. */
  public RecoveryListener recoveryListener() {
    return recoveries;
  }

  /**
   * Adds the gauges, and the counters at 0. The gauges read the ledger, also for accounts that only
   * others recover: see {@link Builder#ledgerEvery}. They are {@code NaN} while it cannot be read.
   * Asks no provider.
   *
   * @param ledger the ledger, which the caller closes
   * @param clients those whose accounts are shown even before the ledger knows them
   * @throws IllegalStateException if it was called before
   */
  public synchronized void watch(RetryLedger ledger, List<WebhookRetryClient> clients) {
    if (isWatching) {
      throw new IllegalStateException(
          "These metrics watch a ledger already: build others, with a registry of their own");
    }
    isWatching = true;
    Map<Account, Duration> retentions = new HashMap<>();
    for (WebhookRetryClient client : clients) {
      Duration retention = client.traits().retention();
      if (retention != null) {
        retentions.put(Account.of(client), retention);
      }
    }
    var gauges =
        new LedgerGauges(registry, new LedgerReadings(ledger, retentions, time, ledgerEvery), time);
    for (WebhookRetryClient client : clients) {
      AccountName name = AccountName.of(client);
      recoveries.begin(name);
      gauges.show(name, retentions.containsKey(Account.of(client)));
    }
  }

  /** Builds {@link RedriveMetrics}. */
  public static final class Builder {
    private final MeterRegistry registry;
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private TimeSource time = TimeSource.system();
    private Duration ledgerEvery = Duration.ofMinutes(1);

    private Builder(MeterRegistry registry) {
      this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** Where the observations are, for tracing; by default there are none. */
    public Builder observations(ObservationRegistry observations) {
      this.observations = Objects.requireNonNull(observations, "observations");
      return this;
    }

    /**
     * How often the gauges read the ledger at most; 1 min by default. In between they show what it
     * said. To count all deliveries takes a while in a large ledger.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder ledgerEvery(Duration ledgerEvery) {
      if (ledgerEvery.isNegative()) {
        throw new IllegalArgumentException(
            "ledgerEvery is " + ledgerEvery + ": it must not be negative");
      }
      this.ledgerEvery = ledgerEvery;
      return this;
    }

    /** The clock to use, for tests. */
    public Builder timeSource(TimeSource timeSource) {
      this.time = Objects.requireNonNull(timeSource, "timeSource");
      return this;
    }

    /** Returns the metrics. Adds the timers of pauses to the registry. */
    public RedriveMetrics build() {
      return new RedriveMetrics(this);
    }
  }
}
