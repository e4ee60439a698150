package dev.redrive.recovery.engine;

import dev.redrive.RetryResult;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Claims the deliveries of several requests at once, because each claim waits for the disk, and
 * returns those of one request at a time. Used by one sending thread.
 */
final class ClaimsAhead {
  private final RunControl run;
  private final RecoverySettings settings;
  private final AccountState state;
  private final RetryLedger.Grouping grouping;
  private final Predicate<String> isStopped;
  private final ArrayDeque<List<LedgerEntry>> ahead = new ArrayDeque<>();
  private boolean meetsManySiblings;

  /** {@code isStopped} returns whether nothing more may be sent to a webhook. */
  ClaimsAhead(
      RunControl run,
      RecoverySettings settings,
      AccountState state,
      RetryLedger.Grouping grouping,
      Predicate<String> isStopped) {
    this.run = run;
    this.settings = settings;
    this.state = state;
    this.grouping = grouping;
    this.isStopped = isStopped;
  }

  boolean isEmpty() {
    return ahead.isEmpty();
  }

  /** Returns how many deliveries are claimed and not sent yet. */
  long deliveries() {
    return ahead.stream().mapToLong(List::size).sum();
  }

  /**
   * Returns the deliveries of the next request; empty if nothing can be sent now.
   *
   * @param requests how many requests may be in flight at once
   * @param room how many deliveries may be sent now
   */
  List<LedgerEntry> next(int batchSize, int requests, long room) {
    putBackStopped();
    if (ahead.isEmpty()) {
      claim(batchSize, requests, room);
    }
    return ahead.isEmpty() ? List.of() : ahead.remove();
  }

  /** Claims deliveries for {@link #next} until there are as many requests as may be in flight. */
  void fill(int batchSize, int requests) {
    if (ahead.size() < requests) {
      claim(batchSize, requests, Long.MAX_VALUE);
    }
  }

  private void claim(int batchSize, int requests, long room) {
    long most = Math.min(room, (long) batchSize * (meetsManySiblings ? 1 : requests));
    List<LedgerEntry> claimed =
        settings
            .ledger()
            .claim(
                run.id(),
                state.account(),
                grouping,
                (int) most,
                settings.time().now(),
                settings.lease());
    state.claimed(claimed.size());
    ahead.addAll(requests(claimed, batchSize));
  }

  /**
   * Divides claims into requests. Siblings are in one request: if one of them were in flight in
   * another request, its new log could be taken for the log of its sibling.
   */
  private List<List<LedgerEntry>> requests(List<LedgerEntry> claimed, int batchSize) {
    var requests = new ArrayList<List<LedgerEntry>>();
    Map<Object, List<LedgerEntry>> together = new LinkedHashMap<>();
    for (LedgerEntry entry : claimed) {
      Object name = Objects.requireNonNullElse(entry.subject(), entry.id());
      together.computeIfAbsent(name, any -> new ArrayList<>(1)).add(entry);
    }
    var tooMany = new ArrayList<LedgerEntry>();
    // The largest groups of siblings first; deliveries without siblings fill the gaps.
    for (List<LedgerEntry> siblings :
        together.values().stream().sorted(Comparator.comparing(s -> -s.size())).toList()) {
      int fitting = Math.min(siblings.size(), batchSize);
      requestFor(fitting, batchSize, requests).addAll(siblings.subList(0, fitting));
      tooMany.addAll(siblings.subList(fitting, siblings.size()));
    }
    meetsManySiblings |= tooMany.size() > claimed.size() / 2;
    putBack(tooMany, "another delivery of the same event is sent first");
    return requests;
  }

  /** Returns the first request that has room for a group. */
  private static List<LedgerEntry> requestFor(
      int deliveries, int batchSize, List<List<LedgerEntry>> requests) {
    for (List<LedgerEntry> request : requests) {
      if (request.size() + deliveries <= batchSize) {
        return request;
      }
    }
    var request = new ArrayList<LedgerEntry>();
    requests.add(request);
    return request;
  }

  /** Puts back what was claimed before its webhook was stopped. */
  private void putBackStopped() {
    var stopped = new ArrayList<LedgerEntry>();
    for (List<LedgerEntry> request : ahead) {
      request.stream().filter(entry -> isStopped.test(entry.webhook())).forEach(stopped::add);
      request.removeIf(entry -> isStopped.test(entry.webhook()));
    }
    ahead.removeIf(List::isEmpty);
    putBack(stopped, "its webhook was stopped");
  }

  /** Puts claims that were not sent back into the queue. */
  void putBack() {
    List<LedgerEntry> left = ahead.stream().flatMap(List::stream).toList();
    ahead.clear();
    putBack(left, "the run stopped");
  }

  private void putBack(List<LedgerEntry> entries, String why) {
    if (!entries.isEmpty()) {
      Instant now = settings.time().now();
      List<RetryResult> results =
          entries.stream().map(entry -> RetryResult.notSent(entry.delivery(), why, now)).toList();
      settings.ledger().record(run.id(), entries, results);
      int unused = state.recorded(results);
    }
  }
}
