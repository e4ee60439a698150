package dev.redrive.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.DeliveryQuery;
import dev.redrive.TimeSource;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Recovers again and again, without a gap: each round looks from where the last finished round
 * began, minus a look-back. A round that does not finish is caught up by the next one.
 *
 * <p>A round is idempotent: what is delivered is not sent again, however the windows overlap.
 * Rounds may be run by any process that shares the ledger, which remembers them. Only rounds with
 * the same name and filters count, because a {@link Recovery} may have looked at less.
 *
 * <p>A failure that a finished round could not send yet, because the provider is still retrying it
 * or another run holds it, stays in the window of the following rounds. If a provider shows only
 * some of its failures ({@link dev.redrive.ProviderTraits#visibleFailures}), those that are not
 * delivered may hide others: a new process then looks from before the round that left them.
 *
 * <p>It has no thread and no schedule: call {@link #round} from a loop, a scheduler or cron.
 * Thread-safe; one round runs at a time. The caller closes clients and ledger.
 */
public final class CatchUp {
  private static final int RUNS_AT_FIRST = 300;

  private final Recovery.Builder recovery;
  private final DeliveryQuery filters;
  private final RetryLedger ledger;
  private final RecoveryListener listener;
  private final TimeSource time;
  private final List<Account> accounts;
  private final boolean allIsShown;
  private final Duration lookBack;
  private final String mark;

  /** The start of the next window, as far as this process knows; null before the first round. */
  private volatile @Nullable Instant next;

  private volatile @Nullable Recovery current;

  private CatchUp(Builder builder, RetryLedger ledger) {
    this.recovery = builder.recovery;
    this.filters = recovery.query;
    this.ledger = ledger;
    this.listener = recovery.listener;
    this.time = recovery.time;
    this.accounts = recovery.clients.stream().map(Account::of).toList();
    this.allIsShown =
        recovery.clients.stream().allMatch(one -> one.traits().visibleFailures() == null);
    this.lookBack = builder.lookBack;
    this.mark = builder.mark();
    recovery.mark = mark;
  }

  /**
   * Returns a builder for rounds of a recovery.
   *
   * @param recovery set up as for a single run. Its query says which failures to recover; its
   *     {@code since}, if it has one, is where the very first window begins. Do not use it for
   *     anything else
   */
  public static Builder of(Recovery.Builder recovery) {
    return new Builder(recovery);
  }

  /**
   * Returns where the next round looks from.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  public Instant since() {
    Instant remembered = next;
    Instant recorded = recorded();
    if (recorded == null) {
      return remembered == null ? first() : remembered;
    }
    // Another process may have finished a later round.
    return remembered == null || recorded.isAfter(remembered) ? recorded : remembered;
  }

  /**
   * Recovers one window, up to now. Blocks as {@link Recovery#run} does; an interrupt or {@link
   * #cancel} stops it.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read or written.
   *     The next round catches up
   */
  public synchronized RecoveryReport round() {
    Instant since = since();
    next = since;
    var held = new HeldFailures(listener, since);
    Recovery round =
        recovery.query(filters.toBuilder().since(since).build()).listener(held).build();
    current = round;
    try {
      RecoveryReport report = round.run();
      if (report.end() == RecoveryReport.End.FINISHED && report.outOfSight() == 0) {
        next = earlier(report.startedAt().minus(lookBack), held.oldest());
      }
      return report;
    } finally {
      current = null;
    }
  }

  /** Stops a {@link #round} in progress, if there is one. Does not wait for its end. */
  public void cancel() {
    Recovery round = current;
    if (round != null) {
      round.cancel();
    }
  }

  /** The start of the next window by the ledger; null if it knows no round of some account. */
  private @Nullable Instant recorded() {
    for (int most = RUNS_AT_FIRST; ; most *= 10) {
      List<LedgerRun> runs = ledger.runs(most);
      Map<Account, LedgerRun> last = lastRounds(runs);
      boolean isAll = runs.size() < most || most > Integer.MAX_VALUE / 10;
      if (isAll || accounts.stream().allMatch(account -> isDone(last.get(account)))) {
        return earliest(last);
      }
    }
  }

  /** Of each account the latest round that is done; if there is none, the very first round. */
  private Map<Account, LedgerRun> lastRounds(List<LedgerRun> newestFirst) {
    Map<Account, LedgerRun> last = new HashMap<>();
    for (LedgerRun run : newestFirst) {
      if (run.id().contains("-" + mark + "-")) {
        for (Account account : run.accounts()) {
          last.merge(account, run, (newer, older) -> isDone(newer) ? newer : older);
        }
      }
    }
    return last;
  }

  private @Nullable Instant earliest(Map<Account, LedgerRun> last) {
    Instant earliest = null;
    for (Account account : accounts) {
      LedgerRun run = last.get(account);
      if (run == null) {
        return null;
      }
      Instant since = filters.since();
      Instant from = run.startedAt().minus(lookBack);
      earliest = earlier(!isDone(run) && since != null ? since : from, earliest);
    }
    return earliest;
  }

  private Instant first() {
    Instant since = filters.since();
    return since == null ? time.now().minus(lookBack) : since;
  }

  /** Whether nothing that a round saw has to be looked for again. */
  private boolean isDone(@Nullable LedgerRun run) {
    DeliveryCounts counts = run == null ? null : run.counts();
    return run != null
        && run.end() == RecoveryReport.End.FINISHED
        && counts != null
        && counts.skipped().keySet().stream().noneMatch(HeldFailures::isHeld)
        && (allIsShown || counts.notDelivered() + counts.skippedUndelivered() == 0);
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  /** Builds a {@link CatchUp}. */
  public static final class Builder {
    private final Recovery.Builder recovery;
    private Duration lookBack = Duration.ofHours(2);
    private String name = "";

    private Builder(Recovery.Builder recovery) {
      this.recovery = recovery;
    }

    /**
     * How far a window reaches back before the start of the last finished round; 2 h by default.
     * Providers may show a failure late, or with an earlier time, and their clocks differ from
     * ours. The first window is as long as this, unless the query has a {@code since}.
     */
    public Builder lookBack(Duration lookBack) {
      this.lookBack = Objects.requireNonNull(lookBack, "lookBack");
      return this;
    }

    /**
     * Tells rounds from those of another catch-up with the same filters, for example if two clients
     * of one account have different default webhooks. Empty by default. Another name begins anew.
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Returns the catch-up.
     *
     * @throws IllegalArgumentException if the recovery cannot be built, if its query has a limit or
     *     an {@code until}, if it asks for another round, or if the look-back is negative
     */
    public CatchUp build() {
      recovery.build();
      check(
          recovery.query.limit() == Long.MAX_VALUE,
          "a catch-up takes no limit, which would leave failures behind: set a rate instead");
      check(
          recovery.query.until() == null,
          "a catch-up takes no end of the period: each of its rounds looks up to now");
      check(
          recovery.round == RetryLedger.Round.FIRST,
          "a catch-up asks for no other round, or it would send what fails again in every round");
      check(!lookBack.isNegative(), "lookBack is " + lookBack + ": it must not be negative");
      return new CatchUp(this, Objects.requireNonNull(recovery.ledger));
    }

    /** A part of the ids of its runs, the same for the same name and filters. */
    private String mark() {
      DeliveryQuery query = recovery.query;
      var sum = new CRC32();
      List.of(
              name,
              Objects.requireNonNullElse(query.webhookId(), ""),
              query.eventTypes().stream().sorted().toList().toString(),
              query.causes().stream().map(Enum::name).sorted().toList().toString())
          .forEach(part -> sum.update((part + "\n").getBytes(UTF_8)));
      return String.format("c%08x", sum.getValue());
    }

    private static void check(boolean good, String problem) {
      if (!good) {
        throw new IllegalArgumentException(problem);
      }
    }
  }
}
