package dev.redrive.cli.page;

import dev.redrive.cli.output.Fate;
import dev.redrive.cli.page.RunFacts.State;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a page shows of a run's deliveries, gathered one by one in little memory. */
public final class RunSummary {
  /** How many of what is left are named one by one; the rest is counted. */
  public static final int MOST_LEFT = 1000;

  /** How many of the delivered ones are named; the page stays below 3 MB. */
  public static final int MOST_DELIVERED = 4000;

  private static final int MOST_ENDPOINTS = 1000;

  private final State state;
  private final WebhookNames names;
  private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
  private final Map<String, Count> byCause = new TreeMap<>();
  private final Map<Endpoint, Count> byEndpoint = new HashMap<>();
  private final Map<Account, Count> byAccount = new TreeMap<>(Formats.ACCOUNTS);
  private final Timeline failures = new Timeline();
  private final Timeline recovery = new Timeline();
  private final Map<Kind, Named> left = new LinkedHashMap<>();
  private final Map<Endpoint, Named> delivered = new LinkedHashMap<>();
  private long leftNamed;
  private long deliveredNamed;
  private long withoutTime;
  private long sends;

  RunSummary(State state, WebhookNames names) {
    this.state = state;
    this.names = names;
  }

  void add(LedgerEntry entry) {
    Fate fate = fate(entry);
    Count count = count(entry);
    fates.merge(fate, 1L, Long::sum);
    sends += entry.sends();
    byCause.merge(Formats.name(entry.first().cause()), count, Count::plus);
    byAccount.merge(entry.account(), count, Count::plus);
    Endpoint endpoint = known(Endpoint.of(entry, names));
    byEndpoint.merge(endpoint, count, Count::plus);
    addTimes(entry, count);
    if (count.bad() > 0) {
      Named named = left.computeIfAbsent(Kind.of(entry), kind -> new Named());
      leftNamed += named.add(entry, leftNamed < MOST_LEFT);
    } else if (count.good() > 0) {
      Named named = delivered.computeIfAbsent(endpoint, key -> new Named());
      deliveredNamed += named.add(entry, deliveredNamed < MOST_DELIVERED);
    }
  }

  /** Returns when the deliveries failed, by what became of them since. */
  Timeline failures() {
    return failures;
  }

  /** Returns when their outcomes were known. */
  Timeline recovery() {
    return recovery;
  }

  /** Returns how many {@link #failures} leaves out, as the time of their failure is not known. */
  long withoutTime() {
    return withoutTime;
  }

  Map<String, Count> byCause() {
    return byCause;
  }

  Map<Endpoint, Count> byEndpoint() {
    return byEndpoint;
  }

  Map<Account, Count> byAccount() {
    return byAccount;
  }

  /** Returns what is not delivered, by why. */
  Map<Kind, Named> left() {
    return left;
  }

  /** Returns what is delivered, by endpoint. */
  Map<Endpoint, Named> delivered() {
    return delivered;
  }

  Count all() {
    return byAccount.values().stream().reduce(Count.NOTHING, Count::plus);
  }

  long of(Fate fate) {
    return fates.getOrDefault(fate, 0L);
  }

  /** Returns how many retry requests were claimed for these deliveries, in all runs. */
  long sends() {
    return sends;
  }

  /** Returns the counts as they are now. */
  DeliveryCounts counts() {
    return Fate.counts(fates);
  }

  static Fate fate(LedgerEntry entry) {
    return fate(entry.state());
  }

  /** A claim is settled by reading, by the run or by the next one. */
  static Fate fate(DeliveryState state) {
    return state == DeliveryState.SENDING ? Fate.PENDING : Fate.of(state);
  }

  private Count count(LedgerEntry entry) {
    if (entry.state() == DeliveryState.DELIVERED) {
      return Count.GOOD;
    }
    boolean goesOn = entry.state() == DeliveryState.FOUND || entry.isUnderWay();
    return state == State.RUNNING && goesOn ? Count.OPEN : Count.BAD;
  }

  private Endpoint known(Endpoint endpoint) {
    return byEndpoint.containsKey(endpoint) || byEndpoint.size() < MOST_ENDPOINTS
        ? endpoint
        : Endpoint.OTHERS;
  }

  private void addTimes(LedgerEntry entry, Count count) {
    Instant failed = entry.first().at();
    if (failed == null) {
      withoutTime++;
    } else {
      failures.add(failed, count);
    }
    Instant settled = entry.settledAt();
    boolean isKnown = count.good() > 0 || entry.state() == DeliveryState.FAILED_AGAIN;
    if (settled != null && isKnown) {
      recovery.add(settled, count);
    }
  }

  /**
   * What deliveries that are left have in common.
   *
   * @param fate what became of them
   * @param why why; empty if the fate says it all
   * @param advice what to do
   */
  record Kind(Fate fate, String why, String advice) {
    static Kind of(LedgerEntry entry) {
      Fate fate = RunSummary.fate(entry);
      String advice = entry.isUnderWay() ? Fate.PENDING.advice(entry) : fate.advice(entry);
      return new Kind(fate, why(entry), advice);
    }

    private static String why(LedgerEntry entry) {
      if (entry.reason() != null) {
        return entry.reason();
      }
      if (entry.state() != DeliveryState.FAILED_AGAIN) {
        return "";
      }
      Integer status = entry.delivery().latest().httpStatus();
      return status == null
          ? "the endpoint gave no response"
          : "the endpoint returned HTTP " + status;
    }
  }

  /** Deliveries of a kind: the first by name, all by number. */
  static final class Named {
    private final List<LedgerEntry> entries = new ArrayList<>();
    private long total;

    private int add(LedgerEntry entry, boolean isNamed) {
      total++;
      return isNamed && entries.add(entry) ? 1 : 0;
    }

    List<LedgerEntry> entries() {
      return entries;
    }

    long total() {
      return total;
    }
  }
}
