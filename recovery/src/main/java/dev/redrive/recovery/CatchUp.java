package dev.redrive.recovery;

import dev.redrive.DeliveryQuery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.CatchUpRound.Result;
import dev.redrive.recovery.engine.RecoveryRun;
import dev.redrive.recovery.engine.RecoverySettings;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Recovers again and again, without a gap, on any number of machines that share a ledger.
 *
 * <p>A round recovers one account. It looks from the end of the last complete window, minus an
 * overlap and the time that the provider may take to list a failure ({@link
 * dev.redrive.ProviderTraits#listingDelay}), up to now, and never further back than the provider
 * keeps. Windows are kept in the ledger, and one process at a time is at an account. If it dies,
 * another one takes over after at most 15 s without a sign of life; if it was only suspended, it
 * sends nothing more.
 *
 * <p>A round is idempotent: what is delivered is not sent again, however windows overlap. What
 * could not be sent yet is left in the ledger, for later rounds. What failed again is sent again
 * after a pause that doubles each time, if the provider still lists it as failed ({@link
 * dev.redrive.recovery.ledger.LedgerEntry#dueAgainAt}). A webhook whose endpoint is broken rests,
 * each time twice as long, up to an hour.
 *
 * <p>It has no thread and no schedule: call {@link #runOnce} from a loop, a scheduler or cron, as
 * often as you like. Thread-safe. The caller closes clients and ledger.
 */
public final class CatchUp {
  private final RecoverySettings settings;
  private final Map<Account, WebhookRetryClient> clients = new LinkedHashMap<>();
  private final Duration overlap;
  private final @Nullable Instant from;
  private final String name;
  private final Set<Recovery> current = ConcurrentHashMap.newKeySet();

  private CatchUp(Builder builder, RecoverySettings settings) {
    this.settings = settings;
    this.overlap = builder.overlap;
    this.from = settings.query().since();
    this.name = name(builder.name, settings.query());
    settings.clients().forEach(client -> clients.put(Account.of(client), client));
  }

  /**
   * Returns a builder for rounds of a recovery.
   *
   * @param recovery set up as for a single run. Its query says which failures to recover; its
   *     {@code since}, if it has one, is where the first window of a new account begins. By default
   *     that is the time of the first round: what failed earlier is left to a {@link Recovery}
   */
  public static Builder of(Recovery.Builder recovery) {
    return new Builder(recovery);
  }

  /** Returns the accounts to recover. */
  public List<Account> accounts() {
    return List.copyOf(clients.keySet());
  }

  /**
   * Recovers the next window of an account. Blocks as {@link Recovery#run} does; an interrupt or
   * {@link #cancel} stops it. Failures of a provider or the network are not thrown: see {@link
   * RecoveryReport#problems}.
   *
   * @param account one of {@link #accounts}
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read or written.
   *     The next round catches up
   * @throws IllegalArgumentException if the account is none of this catch-up
   */
  public CatchUpRound runOnce(Account account) {
    WebhookRetryClient client = clients.get(account);
    if (client == null) {
      throw new IllegalArgumentException(
          "No client for account " + account + ": use one of " + clients.keySet());
    }
    CatchUps windows = settings.ledger().catchUps();
    String run = RecoveryRun.newId(settings.time().now());
    Optional<CatchUps.Turn> turn = windows.begin(account, name, run, from, settings.silence());
    return turn.isEmpty()
        ? new CatchUpRound(account, Result.ELSEWHERE, null, null, null)
        : runOnce(turn.get(), client, windows);
  }

  private CatchUpRound runOnce(CatchUps.Turn turn, WebhookRetryClient client, CatchUps windows) {
    Instant since = since(turn, client);
    var watch = new RoundWatch(settings.listener(), since);
    var recovery = new Recovery(settings.round(client, since, watch, turn.run()));
    current.add(recovery);
    try {
      RecoveryReport report = recovery.run();
      Instant complete = completeUntil(turn, watch, report);
      boolean isComplete = windows.end(turn, complete) && complete != null;
      return new CatchUpRound(
          turn.account(),
          isComplete ? Result.COMPLETE : Result.INCOMPLETE,
          since,
          turn.begunAt(),
          report);
    } finally {
      current.remove(recovery);
    }
  }

  private Instant since(CatchUps.Turn turn, WebhookRetryClient client) {
    Duration back = overlap.plus(client.traits().listingDelay());
    Instant since = later(turn.completeUntil().minus(back), turn.from());
    since = turn.oldestDue() == null ? since : earlier(since, turn.oldestDue());
    Duration retention = client.traits().retention();
    return retention == null ? since : later(since, turn.begunAt().minus(retention));
  }

  /** Returns up to when all failures are in the ledger now; null if the end was not reached. */
  private static @Nullable Instant completeUntil(
      CatchUps.Turn turn, RoundWatch watch, RecoveryReport report) {
    boolean isEnd =
        switch (report.end()) {
          case FINISHED, STOPPED -> watch.isCollected() && report.outOfSight() == 0;
          case FAILED, DECLINED, CANCELLED -> false;
        };
    if (!isEnd) {
      return null;
    }
    Instant held = watch.oldestHeld();
    return held == null ? turn.begunAt() : earlier(turn.begunAt(), held);
  }

  /** Stops rounds in progress. Does not wait for their end. */
  public void cancel() {
    current.forEach(Recovery::cancel);
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }

  private static Instant later(Instant one, Instant other) {
    return other.isAfter(one) ? other : one;
  }

  /** Windows with different filters have looked at different failures. */
  private static String name(String name, DeliveryQuery query) {
    var filters = new StringBuilder(name);
    if (query.webhookId() != null) {
      filters.append(" webhook=").append(query.webhookId());
    }
    if (!query.eventTypes().isEmpty()) {
      filters.append(" types=").append(query.eventTypes().stream().sorted().toList());
    }
    if (!query.causes().isEmpty()) {
      filters.append(" causes=").append(query.causes().stream().sorted().toList());
    }
    return filters.toString().strip();
  }

  /** Builds a {@link CatchUp}. */
  public static final class Builder {
    private final Recovery.Builder recovery;
    private Duration overlap = Duration.ofMinutes(30);
    private String name = "";

    private Builder(Recovery.Builder recovery) {
      this.recovery = recovery;
    }

    /**
     * How far a window reaches back before the end of the last complete one, beside {@link
     * dev.redrive.ProviderTraits#listingDelay}; 30 min by default. The clocks of providers differ
     * from ours, and a failure may be shown later than they say.
     */
    public Builder overlap(Duration overlap) {
      this.overlap = Objects.requireNonNull(overlap, "overlap");
      return this;
    }

    /**
     * Tells windows from those of another catch-up with the same filters, for example if two
     * clients of one account have different default webhooks. Empty by default. Another name begins
     * anew.
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Returns the catch-up.
     *
     * @throws IllegalArgumentException if the recovery cannot be built, if its query has a limit or
     *     an {@code until}, if it asks for another round, or if the overlap is negative
     */
    public CatchUp build() {
      RecoverySettings settings = recovery.settings();
      check(
          settings.query().limit() == Long.MAX_VALUE,
          "a catch-up takes no limit, which would leave failures behind: set a rate instead");
      check(
          settings.query().until() == null,
          "a catch-up takes no end of the period: each of its rounds looks up to now");
      check(
          settings.round() == RetryLedger.Round.FIRST,
          "a catch-up asks for no other round: it sends what failed again after a pause");
      check(!overlap.isNegative(), "overlap is " + overlap + ": it must not be negative");
      return new CatchUp(this, settings);
    }

    private static void check(boolean good, String problem) {
      if (!good) {
        throw new IllegalArgumentException(problem);
      }
    }
  }
}
