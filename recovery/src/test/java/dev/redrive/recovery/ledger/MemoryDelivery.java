package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A delivery in memory, and the runs that it was given to. */
final class MemoryDelivery {
  static final Comparator<MemoryDelivery> OLDEST_FIRST =
      Comparator.comparing(MemoryDelivery::age).thenComparing(delivery -> delivery.entry().id());

  /**
   * That it was given to a run.
   *
   * @param account the account that it was given to the run for
   * @param listedAs the key under which the run counts it; null if it has not been listed to it
   * @param round the round in which it was to be sent
   * @param held the run holds it back
   */
  private record Given(Account account, @Nullable String listedAs, int round, boolean held) {}

  private final String name;
  private final List<String> logIds = new ArrayList<>(2);
  private final Map<String, Given> given = new HashMap<>(2);
  private final List<LedgerRetry> earlier = new ArrayList<>(0);
  private LedgerEntry entry;
  private int round;

  /** An approved run was to send it in this round. */
  private boolean approved;

  /** The run that claimed it, or took it up; null while it waits. */
  private @Nullable String owner;

  /** The run that claimed it last. */
  private @Nullable String sender;

  private Instant leaseUntil = Instant.MIN;

  MemoryDelivery(long id, Account account, FailedDelivery found) {
    this.name = found.lineage();
    this.entry = LedgerEntry.found(id, account, found);
    this.logIds.add(found.latest().logId());
  }

  /** The lineage that it was first found with. */
  String name() {
    return name;
  }

  LedgerEntry entry() {
    return entry;
  }

  DeliveryState state() {
    return entry.state();
  }

  /** When the attempt to retry was made; unknown times come first. */
  private Instant age() {
    return Objects.requireNonNullElse(entry.delivery().latest().createdAt(), Instant.MIN);
  }

  /** Its own log, and those that retries made. */
  List<String> logIds() {
    return logIds;
  }

  /** Whether the log was not known as its own. */
  boolean addLog(String logId) {
    return !logIds.contains(logId) && logIds.add(logId);
  }

  /** Whether reading could take a new log of a sibling for its own. */
  boolean keepsSiblingsWaiting() {
    return entry.subject() != null
        && (state() == DeliveryState.SENDING
            || (state() == DeliveryState.UNKNOWN && entry.isWorthAsking()));
  }

  boolean isOwn(String run) {
    return run.equals(owner);
  }

  @Nullable String owner() {
    return owner;
  }

  boolean isGivenTo(@Nullable String run) {
    return given.containsKey(run);
  }

  boolean isGivenTo(String run, Account account) {
    Given to = given.get(run);
    return to != null && to.account().equals(account);
  }

  boolean isOf(Account account) {
    return entry.account().equals(account);
  }

  /** Whether a run may claim it. */
  boolean waitsFor(String run, Account account) {
    Given to = given.get(run);
    return state() == DeliveryState.FOUND
        && isOf(account)
        && to != null
        && to.round() == round
        && !to.held();
  }

  /** Whether it waits for a run that was approved. */
  boolean isLeftQueued() {
    return state() == DeliveryState.FOUND && approved;
  }

  void approve(String run) {
    Given to = given.get(run);
    approved |= to != null && to.round() == round;
  }

  /** What comes of giving it to a run; null stands for a run yet to begin. */
  Admission admission(@Nullable String run, FailedDelivery found, Round asked, Instant now) {
    Given to = given.get(run);
    if (to != null) {
      return to.listedAs() == null || to.listedAs().equals(found.key().id())
          ? Admission.IN_THIS_RUN
          : Admission.EARLIER_ATTEMPT;
    }
    return entry.admission(asked, approved, now);
  }

  /** Gives it to a run, to be sent if it waits or ended badly. */
  void give(String run, Account account, FailedDelivery found, boolean isApproved) {
    queueAgain();
    approved |= isApproved;
    entry = entry.listedFor(account);
    given.put(run, new Given(account, found.key().id(), round, false));
  }

  /** Has what ended wait once more, in a round that only the runs it is given to now share. */
  private void queueAgain() {
    if (!entry.isUnderWay() && state() != DeliveryState.FOUND) {
      if (owner != null) {
        earlier.add(latest());
      }
      entry = entry.queued();
      owner = null;
      round++;
      approved = false;
    }
  }

  /** Its retries, oldest first. What waits, or was settled by a person meanwhile, has no latest. */
  List<LedgerRetry> retries() {
    var retries = new ArrayList<>(earlier);
    if (owner != null) {
      retries.add(latest());
    }
    return retries;
  }

  private LedgerRetry latest() {
    boolean hasFailed = state() == DeliveryState.FAILED_AGAIN;
    return new LedgerRetry(
        Objects.requireNonNull(sender),
        Objects.requireNonNull(entry.requestedAt()),
        state(),
        entry.reason(),
        hasFailed ? entry.delivery().cause() : null,
        hasFailed ? entry.delivery().latest().httpStatus() : null,
        entry.newLogId(),
        entry.settledAt());
  }

  /** Keeps what a request did that was made and not sent. */
  void keepPutBack() {
    if (state() == DeliveryState.FOUND) {
      earlier.add(latest());
    }
  }

  /** A person has it sent by the next run. */
  void sendAgain() {
    queueAgain();
    approved = true;
  }

  /** A person says that it is delivered. */
  void resolve(Instant now) {
    if (state() != DeliveryState.DELIVERED) {
      entry = entry.deliveredByHand(now);
    }
  }

  boolean isSettledBefore(Instant time) {
    return state() != DeliveryState.FOUND
        && !entry.isUnderWay()
        && entry.settledAt() != null
        && entry.settledAt().isBefore(time);
  }

  /** Whether an id is its own, its lineage, or that of a log of it. */
  boolean hasId(String id) {
    return logIds.contains(id)
        || entry.key().id().equals(id)
        || entry.delivery().latest().key().id().equals(id)
        || entry.delivery().latest().logId().equals(id)
        || entry.delivery().lineage().equals(id);
  }

  void holdBack(String run) {
    given.computeIfPresent(
        run, (r, to) -> new Given(to.account(), to.listedAs(), to.round(), true));
  }

  /** A row that the provider listed stands for it in a run from now on. */
  void listed(String run, FailedDelivery found) {
    given.computeIfPresent(
        run,
        (r, to) ->
            to.listedAs() == null
                ? new Given(to.account(), found.key().id(), to.round(), to.held())
                : to);
  }

  /** While it waits, the newest attempt is the one to retry. */
  void keepNewer(FailedDelivery found) {
    entry = entry.withNewest(found);
  }

  void claim(String run, Instant now, Instant until) {
    entry = entry.claimed(now);
    owner = run;
    sender = run;
    leaseUntil = until;
  }

  boolean isLeased(Instant now) {
    return state() == DeliveryState.SENDING && now.isBefore(leaseUntil);
  }

  /** Whether it is still as a run read it. */
  boolean isStill(LedgerEntry read, String run) {
    return isOwn(run)
        && state() == read.state()
        && entry.sends() == read.sends()
        && (entry.settledAt() == null) == (read.settledAt() == null);
  }

  void become(LedgerEntry next) {
    entry = next;
    owner = next.state() == DeliveryState.FOUND ? null : owner;
  }

  /** Lets a run answer for it; whether it was not given to that before. */
  boolean takeUp(String run, Instant now) {
    entry = state() == DeliveryState.SENDING ? entry.lost(now) : entry;
    owner = run;
    return given.putIfAbsent(run, new Given(entry.account(), null, round, false)) == null;
  }

  /** As a run was given it. */
  LedgerEntry entryOf(String run) {
    Given to = given.get(run);
    return to == null ? entry : entry.listedFor(to.account());
  }

  static List<LedgerEntry> entries(Collection<MemoryDelivery> deliveries) {
    return deliveries.stream().map(MemoryDelivery::entry).toList();
  }
}
