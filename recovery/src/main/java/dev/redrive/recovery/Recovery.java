package dev.redrive.recovery;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.engine.RecoveryRun;
import dev.redrive.recovery.engine.RecoverySettings;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Recovers failed deliveries, sending each once: collects them in a ledger, tries a few, sends the
 * rest at a pace that the provider and the receiver can take, and reads the outcome of each.
 *
 * <p>It can be run again at any time, by any process that shares its ledger: what is delivered is
 * not sent again, and what an earlier run left is settled by reading before anything is sent.
 *
 * <p>Thread-safe, but only one {@link #run} at a time. The caller closes clients and ledger.
 */
public final class Recovery {
  private final RecoverySettings settings;
  private final AtomicReference<@Nullable RecoveryRun> current = new AtomicReference<>();

  Recovery(RecoverySettings settings) {
    this.settings = settings;
  }

  /** Returns a builder for one client or several, each of another account. */
  public static Builder of(WebhookRetryClient... clients) {
    return of(List.of(clients));
  }

  /** Returns a builder for one client or several, each of another account. */
  public static Builder of(List<? extends WebhookRetryClient> clients) {
    return new Builder(clients);
  }

  /**
   * Returns what {@link #run} would do now. Sends nothing and writes nothing.
   *
   * @throws dev.redrive.RedriveException if a provider cannot be read
   * @throws LedgerException if the ledger cannot be read
   */
  public RecoveryPlan plan() {
    return RecoveryRun.plan(settings);
  }

  /**
   * Recovers. Blocks until every outcome is settled, the verify timeout has passed, or the run
   * stops. An interrupt stops it as {@link #cancel} does, and keeps the thread's interrupt flag.
   * Failures of a provider or the network are not thrown: see {@link RecoveryReport#problems}.
   *
   * @throws LedgerException if the ledger fails. The next run settles what was in progress
   * @throws IllegalStateException if this recovery is already running
   */
  public RecoveryReport run() {
    var run = new RecoveryRun(settings);
    if (!current.compareAndSet(null, run)) {
      throw new IllegalStateException("This recovery is already running: wait for it or cancel it");
    }
    try {
      return run.await();
    } finally {
      current.set(null);
    }
  }

  /** Stops a {@link #run} in progress: nothing more is sent. Does not wait for its end. */
  public void cancel() {
    RecoveryRun run = current.get();
    if (run != null) {
      run.cancel();
    }
  }

  /** Builds a {@link Recovery}. Only {@link #ledger} must be set. */
  public static final class Builder {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final List<WebhookRetryClient> clients;
    private DeliveryQuery query = DeliveryQuery.all();
    private @Nullable RetryLedger ledger;
    private RecoveryListener listener = RecoveryListener.NONE;
    private RetryLedger.Round round = RetryLedger.Round.FIRST;
    private TimeSource time = TimeSource.system();
    private Predicate<FailedDelivery> alreadyProcessed = delivery -> false;
    private Predicate<RecoveryPlan> approval = plan -> true;
    private StopRule stopRule = StopRule.DEFAULT;
    private RecoverySettings.EarlierRuns earlierRuns = RecoverySettings.EarlierRuns.RESUMED;
    private @Nullable Duration verifyTimeout;
    private Duration longestPause = Duration.ofMinutes(20);
    private Duration longestUnverified = Duration.ofSeconds(5);
    private Duration lease = Duration.ofMinutes(1);
    private double maxRate = Double.POSITIVE_INFINITY;
    private int canary = 3;
    private int concurrency = 8;
    private int batchSize = Integer.MAX_VALUE;

    private Builder(List<? extends WebhookRetryClient> clients) {
      this.clients = List.copyOf(clients);
    }

    /** The failures to recover; all by default. Its limit counts the deliveries to send. */
    public Builder query(DeliveryQuery query) {
      this.query = query;
      return this;
    }

    /** The ledger, which remembers what was sent. Required. */
    public Builder ledger(RetryLedger ledger) {
      this.ledger = ledger;
      return this;
    }

    /** Returns whether your receiver already has the event: such a delivery is not sent. */
    public Builder alreadyProcessed(Predicate<FailedDelivery> alreadyProcessed) {
      this.alreadyProcessed = alreadyProcessed;
      return this;
    }

    /**
     * Approves the plan; by default every plan is. Called once, after collecting and before
     * anything is sent, unless there is nothing to send; false ends the run. The run sends what the
     * plan shows, and what other runs have in progress that turns out never to have been sent: the
     * plan warns of that.
     */
    public Builder approval(Predicate<RecoveryPlan> approval) {
      this.approval = approval;
      return this;
    }

    /** Receives phases, progress, pauses, outcomes and problems; none by default. */
    public Builder listener(RecoveryListener listener) {
      this.listener = listener;
      return this;
    }

    /** Also sends what failed again or was rejected in an earlier run. */
    public Builder anotherRound() {
      this.round = RetryLedger.Round.ANOTHER;
      return this;
    }

    /**
     * Does not send what earlier runs left queued. By default it is sent, too, even if the query
     * does not match it. What they had in progress when they ended is settled in any case, and sent
     * if it never was.
     */
    public Builder leaveEarlierRuns() {
      this.earlierRuns = RecoverySettings.EarlierRuns.LEFT;
      return this;
    }

    /** When the outcomes of a webhook stop it; {@link StopRule#DEFAULT} by default. */
    public Builder stopRule(StopRule stopRule) {
      this.stopRule = stopRule;
      return this;
    }

    /**
     * How many deliveries of each webhook are sent first, as a test; 3 by default, 0 for none. If
     * none of them is delivered, nothing else is sent to that webhook.
     */
    public Builder canary(int canary) {
      this.canary = canary;
      return this;
    }

    /**
     * The most retry requests per second, over all accounts and over all runs that share the ledger
     * and have a rate; the lowest rate applies. Unlimited by default.
     */
    public Builder maxRate(double requestsPerSecond) {
      this.maxRate = requestsPerSecond;
      return this;
    }

    /**
     * The most retry requests of this run in flight at once, over all accounts; 8 by default. Other
     * runs on the same ledger are not counted.
     */
    public Builder concurrency(int concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /** The most deliveries in one request; by default as many as the provider takes. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /**
     * How long to wait for outcomes after the last request, at most a year. By default as long as
     * the provider may need ({@link dev.redrive.ProviderTraits#settleTime}, {@link
     * dev.redrive.ProviderTraits#mostOutcomeTime}) plus 30 s, and at least 2 min. Before the last
     * request, for example during the canary, the wait is at least 2 min.
     */
    public Builder verifyTimeout(Duration verifyTimeout) {
      this.verifyTimeout = checked("verifyTimeout", verifyTimeout);
      return this;
    }

    /**
     * The longest wait that a provider may ask for with a 429; 20 min by default, at most a year.
     * If it asks for more, sending to that account ends and the rest stays queued. All runs that
     * share the ledger wait if one of them was asked to.
     */
    public Builder longestPause(Duration longestPause) {
      this.longestPause = checked("longestPause", longestPause);
      return this;
    }

    /**
     * How long deliveries may be unverified before the run waits for their outcomes, which limits
     * how much is sent in vain to an endpoint that breaks down; 5 s by default, at most a year,
     * plus {@link dev.redrive.ProviderTraits#leastOutcomeTime}. At least 200 may be; if outcomes
     * are known within a second, at most 400, or a quarter of what has been delivered so far.
     */
    public Builder longestUnverified(Duration longestUnverified) {
      this.longestUnverified = checked("longestUnverified", longestUnverified);
      return this;
    }

    /**
     * How long no other process touches a claim; 1 min by default. Afterwards its process counts as
     * dead and its request as ended. It must exceed the clients' request timeout, and is at most a
     * year. What else a process had in progress is taken over after a quarter of this without a
     * sign of life, at most 15 s.
     */
    public Builder lease(Duration lease) {
      this.lease = checked("lease", lease);
      return this;
    }

    /** The clock to use, for tests. */
    public Builder timeSource(TimeSource time) {
      this.time = time;
      return this;
    }

    /**
     * Returns the recovery.
     *
     * @throws IllegalArgumentException if there is no client or ledger, or two of an account
     */
    public Recovery build() {
      return new Recovery(settings());
    }

    RecoverySettings settings() {
      if (ledger == null) {
        throw new IllegalArgumentException(
            "A recovery needs a ledger, which remembers what was sent: open one with"
                + " JdbcLedger.open(...), or JdbcLedger.openInMemory() for a trial");
      }
      return new RecoverySettings(
          clients,
          query,
          ledger,
          alreadyProcessed,
          approval,
          listener,
          round,
          earlierRuns,
          stopRule,
          canary,
          maxRate,
          concurrency,
          batchSize,
          verifyTimeout,
          longestPause,
          longestUnverified,
          lease,
          null,
          time);
    }

    @SuppressWarnings("ConstantValue")
    private static Duration checked(String name, Duration value) {
      check(value != null, name + " is null: pass a duration");
      check(!value.isNegative(), name + " is " + value + ": it must not be negative");
      check(value.compareTo(LONGEST) <= 0, name + " is " + value + ": use at most 365 days");
      return value;
    }

    private static void check(boolean good, String problem) {
      if (!good) {
        throw new IllegalArgumentException(problem);
      }
    }
  }
}
