package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The work queue and the memory of recoveries: it stores what was found, claimed, sent and settled.
 * It makes a recovery resumable, shareable between processes and constant in memory.
 *
 * <p>A queued delivery belongs to no run: any run that was given it may claim it, and one of them
 * does. A claim has a lease, which is as long as its request may take. A run is responsible for
 * what it claimed until it is settled. If a run shows no sign of life for some time, another run
 * takes that over; claims only after their leases have passed.
 *
 * <p>Every method is atomic. If a ledger is stored outside the process, a change survives the
 * process once the method has returned; each implementation documents what it may lose if its
 * storage fails. A lost result or outcome is read again, but a lost claim may cause a second send.
 * Implementations must be thread-safe.
 *
 * <p>A delivery is identified by its lineage and by the ids of the logs of its retries: a log of a
 * known delivery is never a new delivery.
 *
 * <p>Leases and signs of life are judged by the ledger's own clock: that of the database, which all
 * machines share. A {@code now} from callers is only stored and shown.
 *
 * <p>If a provider's delivery ids are unique across accounts ({@link
 * Account.Identity#AT_PROVIDER}), a delivery is known whatever the name of its account. It is
 * queued for the account for which it was last listed.
 *
 * <p>Every method throws {@link LedgerException} if the ledger cannot be read or written.
 */
public interface RetryLedger extends AutoCloseable {
  /** Begins a run. This counts as its first sign of life. */
  void begin(LedgerRun run);

  /**
   * Records a sign of life of a run.
   *
   * @return whether it may continue: false once it was asked to {@linkplain LedgerAdmin#stop stop}
   */
  boolean alive(String run);

  /**
   * Marks a run as approved: later runs take along what it leaves queued. What an unapproved run
   * found counts as new when it is listed again.
   */
  void approve(String run);

  /** Ends a run. Others may take over what it has in progress as soon as leases have passed. */
  void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts);

  /**
   * Makes {@code run} responsible for what dead or ended runs have in progress in an account:
   * claims whose lease has passed, which become {@link DeliveryState#UNKNOWN} and lost at {@code
   * now}, and everything that is {@linkplain #unsettled not settled yet}.
   *
   * @param silence how long ago a run was last {@linkplain #alive seen alive} if it counts as dead
   * @return how many of these deliveries {@code run} was not given before
   */
  long takeUp(String run, Account account, Instant now, Duration silence);

  /**
   * Gives a run failed deliveries that a provider listed. An unknown delivery is stored as {@link
   * DeliveryState#FOUND}. If there are several attempts of one delivery, the newest is retried.
   *
   * <p>An unknown delivery that would have to wait for a sibling (see {@link #claim}) is not
   * stored: it may be the log of that sibling's retry.
   *
   * <p>If a run is given several logs of one delivery, one of them counts as the delivery, and each
   * other one is an {@link Admission#EARLIER_ATTEMPT}, even if it is newer. Of the logs of a
   * delivery that ended in an earlier run, the first is admitted according to how it ended.
   *
   * @param found deliveries of that account, in any order, with or without repeated lineages
   * @param round what to do with deliveries that failed again or were rejected in an earlier run
   * @param isFirst gets a name of each delivery that ended in an earlier run, and returns whether
   *     the name is new. Pass the same instance for all parts of a listing
   * @return what was done with each of them, in order
   */
  List<Admission> admit(
      String run,
      Account account,
      List<FailedDelivery> found,
      Round round,
      Predicate<String> isFirst);

  /** The same, for a listing that is passed as a whole. */
  default List<Admission> admit(
      String run, Account account, List<FailedDelivery> found, Round round) {
    return admit(run, account, found, round, new HashSet<String>()::add);
  }

  /**
   * Passes the queued deliveries of an account that an {@linkplain #approve approved} run left, and
   * that were not given to {@code run}, to {@code reader}, some at a time, until it returns false.
   * The reader may admit them.
   *
   * @param run the run; null for a run that has not begun yet
   */
  void leftQueued(@Nullable String run, Account account, Predicate<List<LedgerEntry>> reader);

  /**
   * Returns what {@link #admit} would do with deliveries in a new run, without writing anything.
   *
   * @param isFirst gets a name of each delivery that would be admitted or ended in an earlier run,
   *     and returns whether the name is new. Pass the same instance for all parts of a listing
   */
  List<Admission> preview(
      Account account, List<FailedDelivery> found, Round round, Predicate<String> isFirst);

  /** Which known deliveries are sent again. */
  enum Round {
    /** None: deliveries that failed again or were rejected earlier are skipped. */
    FIRST,
    /** Those that failed again or were rejected in an earlier run. */
    ANOTHER,
    /** Those that failed again, once they are {@linkplain LedgerEntry#dueAgainAt due}. */
    WHEN_DUE
  }

  /**
   * Claims deliveries that a run was given, in order to send them now. The oldest attempt comes
   * first, and attempts without a time before all others. {@code FOUND} becomes {@code SENDING},
   * one more send is counted, {@code requestedAt} is {@code now}, and {@code settledAt} is null. No
   * delivery is claimed twice, by any thread or process.
   *
   * <p>Siblings are deliveries of one webhook with the same event id, or without one, whose lineage
   * is not known (it equals the log's id). Siblings may be claimed together, but none is claimed
   * while another one is {@code SENDING}, or {@code UNKNOWN} and not settled yet. Otherwise nothing
   * could tell which of them a new log belongs to. A run that was asked to {@linkplain
   * LedgerAdmin#stop stop} can claim nothing.
   *
   * @param grouping which deliveries may be claimed together
   * @param lease how long the request may take; until then, no other run takes the claims over
   * @return at most {@code most} entries; empty if none can be sent now
   */
  List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now, Duration lease);

  /**
   * Claims the first few deliveries of each webhook, like {@link #claim}, but only one of several
   * siblings.
   *
   * @param each how many deliveries of each webhook
   * @param except the ids of webhooks to leave out; {@code ""} for deliveries without a known one
   * @param most how many deliveries in all
   */
  List<LedgerEntry> claimFirst(
      String run,
      Account account,
      Grouping grouping,
      int each,
      Set<String> except,
      int most,
      Instant now,
      Duration lease);

  /**
   * Keeps a run from claiming more of the deliveries of a webhook that it was given so far. They
   * stay queued, also for other runs.
   *
   * @param webhook the webhook's id; {@code ""} for deliveries without a known one
   */
  void holdBack(String run, Account account, String webhook);

  /** Which deliveries may be claimed together. */
  enum Grouping {
    /** Any. */
    ANY,
    /** Deliveries of one webhook only: that of the oldest delivery. */
    ONE_WEBHOOK
  }

  /**
   * Returns, by entry id, the logs of each entry's siblings (see {@link #claim}) that are not among
   * {@code entries}: their own logs and those of their retries. They must not be taken for the
   * entry's new log. Siblings share one list; entries without such logs are left out.
   */
  Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries);

  /**
   * Records the results of requests for claimed entries; the i-th result belongs to the i-th entry.
   * {@code NOT_SENT} puts an entry back to {@code FOUND}; with an error, it counts as a retry. A
   * new log becomes part of the lineage. Entries that another run has taken over are not changed.
   */
  void record(String run, List<LedgerEntry> claimed, List<RetryResult> results);

  /**
   * Returns the entries of a run whose outcomes may still be read, by id, from above {@code
   * afterId} on: those that are unsettled and have no {@code settledAt}. An entry whose outcome was
   * read as {@code UNKNOWN} has one, and is not read again: by now its evidence may belong to other
   * deliveries.
   */
  List<LedgerEntry> unsettled(String run, Account account, long afterId, int most);

  /**
   * Records outcomes; the i-th outcome belongs to the i-th entry. {@code FAILED_AGAIN} makes the
   * new attempt the entry's delivery; {@code NOT_SENT} puts it back to {@code FOUND}; {@code
   * PENDING} changes only the reason; {@code UNKNOWN} makes it {@code UNKNOWN}. New logs become
   * part of the lineage, as in {@link #record}. Entries that have changed since they were read are
   * not changed.
   */
  void settle(String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now);

  /** Returns the runs that have deliveries in progress in an account. */
  List<Holder> holders(Account account);

  /**
   * A run that has deliveries in progress.
   *
   * @param run its name
   * @param silence how long ago it was last seen alive
   */
  record Holder(String run, Duration silence) {}

  /** Counts the deliveries of a run that are neither settled nor claimed by the run itself. */
  Remaining remaining(String run, Account account);

  /**
   * What may still be left for a run to do.
   *
   * @param waiting how many deliveries it may claim
   * @param withOthers how many deliveries other runs have in progress
   */
  record Remaining(long waiting, long withOthers) {}

  /** Counts the deliveries of a run by their state, and by whether another run handled them. */
  Standing standing(String run, Account account);

  /**
   * The states of the deliveries that a run was given. States without deliveries are left out.
   *
   * @param own deliveries that the run claimed or took over last, and queued ones
   * @param others deliveries that another run handled
   */
  record Standing(Map<DeliveryState, Long> own, Map<DeliveryState, Long> others) {
    public Standing {
      own = Map.copyOf(own);
      others = Map.copyOf(others);
    }
  }

  /**
   * Returns the ids of entries that other runs have claimed under a lease, and that could belong to
   * an account. Their retries may create logs that look like new failures.
   */
  Set<Long> claimsOfOthers(String run, Account account);

  /** Describes the ledger, for a plan. */
  About about(Account account);

  /**
   * What a plan shows about a ledger.
   *
   * @param name its location, for people; never with credentials
   * @param deliveries how many deliveries it knows; 0 if it is new
   * @param ofProvider how many of those are of the account's provider
   */
  record About(String name, long deliveries, long ofProvider) {}

  /** Returns the request limits for all runs together. They are closed with the ledger. */
  Budgets budgets();

  /** Returns what continuous recoveries remember. It is closed with the ledger. */
  CatchUps catchUps();

  /** Returns the queries and corrections for people. They are closed with the ledger. */
  LedgerAdmin admin();

  /** Returns the latest runs, newest first. */
  List<LedgerRun> runs(int most);

  /** Passes each delivery that a run was given to {@code reader}, in the order of their ids. */
  void entries(String run, Consumer<LedgerEntry> reader);

  @Override
  void close();
}
