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
 * Gets failed deliveries sent again, each once: collects them in a ledger, tries a few, sends the
 * rest at a pace that provider and receiver can bear, and reads what became of each.
 *
 * <p>It may be run again at any time, by any process that shares its ledger: what is delivered is
 * not sent again, what was cut short is settled by reading before anything is sent.
 *
 * <p>Safe to share between threads; one {@link #run} at a time. Clients and ledger stay the
 * caller's to close.
 */
public final class Recovery {
  private final RecoverySettings settings;
  private final AtomicReference<@Nullable RecoveryRun> current = new AtomicReference<>();

  private Recovery(RecoverySettings settings) {
    this.settings = settings;
  }

  /** A recovery over one client or several, each for another account. */
  public static Builder of(WebhookRetryClient... clients) {
    return of(List.of(clients));
  }

  /** A recovery over one client or several, each for another account. */
  public static Builder of(List<? extends WebhookRetryClient> clients) {
    return new Builder(clients);
  }

  /**
   * Counts what {@link #run} would do now. Sends nothing and writes nothing.
   *
   * @throws dev.redrive.RedriveException if a provider cannot be read
   * @throws LedgerException if the ledger cannot be read
   */
  public RecoveryPlan plan() {
    return RecoveryRun.plan(settings);
  }

  /**
   * Recovers. Blocks until all is settled, the verify deadline has passed, or it is stopped; an
   * interrupt stops it like {@link #cancel} and keeps the thread's flag.
   *
   * @throws LedgerException if the ledger cannot be read or written: sending has stopped, what was
   *     under way is settled by the next run
   * @throws IllegalStateException if this recovery is running already
   */
  public RecoveryReport run() {
    var run = new RecoveryRun(settings);
    if (!current.compareAndSet(null, run)) {
      throw new IllegalStateException("This recovery is running: wait for it or cancel it");
    }
    try {
      return run.await();
    } finally {
      current.set(null);
    }
  }

  /** Stops a {@link #run} that is under way: nothing more goes out, what went out is recorded. */
  public void cancel() {
    RecoveryRun run = current.get();
    if (run != null) {
      run.cancel();
    }
  }

  /** Builds a {@link Recovery}. */
  public static final class Builder {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final List<WebhookRetryClient> clients;
    private DeliveryQuery query = DeliveryQuery.all();
    private @Nullable RetryLedger ledger;
    private Predicate<FailedDelivery> alreadyProcessed = delivery -> false;
    private Predicate<RecoveryPlan> approval = plan -> true;
    private RecoveryListener listener = RecoveryListener.NONE;
    private RetryLedger.Round round = RetryLedger.Round.FIRST;
    private StopRule stopRule = StopRule.DEFAULT;
    private TimeSource time = TimeSource.system();
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

    /** Which failures to recover; all by default. Its limit is one of deliveries to send. */
    public Builder query(DeliveryQuery query) {
      this.query = query;
      return this;
    }

    /** Where it is kept what was sent: a recovery needs one. */
    public Builder ledger(RetryLedger ledger) {
      this.ledger = ledger;
      return this;
    }

    /** Asks the receiver's own inbox: deliveries for which it answers true are not sent. */
    public Builder alreadyProcessed(Predicate<FailedDelivery> alreadyProcessed) {
      this.alreadyProcessed = alreadyProcessed;
      return this;
    }

    /**
     * Asked once, when all is collected and before anything is sent; false ends the run. What it is
     * shown is what goes out, and what another run has under way that turns out never to have been
     * sent: the plan warns of that. Not asked if there is nothing to send.
     */
    public Builder approval(Predicate<RecoveryPlan> approval) {
      this.approval = approval;
      return this;
    }

    /** Told of phases, progress, pauses, outcomes and problems; none by default. */
    public Builder listener(RecoveryListener listener) {
      this.listener = listener;
      return this;
    }

    /** Sends once more what failed again or was rejected in an earlier run. */
    public Builder anotherRound() {
      this.round = RetryLedger.Round.ANOTHER;
      return this;
    }

    /**
     * Leaves what earlier runs left queued. By default it is taken along, whatever the query. What
     * they had under way when they ended is settled all the same, and sent if it never went out.
     */
    public Builder leaveEarlierRuns() {
      this.earlierRuns = RecoverySettings.EarlierRuns.LEFT;
      return this;
    }

    /**
     * When to stop sending to a webhook because its outcomes are bad; {@link StopRule#DEFAULT} by
     * default.
     */
    public Builder stopRule(StopRule stopRule) {
      this.stopRule = stopRule;
      return this;
    }

    /**
     * Deliveries of each webhook that are sent first, to see whether one of them gets through; 3 by
     * default, 0 for none. Where none does, nothing else goes to that webhook.
     */
    public Builder canary(int canary) {
      this.canary = canary;
      return this;
    }

    /**
     * Retry requests per second at the most, over all accounts and over all runs that share the
     * ledger and have a rate; of several rates the lowest holds. Unlimited by default.
     */
    public Builder maxRate(double requestsPerSecond) {
      this.maxRate = requestsPerSecond;
      return this;
    }

    /**
     * Retry requests of this run under way at once at the most, over all accounts; 8 by default.
     * Runs that share a ledger have as many each.
     */
    public Builder concurrency(int concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /** Deliveries in one request at the most; by default what the provider takes. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /**
     * How long to wait for outcomes after the last request, at most a year. By default as long as
     * the provider may need to tell them ({@link dev.redrive.ProviderTraits#settleTime}, {@link
     * dev.redrive.ProviderTraits#mostOutcomeTime}) and 30 s more, at least 2 min. While more is to
     * be sent, those of the canary included, outcomes are waited for at least 2 min.
     */
    public Builder verifyTimeout(Duration verifyTimeout) {
      this.verifyTimeout = checked("verifyTimeout", verifyTimeout);
      return this;
    }

    /**
     * The longest wait that a provider's 429 may ask for, 20 min by default; above it sending to
     * that account ends, and the rest stays queued. At most a year. All runs that share the ledger
     * wait for as long as one of them was asked to.
     */
    public Builder longestPause(Duration longestPause) {
      this.longestPause = checked("longestPause", longestPause);
      return this;
    }

    /**
     * How long deliveries may be out, without it being known what became of them, before more of
     * that account follow; 5 s by default, at most a year, and beyond what the provider needs to
     * tell it ({@link dev.redrive.ProviderTraits#leastOutcomeTime}). 200 may always be out. It
     * bounds what an endpoint gets in vain that breaks down. Where outcomes are there within a
     * second, a bound in numbers comes first: 400, or a quarter of what was delivered so far.
     */
    public Builder longestUnverified(Duration longestUnverified) {
      this.longestUnverified = checked("longestUnverified", longestUnverified);
      return this;
    }

    /**
     * How long a claim is left alone, 1 min by default: its process may have died, or its request
     * may still be under way. Must exceed the clients' request timeout, and be a year at most. What
     * else a process had under way that shows no sign of life is taken up after a quarter of this,
     * 15 s at the most.
     */
    public Builder lease(Duration lease) {
      this.lease = checked("lease", lease);
      return this;
    }

    /** Clock and sleeper, for tests. */
    public Builder timeSource(TimeSource time) {
      this.time = time;
      return this;
    }

    /**
     * The recovery.
     *
     * @throws IllegalArgumentException if there is no client, no ledger, two for one account, or a
     *     number that cannot work
     */
    public Recovery build() {
      if (ledger == null) {
        throw new IllegalArgumentException(
            "A recovery needs a ledger, which remembers what was sent: open one with"
                + " JdbcLedger.open(...), or JdbcLedger.openInMemory() for a trial");
      }
      return new Recovery(
          new RecoverySettings(
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
              time));
    }

    @SuppressWarnings("ConstantValue")
    private static Duration checked(String name, Duration value) {
      check(value != null, name + " is null: give a duration");
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
