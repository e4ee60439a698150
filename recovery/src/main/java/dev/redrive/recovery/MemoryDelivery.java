package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.RetryLedger.Admission;
import dev.redrive.recovery.RetryLedger.Round;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A delivery in memory. */
final class MemoryDelivery {
  static final Comparator<MemoryDelivery> OLDEST_FIRST =
      Comparator.comparing(
              (MemoryDelivery d) -> d.entry.delivery().latest().createdAt(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(MemoryDelivery::id);

  private final String name;
  private final Set<String> logIds = new HashSet<>(2);
  private MemoryRun holder;
  private LedgerEntry entry;

  MemoryDelivery(long id, FailedDelivery found, MemoryRun holder) {
    this.name = found.lineage();
    this.entry = LedgerEntry.found(id, found);
    this.logIds.add(found.latest().logId());
    this.holder = holder;
    holder.add(this);
  }

  long id() {
    return entry.id();
  }

  /** The lineage that it was first found with. */
  String name() {
    return name;
  }

  Account account() {
    return entry.account();
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
  Set<String> logIds() {
    return logIds;
  }

  void addLog(String logId) {
    logIds.add(logId);
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
    return subject() != null
        && (state() == DeliveryState.SENDING
            || (state() == DeliveryState.UNKNOWN && entry.isWorthAsking()));
  }

  boolean isWorthAsking() {
    return entry.isWorthAsking();
  }

  /** Whether {@code run} may send it, else why not; null stands for a run yet to begin. */
  Admission admission(@Nullable MemoryRun run, Round round, Instant now) {
    if (holder == run && state() != DeliveryState.JOINED) {
      return Admission.IN_THIS_RUN;
    }
    boolean isFree = !holder.isAlive(now);
    // A run that begins takes over what is free before it lists anything.
    return run == null && isFree && entry.isUnderWay()
        ? Admission.IN_THIS_RUN
        : entry.admission(round, isFree);
  }

  void queueFor(MemoryRun run) {
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
    holder = nextHolder;
    holder.add(this);
  }
}
