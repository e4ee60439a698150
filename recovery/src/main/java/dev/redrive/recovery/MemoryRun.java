package dev.redrive.recovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A run in memory, with the deliveries it holds. */
final class MemoryRun {
  private final List<MemoryDelivery> deliveries;
  private final SubjectsOut out;
  private final Map<Account, Held> held = new HashMap<>();
  private LedgerRun info;
  private Instant leaseUntil;
  private boolean takenOver;
  private boolean approved;

  /** What a run holds of one account. */
  private static final class Held {
    private final NavigableSet<MemoryDelivery> waiting = new TreeSet<>(MemoryDelivery.OLDEST_FIRST);
    private final BitSet underWay = new BitSet();
    private final Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
  }

  /**
   * @param deliveries all of the ledger, each at its index
   */
  MemoryRun(LedgerRun info, Instant leaseUntil, List<MemoryDelivery> deliveries, SubjectsOut out) {
    this.info = info;
    this.leaseUntil = leaseUntil;
    this.deliveries = deliveries;
    this.out = out;
  }

  LedgerRun info() {
    return info;
  }

  boolean isAlive(Instant now) {
    return info.endedAt() == null && !takenOver && now.isBefore(leaseUntil);
  }

  boolean isApproved() {
    return approved;
  }

  void approve() {
    approved = true;
  }

  Instant leaseUntil() {
    return leaseUntil;
  }

  boolean holdsAnyOpen(Account account) {
    return !held(account).waiting.isEmpty() || underWay(account, 0).findAny().isPresent();
  }

  /** What waits and was to be sent by an approved run. */
  List<MemoryDelivery> approvedWaiting(Account account) {
    return held(account).waiting.stream().filter(MemoryDelivery::isApproved).toList();
  }

  boolean renew(Instant until) {
    if (info.endedAt() != null || takenOver) {
      return false;
    }
    leaseUntil = until;
    return true;
  }

  void finish(Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    info = new LedgerRun(info.id(), info.accounts(), info.startedAt(), endedAt, end, counts);
  }

  void add(MemoryDelivery delivery) {
    Held of = held(delivery.account());
    of.counts.merge(delivery.state(), 1L, Long::sum);
    if (delivery.state() == DeliveryState.FOUND) {
      of.waiting.add(delivery);
    } else if (delivery.entry().isUnderWay()) {
      of.underWay.set(delivery.index());
      out.add(delivery);
    }
  }

  void remove(MemoryDelivery delivery) {
    Held of = held(delivery.account());
    of.counts.computeIfPresent(delivery.state(), (state, n) -> n == 1 ? null : n - 1);
    if (delivery.state() == DeliveryState.FOUND) {
      of.waiting.remove(delivery);
    } else if (of.underWay.get(delivery.index())) {
      of.underWay.clear(delivery.index());
      out.remove(delivery);
    }
  }

  /** Hands what is unsettled to another run; how many that were. */
  long leaveUnsettled(Account account, MemoryRun heir, Instant now) {
    List<MemoryDelivery> unsettled = underWay(account, 0).toList();
    takenOver |= !unsettled.isEmpty();
    unsettled.forEach(delivery -> delivery.passTo(heir, now));
    return unsettled.size();
  }

  List<MemoryDelivery> oldest(Account account, RetryLedger.Grouping grouping, int most) {
    var oldest = new ArrayList<MemoryDelivery>();
    for (MemoryDelivery delivery : held(account).waiting) {
      if (oldest.size() == most) {
        break;
      }
      boolean fits =
          grouping == RetryLedger.Grouping.ANY
              || oldest.isEmpty()
              || Objects.equals(delivery.webhookId(), oldest.get(0).webhookId());
      if (fits && !out.contains(delivery.subject())) {
        oldest.add(delivery);
      }
    }
    return oldest;
  }

  List<MemoryDelivery> worthAsking(Account account, long afterId, int most) {
    return underWay(account, MemoryDelivery.index(afterId) + 1)
        .filter(MemoryDelivery::isWorthAsking)
        .limit(most)
        .toList();
  }

  Instant oldestClaim(Account account) {
    return underWay(account, 0)
        .filter(delivery -> delivery.state() == DeliveryState.SENDING)
        .map(delivery -> Objects.requireNonNull(delivery.entry().requestedAt()))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private Stream<MemoryDelivery> underWay(Account account, int from) {
    BitSet underWay = held(account).underWay;
    return IntStream.iterate(
            underWay.nextSetBit(from), i -> i >= 0, i -> underWay.nextSetBit(i + 1))
        .mapToObj(deliveries::get);
  }

  Map<DeliveryState, Long> counts() {
    Map<DeliveryState, Long> sums = new EnumMap<>(DeliveryState.class);
    for (Held of : held.values()) {
      of.counts.forEach((state, count) -> sums.merge(state, count, Long::sum));
    }
    return sums;
  }

  Map<DeliveryState, Long> counts(Account account) {
    return new EnumMap<>(held(account).counts);
  }

  private Held held(Account account) {
    return held.computeIfAbsent(account, a -> new Held());
  }
}
