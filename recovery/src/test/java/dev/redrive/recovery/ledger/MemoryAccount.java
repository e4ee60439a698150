package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deliveries in memory whose ids are unique among each other: those of one or more accounts. */
final class MemoryAccount {
  private final Map<String, MemoryDelivery> byLineage = new HashMap<>();
  private final Map<String, MemoryDelivery> byRetryLog = new HashMap<>();
  private final Map<String, List<MemoryDelivery>> bySubject = new HashMap<>();
  private final NavigableSet<MemoryDelivery> waiting = new TreeSet<>(MemoryDelivery.OLDEST_FIRST);
  private final Map<Long, MemoryDelivery> underWay = new TreeMap<>();

  /** How many deliveries of each subject are out. */
  private final Map<String, Integer> out = new HashMap<>();

  /** The delivery with the lineage of a log; null if there is none. */
  @Nullable MemoryDelivery named(FailedDelivery found) {
    return byLineage.get(found.lineage());
  }

  /** The delivery that a log belongs to; null if there is none. */
  @Nullable MemoryDelivery known(FailedDelivery found) {
    MemoryDelivery named = named(found);
    return named == null ? byRetryLog.get(found.latest().logId()) : named;
  }

  boolean isSubjectOut(FailedDelivery found) {
    return out.containsKey(LedgerEntry.subject(found));
  }

  void addNew(MemoryDelivery delivery) {
    byLineage.put(delivery.name(), delivery);
    if (delivery.entry().subject() != null) {
      bySubject
          .computeIfAbsent(delivery.entry().subject(), subject -> new ArrayList<>())
          .add(delivery);
    }
    add(delivery);
  }

  void add(MemoryDelivery delivery) {
    if (delivery.state() == DeliveryState.FOUND) {
      waiting.add(delivery);
    } else if (delivery.entry().isUnderWay()) {
      underWay.put(delivery.entry().id(), delivery);
    }
    if (delivery.keepsSiblingsWaiting()) {
      out.merge(delivery.entry().subject(), 1, Integer::sum);
    }
  }

  /** To be called before it changes. */
  void remove(MemoryDelivery delivery) {
    if (delivery.state() == DeliveryState.FOUND) {
      waiting.remove(delivery);
    } else {
      underWay.remove(delivery.entry().id());
    }
    if (delivery.keepsSiblingsWaiting()) {
      out.computeIfPresent(delivery.entry().subject(), (subject, n) -> n == 1 ? null : n - 1);
    }
  }

  void become(MemoryDelivery delivery, LedgerEntry next) {
    remove(delivery);
    delivery.become(next);
    add(delivery);
  }

  /** Oldest first. */
  Collection<MemoryDelivery> waiting() {
    return waiting;
  }

  /** By id. */
  Collection<MemoryDelivery> underWay() {
    return underWay.values();
  }

  List<MemoryDelivery> oldest(
      String run, Account account, RetryLedger.Grouping grouping, int most) {
    var oldest = new ArrayList<MemoryDelivery>();
    for (MemoryDelivery delivery : waiting) {
      if (oldest.size() == most) {
        break;
      }
      boolean fits =
          grouping == RetryLedger.Grouping.ANY
              || oldest.isEmpty()
              || webhook(delivery).equals(webhook(oldest.get(0)));
      if (fits && delivery.waitsFor(run, account) && !out.containsKey(delivery.entry().subject())) {
        oldest.add(delivery);
      }
    }
    return oldest;
  }

  List<MemoryDelivery> first(
      String run,
      Account account,
      RetryLedger.Grouping grouping,
      int each,
      Set<String> except,
      int most) {
    var first = new ArrayList<MemoryDelivery>();
    Map<String, Integer> ofWebhook = new HashMap<>();
    Set<String> subjects = new HashSet<>(out.keySet());
    int enough = grouping == RetryLedger.Grouping.ANY ? most : Math.min(most, each);
    for (MemoryDelivery delivery : waiting) {
      if (first.size() == enough) {
        break;
      }
      String webhook = webhook(delivery);
      boolean fits =
          delivery.waitsFor(run, account)
              && !except.contains(webhook)
              && ofWebhook.getOrDefault(webhook, 0) < each
              && (grouping == RetryLedger.Grouping.ANY
                  || first.isEmpty()
                  || ofWebhook.containsKey(webhook));
      if (fits
          && (delivery.entry().subject() == null || subjects.add(delivery.entry().subject()))) {
        first.add(delivery);
        ofWebhook.merge(webhook, 1, Integer::sum);
      }
    }
    return first;
  }

  List<LedgerEntry> claim(List<MemoryDelivery> picked, String run, Instant now, Instant until) {
    for (MemoryDelivery delivery : picked) {
      remove(delivery);
      delivery.claim(run, now, until);
      add(delivery);
    }
    return MemoryDelivery.entries(picked);
  }

  private static String webhook(MemoryDelivery delivery) {
    return delivery.entry().webhook();
  }

  List<String> logsOfSiblings(MemoryDelivery delivery, Set<Long> except) {
    return delivery.entry().subject() == null
        ? List.of()
        : bySubject.getOrDefault(delivery.entry().subject(), List.of()).stream()
            .filter(sibling -> !except.contains(sibling.entry().id()))
            .flatMap(sibling -> sibling.logIds().stream())
            .toList();
  }

  /** Those with an id, likeliest first: by lineage, by a retry's log, by any other. */
  Stream<MemoryDelivery> withId(String id) {
    return Stream.of(
            Stream.ofNullable(byLineage.get(id)),
            Stream.ofNullable(byRetryLog.get(id)),
            byLineage.values().stream().filter(delivery -> delivery.hasId(id)))
        .flatMap(found -> found);
  }

  /** Nothing is known of a settled delivery any more. */
  void forget(MemoryDelivery delivery) {
    byLineage.remove(delivery.name(), delivery);
    delivery.logIds().forEach(log -> byRetryLog.remove(log, delivery));
    if (delivery.entry().subject() != null) {
      bySubject.computeIfPresent(
          delivery.entry().subject(),
          (subject, siblings) -> siblings.remove(delivery) && siblings.isEmpty() ? null : siblings);
    }
  }

  /** A log that a retry made is known from now on. */
  void addLog(MemoryDelivery delivery, String logId) {
    if (delivery.addLog(logId)) {
      byRetryLog.putIfAbsent(logId, delivery);
    }
  }
}
