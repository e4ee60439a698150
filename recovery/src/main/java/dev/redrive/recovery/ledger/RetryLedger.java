package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The work queue and the memory of recoveries: what was found, claimed, sent and settled. It makes
 * a recovery resumable, shareable between processes and constant in memory.
 *
 * <p>What waits belongs to nobody: each run that was given it may claim it, and one of them does. A
 * claim has a lease, for as long as its request may take. A run answers for what it claimed until
 * it is settled; where it shows no sign of life for some time, another one takes that up, and a
 * claim once its lease has passed.
 *
 * <p>Every method is atomic. Where a ledger is kept outside the process, what a method did outlives
 * the process when it returns; each implementation says what it may lose when its store fails. A
 * result or outcome that is lost is read again, a claim that is lost may send twice.
 * Implementations are safe to share between threads.
 *
 * <p>A delivery is known by its lineage, or by the id of any log that a retry of it made: a log of
 * a known delivery is never a new delivery.
 *
 * <p>Whether a lease has passed, or a run is silent, is told by the ledger's own clock: that of the
 * database, which all machines share. What callers give as {@code now} is only kept, to be told.
 *
 * <p>Where the ids of a provider's deliveries are unique by themselves ({@link
 * Account.Identity#AT_PROVIDER}), a delivery is known whatever the name of its account. It waits
 * for the account that it was listed for last.
 *
 * <p>Every method throws {@link LedgerException} if the ledger cannot be read or written.
 */
public interface RetryLedger extends AutoCloseable {
  /** Begins a run, which is seen alive when it starts. */
  void begin(LedgerRun run);

  /**
   * A run's sign of life.
   *
   * @return whether it may go on: false once it was asked to {@linkplain LedgerAdmin#stop stop}
   */
  boolean alive(String run);

  /**
   * Marks a run as approved: what it leaves waiting is worth taking along. What a run that was
   * never approved found counts as found for the first time when it is listed again.
   */
  void approve(String run);

  /** Ends a run. What it has under way may be taken up at once, once its leases have passed. */
  void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts);

  /**
   * Takes up what is under way in an account, and whose run has ended or was last {@linkplain
   * #alive seen alive} so long ago: claims whose lease has passed become {@link
   * DeliveryState#UNKNOWN}, lost at {@code now}, and with all else that is worth asking for (see
   * {@link #unsettled}) {@code run} answers for them from now on.
   *
   * @param silence how long a run has shown no sign of life that has died, or stands still
   * @return how many of them {@code run} was not given before
   */
  long takeUp(String run, Account account, Instant now, Duration silence);

  /**
   * Gives a run failed deliveries that a provider listed. What is not known becomes {@link
   * DeliveryState#FOUND}. Of two attempts of one delivery the newer is kept for the retry.
   *
   * <p>What is not known but would wait for a sibling (see {@link #claim}) stays unknown: it may be
   * the log of that sibling's retry.
   *
   * <p>Of all logs of one delivery that a run is given, one stands for it; each other one is an
   * {@link Admission#EARLIER_ATTEMPT}, however it relates to the first in time. A log of a delivery
   * that ended in an earlier run is told by how that ended.
   *
   * @param found deliveries of that account, in any order, lineages possibly repeated
   * @param round what to do with deliveries that ended badly in an earlier run
   * @return for each, in order, what was done
   */
  List<Admission> admit(String run, Account account, List<FailedDelivery> found, Round round);

  /**
   * Hands what waits in an account, was to be sent by an {@linkplain #approve approved} run, and
   * was not given to {@code run}, to {@code reader}, some at a time, until that answers false. The
   * reader may admit it.
   *
   * @param run null for a run yet to begin
   */
  void leftQueued(@Nullable String run, Account account, Predicate<List<LedgerEntry>> reader);

  /**
   * What {@link #admit} would do with deliveries in a new run, without writing anything.
   *
   * @param isFirst told a name of each delivery that would be admitted; whether it was not told
   *     that name before. A listing that is previewed in parts is given the same one each time
   */
  List<Admission> preview(
      Account account, List<FailedDelivery> found, Round round, Predicate<String> isFirst);

  /** Which deliveries that the ledger knows go out once more. */
  enum Round {
    /** Each delivery is sent once: what failed again or was rejected earlier is skipped. */
    FIRST,
    /** What failed again or was rejected in an earlier run is sent once more. */
    ANOTHER
  }

  /**
   * Claims deliveries that a run was given, to send them now, oldest attempt first, unknown times
   * first: {@code FOUND} becomes {@code SENDING}, one more send is counted, {@code requestedAt} is
   * {@code now}, {@code settledAt} is null. None is claimed twice, by whatever thread or process.
   *
   * <p>Siblings are deliveries of one webhook with the same event id, or none, whose lineage the
   * provider does not tell (it equals the log's id). They may come in one claim, but none comes
   * while another one is {@code SENDING}, or {@code UNKNOWN} and worth asking for: only so can
   * reading tell which of them a new log belongs to.
   *
   * @param grouping which deliveries may come in one claim
   * @param lease how long the request may take: for so long nobody takes the claims up
   * @return at most {@code most} entries; empty if none can go now
   */
  List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now, Duration lease);

  /**
   * Claims the first few of each webhook, as {@link #claim} does, of siblings one.
   *
   * @param each how many of each webhook
   * @param except webhooks that are left out; an unknown one is {@code ""}
   * @param most how many in all
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
   * Keeps a run from claiming anything more of a webhook that it was given so far. It stays
   * waiting, for other runs too.
   *
   * @param webhook the webhook's id; {@code ""} for what belongs to no known one
   */
  void holdBack(String run, Account account, String webhook);

  /** Which deliveries may come in one claim. */
  enum Grouping {
    /** Any. */
    ANY,
    /** All of one webhook: that of the oldest. */
    ONE_WEBHOOK
  }

  /**
   * For each entry the logs of its siblings (see {@link #claim}) that are not among {@code
   * entries}: their own, and those that retries of them made. Reading must not take them for the
   * entry's. By the entry's id; siblings share one list, and entries without are left out.
   */
  Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries);

  /**
   * Records what came of the requests for claimed entries; the i-th result is that of the i-th
   * entry. {@code NOT_SENT} puts an entry back to {@code FOUND}. A new log joins the entry's
   * lineage. Entries that another run has taken up are left as they are.
   */
  void record(String run, List<LedgerEntry> claimed, List<RetryResult> results);

  /**
   * Unsettled entries that a run answers for and that are worth asking for, by id from above {@code
   * afterId} on: those without {@code settledAt}. An entry whose outcome was read as {@code
   * UNKNOWN} has one, for good: other deliveries may account for its evidence by now.
   */
  List<LedgerEntry> unsettled(String run, Account account, long afterId, int most);

  /**
   * Records outcomes; the i-th outcome is that of the i-th entry. {@code FAILED_AGAIN} makes the
   * new attempt the entry's delivery; {@code NOT_SENT} puts it back to {@code FOUND}; {@code
   * PENDING} changes nothing but the reason; {@code UNKNOWN} makes it {@code UNKNOWN}. New logs
   * join as in {@link #record}. Entries that have changed since they were read are left as they
   * are.
   */
  void settle(String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now);

  /** The runs that have anything under way in an account. */
  List<Holder> holders(Account account);

  /**
   * A run with something under way.
   *
   * @param run its name
   * @param silence how long ago it was last seen alive
   */
  record Holder(String run, Duration silence) {}

  /** What of the deliveries that a run was given is neither over nor in its own hands. */
  Remaining remaining(String run, Account account);

  /**
   * What may still come to a run.
   *
   * @param waiting what it may claim
   * @param withOthers what other runs have under way
   */
  record Remaining(long waiting, long withOthers) {}

  /** How many of the deliveries that a run was given stand where, and in whose hands. */
  Standing standing(String run, Account account);

  /**
   * Where the deliveries stand that a run was given; states without any are left out.
   *
   * @param own what it claimed or took up last, and what waits
   * @param others what another run did
   */
  record Standing(Map<DeliveryState, Long> own, Map<DeliveryState, Long> others) {
    public Standing {
      own = Map.copyOf(own);
      others = Map.copyOf(others);
    }
  }

  /**
   * The claims that runs other than {@code run} have open, and whose lease has not passed, of all
   * deliveries that could be an account's: what they send may be listed as new. By the entry's id.
   */
  Set<Long> claimsOfOthers(String run, Account account);

  /** What a ledger is, for a plan. */
  About about(Account account);

  /**
   * What a plan tells of a ledger.
   *
   * @param name where it is, for people; never with credentials
   * @param deliveries how many it remembers in all; 0 if it is new
   * @param ofProvider of those, the ones of the account's provider
   */
  record About(String name, long deliveries, long ofProvider) {}

  /** What providers and the receiver allow all runs together; it is closed with the ledger. */
  Budgets budgets();

  /** What people ask of the ledger, and correct in it; it is closed with the ledger. */
  LedgerAdmin admin();

  /** The latest runs, newest first. */
  List<LedgerRun> runs(int most);

  /** Hands each delivery that a run was given to {@code reader}, by id. */
  void entries(String run, Consumer<LedgerEntry> reader);

  @Override
  void close();

  /** What {@link #admit} did with a delivery. */
  enum Admission {
    /** It waits to be sent by this run. */
    ADMITTED,
    /**
     * This run has it already, by this very log or taken up from another run: it is not counted
     * again.
     */
    IN_THIS_RUN,
    /** Another run has it under way. This one was given it too, and sees how it ends. */
    UNDER_WAY,
    /** This run has it already, by another failed log. */
    EARLIER_ATTEMPT,
    /** An earlier run had it delivered. */
    ALREADY_DELIVERED,
    /** An earlier run sent it, it failed again, and the caller asks for no other round. */
    FAILED_AGAIN_EARLIER,
    /** The provider rejected it in an earlier run, and the caller asks for no other round. */
    REJECTED_EARLIER,
    /** An earlier run sent it, or may have, and nothing tells whether it was delivered. */
    UNKNOWN_EARLIER,
    /** A retry made it, of a delivery that is delivered by now or that this run has. */
    PART_OF_LINEAGE,
    /** It may be the log of a retry that is under way. */
    MAY_BE_RETRY
  }
}
