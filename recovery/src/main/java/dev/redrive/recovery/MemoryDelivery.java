package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.RetryLedger.Admission;
import dev.redrive.recovery.RetryLedger.Round;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A delivery in memory. */
final class MemoryDelivery {
  static final Comparator<MemoryDelivery> OLDEST_FIRST =
      (a, b) -> {
        int order = a.age.compareTo(b.age);
        return order == 0 ? Integer.compare(a.index, b.index) : order;
      };

  private final int index;
  private final Account account;
  private final String name;
  private final List<String> logIds = new ArrayList<>(2);
  private MemoryRun holder;
  private LedgerEntry entry;
  private Instant age;
  private boolean approved;

  /** The key under which its run counted it; null if it has not been listed to it. */
  private @Nullable String listedAs;

  /**
   * @param index its place among all deliveries of the ledger
   */
  MemoryDelivery(int index, FailedDelivery found, MemoryRun holder) {
    this.index = index;
    this.account = Account.of(found.key());
    this.name = found.lineage();
    this.entry = LedgerEntry.found(index + 1L, found);
    this.age = age(entry);
    this.logIds.add(found.latest().logId());
    this.listedAs = found.key().id();
    this.holder = holder;
    holder.add(this);
  }

  /** When the attempt to retry was made; unknown times come first. */
  private static Instant age(LedgerEntry entry) {
    return Objects.requireNonNullElse(entry.delivery().latest().createdAt(), Instant.MIN);
  }

  /** Its place among all deliveries of the ledger. */
  int index() {
    return index;
  }

  /** The place of an entry's delivery: ids count from 1. */
  static int index(long entryId) {
    return (int) entryId - 1;
  }

  /** The lineage that it was first found with. */
  String name() {
    return name;
  }

  Account account() {
    return account;
  }

  MemoryRun holder() {
    return holder;
  }

  LedgerEntry entry() {
    return entry;
  }

  DeliveryState state() {
    return entry.state();
  }

  String logId() {
    return entry.delivery().latest().logId();
  }

  /** Its own log, and those that retries made. */
  List<String> logIds() {
    return logIds;
  }

  /** Whether the log was not known as its own. */
  boolean addLog(String logId) {
    return !logIds.contains(logId) && logIds.add(logId);
  }

  @Nullable String webhookId() {
    return entry.delivery().latest().webhookId();
  }

  InMemoryLedger.@Nullable Subject subject() {
    return subject(entry.delivery());
  }

  /** What it shares with deliveries that reading cannot tell from it; null where it can. */
  static InMemoryLedger.@Nullable Subject subject(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return log.lineage().equals(log.logId())
        ? new InMemoryLedger.Subject(Account.of(log.key()), log.webhookId(), log.eventId())
        : null;
  }

  boolean keepsSiblingsWaiting() {
    return (state() == DeliveryState.SENDING
            || (state() == DeliveryState.UNKNOWN && entry.isWorthAsking()))
        && subject() != null;
  }

  boolean isWorthAsking() {
    return entry.isWorthAsking();
  }

  /** Whether {@code run} may send it, else why not; null stands for a run yet to begin. */
  Admission admission(@Nullable MemoryRun run, FailedDelivery found, Round round, Instant now) {
    if (holder == run && state() != DeliveryState.JOINED) {
      return listedAs == null || listedAs.equals(found.key().id())
          ? Admission.IN_THIS_RUN
          : Admission.EARLIER_ATTEMPT;
    }
    boolean isFree = !holder.isAlive(now);
    // A run that begins takes over what is free before it lists anything.
    return run == null && isFree && entry.isUnderWay()
        ? Admission.IN_THIS_RUN
        : entry.admission(round, isFree, isApproved());
  }

  /** A row that the provider listed stands for it in its run from now on. */
  void listed(FailedDelivery found) {
    listedAs = listedAs == null ? found.key().id() : listedAs;
  }

  /** Whether a run that was approved was to send it. */
  boolean isApproved() {
    return approved || holder.isApproved();
  }

  void queueFor(MemoryRun run, FailedDelivery found) {
    approved = state() == DeliveryState.FOUND && isApproved();
    listedAs = found.key().id();
    become(entry.queued(), run);
  }

  /** While it waits, the newest attempt is the one to retry. */
  void keepNewer(FailedDelivery found) {
    become(entry.withNewest(found), holder);
  }

  void claim(Instant now) {
    become(entry.claimed(now), holder);
  }

  /** Whether it is still as a run read it. */
  boolean isStill(LedgerEntry read, MemoryRun run) {
    return holder == run
        && state() == read.state()
        && entry.sends() == read.sends()
        && (entry.settledAt() == null) == (read.settledAt() == null);
  }

  void record(RetryResult result) {
    become(entry.recorded(result), holder);
  }

  void settle(RetryOutcome outcome, Instant now) {
    become(entry.settled(outcome, now), holder);
  }

  void passTo(MemoryRun heir, Instant now) {
    approved = true;
    listedAs = null;
    become(state() == DeliveryState.SENDING ? entry.lost(now) : entry, heir);
  }

  void joinIfWaiting() {
    if (state() == DeliveryState.FOUND) {
      become(entry.joined(), holder);
    }
  }

  private void become(LedgerEntry next, MemoryRun nextHolder) {
    holder.remove(this);
    entry = next;
    age = age(next);
    holder = nextHolder;
    holder.add(this);
  }
}
