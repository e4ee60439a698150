package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The work queue and the memory of recoveries: what was found, claimed, sent and settled. It makes
 * a recovery resumable, shareable between processes and constant in memory.
 *
 * <p>A delivery belongs to at most one run at a time. A run is alive until it is finished or its
 * lease has passed; what a dead run held may be taken over. Every method is atomic. Where a ledger
 * is kept outside the process, what a method did outlives the process when it returns; each
 * implementation says what it may lose when its store fails. A result or outcome that is lost is
 * read again, a claim that is lost may send twice. Implementations are safe to share between
 * threads.
 *
 * <p>A delivery is known by its lineage, or by the id of any log that a retry of it made: a log of
 * a known delivery is never a new delivery.
 *
 * <p>Times come from the caller. Machines that share a ledger must agree on the time to well within
 * the lease.
 *
 * <p>Every method throws {@link LedgerException} if the ledger cannot be read or written.
 */
public interface RetryLedger extends AutoCloseable {
  /** Begins a run that is alive until {@code leaseUntil} unless it is renewed. */
  void begin(LedgerRun run, Instant leaseUntil);

  /**
   * Keeps a run alive.
   *
   * @return false if the run is finished or another run has taken over from it: it must send
   *     nothing more
   */
  boolean renew(String run, Instant leaseUntil);

  /**
   * Marks a run as approved: what it leaves queued is worth taking along. What a run that was never
   * approved found counts as found for the first time when it is listed again.
   */
  void approve(String run);

  /** Ends a run: what it still holds is free for the next. */
  void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts);

  /**
   * Takes over what runs that are dead at {@code now} left unsettled in an account: claims become
   * {@link DeliveryState#UNKNOWN}, requested at {@code now} for all that is known, and all
   * deliveries worth asking for (see {@link #unsettled}) belong to {@code run}. Such a dead run
   * cannot be renewed any more.
   *
   * @return how many deliveries were taken over
   */
  long takeOver(String run, Account account, Instant now);

  /**
   * Adds failed deliveries that a provider listed. What is not known becomes {@link
   * DeliveryState#FOUND} and belongs to {@code run}, and so does what is known as {@code FOUND} and
   * held by no living run. Of two attempts of one delivery the newer is kept for the retry.
   *
   * <p>What is not known but would wait for a sibling (see {@link #claim}) stays unknown: it may be
   * the log of that sibling's retry.
   *
   * <p>Of all logs of one delivery that a run is given, one stands for it; each other one is an
   * {@link Admission#EARLIER_ATTEMPT}, however it relates to the first in time. A log of a delivery
   * that ended in an earlier run is told by how that ended.
   *
   * @param found deliveries of one account, in any order, lineages possibly repeated
   * @param round what to do with deliveries that ended badly in an earlier run
   * @return for each, in order, what was done
   */
  List<Admission> admit(String run, List<FailedDelivery> found, Round round, Instant now);

  /**
   * Hands what waits in an account, was to be sent by an {@linkplain #approve approved} run, and is
   * held by no run that is alive at {@code now} to {@code reader}, some at a time, until that
   * answers false. The reader may admit it.
   */
  void leftQueued(Account account, Instant now, Predicate<List<LedgerEntry>> reader);

  /** The runs alive at {@code now} that hold anything that waits or is under way in an account. */
  List<Holder> holders(Account account, Instant now);

  /**
   * A run that holds deliveries.
   *
   * @param run its name
   * @param leaseUntil when others may take over unless it renews its lease
   */
  record Holder(String run, Instant leaseUntil) {}

  /**
   * What {@link #admit} would do with deliveries in a new run, without writing anything.
   *
   * @param isFirst told a name of each delivery that would be admitted; whether it was not told
   *     that name before. A listing that is previewed in parts is given the same one each time
   */
  List<Admission> preview(
      List<FailedDelivery> found, Round round, Instant now, Predicate<String> isFirst);

  /** Which deliveries that the ledger knows go out once more. */
  enum Round {
    /** Each delivery is sent once: what failed again or was rejected earlier is skipped. */
    FIRST,
    /** What failed again or was rejected in an earlier run is sent once more. */
    ANOTHER
  }

  /**
   * Claims deliveries of a run to send them now, oldest attempt first, unknown times first: {@code
   * FOUND} becomes {@code SENDING}, one more send is counted, {@code requestedAt} is {@code now},
   * {@code settledAt} is null. None is claimed twice, by whatever thread or process.
   *
   * <p>Siblings are deliveries of one webhook with the same event id, or none, whose lineage the
   * provider does not tell (it equals the log's id). They may come in one claim, but none comes
   * while another one is {@code SENDING}, or {@code UNKNOWN} and worth asking for: only so can
   * reading tell which of them a new log belongs to.
   *
   * @param grouping which deliveries may come in one claim
   * @return at most {@code most} entries; empty if none can go now or the run is not alive
   */
  List<LedgerEntry> claim(String run, Account account, Grouping grouping, int most, Instant now);

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
   * lineage; where it was admitted as a delivery of its own and not yet claimed, that one becomes
   * {@code JOINED}. Entries that another run has taken over are left as they are.
   */
  void record(String run, List<LedgerEntry> claimed, List<RetryResult> results);

  /**
   * Unsettled entries of a run that are worth asking for, by id from above {@code afterId} on:
   * those without {@code settledAt}. An entry whose outcome was read as {@code UNKNOWN} has one,
   * for good: other deliveries may account for its evidence by now.
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

  /** How many deliveries of a run stand where; states without any are left out. */
  Map<DeliveryState, Long> counts(String run);

  /** The same for one account. */
  Map<DeliveryState, Long> counts(String run, Account account);

  /**
   * When the oldest claim that living runs other than {@code run} have open in an account was made;
   * {@link Instant#MAX} if there is none.
   */
  Instant oldestClaimOfOthers(String run, Account account, Instant now);

  /** The latest runs, newest first. */
  List<LedgerRun> runs(int most);

  /** Hands each delivery that a run was the last to hold to {@code reader}, by id. */
  void entries(String run, Consumer<LedgerEntry> reader);

  @Override
  void close();

  /** What {@link #admit} did with a delivery. */
  enum Admission {
    /** It waits to be sent by this run. */
    ADMITTED,
    /**
     * This run has it already, by this very log or taken over from another run: it is not counted
     * again.
     */
    IN_THIS_RUN,
    /** This run has it already, by another failed log. */
    EARLIER_ATTEMPT,
    ALREADY_DELIVERED,
    FAILED_AGAIN_EARLIER,
    REJECTED_EARLIER,
    UNKNOWN_EARLIER,
    /** A retry made it, of a delivery that is delivered by now or that this run has. */
    PART_OF_LINEAGE,
    OTHER_RUN
  }
}
