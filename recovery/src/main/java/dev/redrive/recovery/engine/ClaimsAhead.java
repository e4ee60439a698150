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
 * Claims what several requests take at once, since each claim waits for the disk, and hands out
 * what one request takes at a time. For one sending thread.
 */
final class ClaimsAhead {
  private final RunControl run;
  private final RecoverySettings settings;
  private final AccountState state;
  private final RetryLedger.Grouping grouping;
  private final Predicate<String> isStopped;
  private final ArrayDeque<List<LedgerEntry>> ahead = new ArrayDeque<>();
  private boolean meetsManySiblings;

  /** {@code isStopped} tells of a webhook that nothing more goes to it. */
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

  /**
   * What the next request takes; empty if nothing can go now.
   *
   * @param requests how many requests may go out at once
   * @param room how many deliveries could
   */
  List<LedgerEntry> next(int batchSize, int requests, long room) {
    putBackStopped();
    fill(batchSize, requests, room);
    return ahead.isEmpty() ? List.of() : ahead.remove();
  }

  /** Claims what {@link #next} is to hand out, unless something is left of the last claim. */
  void fill(int batchSize, int requests, long room) {
    if (ahead.isEmpty()) {
      long most = Math.min(room, (long) batchSize * (meetsManySiblings ? 1 : requests));
      claim(batchSize, (int) most);
    }
  }

  private void claim(int batchSize, int most) {
    List<LedgerEntry> claimed =
        settings
            .ledger()
            .claim(
                run.id(), state.account(), grouping, most, settings.time().now(), settings.lease());
    state.claimed(claimed.size());
    divide(claimed, batchSize);
  }

  /**
   * Siblings go in one request: while one is under way in another, reading could take its log for
   * theirs.
   */
  private void divide(List<LedgerEntry> claimed, int batchSize) {
    Map<Object, List<LedgerEntry>> together = new LinkedHashMap<>();
    for (LedgerEntry entry : claimed) {
      Object name = Objects.requireNonNullElse(entry.subject(), entry.id());
      together.computeIfAbsent(name, any -> new ArrayList<>(1)).add(entry);
    }
    var tooMany = new ArrayList<LedgerEntry>();
    // The most siblings first: what has none fills the room that they leave.
    for (List<LedgerEntry> siblings :
        together.values().stream().sorted(Comparator.comparing(s -> -s.size())).toList()) {
      int fitting = Math.min(siblings.size(), batchSize);
      requestFor(fitting, batchSize).addAll(siblings.subList(0, fitting));
      tooMany.addAll(siblings.subList(fitting, siblings.size()));
    }
    meetsManySiblings |= tooMany.size() > claimed.size() / 2;
    putBack(tooMany, "its sibling goes first");
  }

  /** The first request with room for so many. */
  private List<LedgerEntry> requestFor(int deliveries, int batchSize) {
    for (List<LedgerEntry> request : ahead) {
      if (request.size() + deliveries <= batchSize) {
        return request;
      }
    }
    var request = new ArrayList<LedgerEntry>();
    ahead.add(request);
    return request;
  }

  /** What was claimed before its webhook was stopped does not go out. */
  private void putBackStopped() {
    var stopped = new ArrayList<LedgerEntry>();
    for (List<LedgerEntry> request : ahead) {
      request.stream().filter(entry -> isStopped.test(entry.webhook())).forEach(stopped::add);
      request.removeIf(entry -> isStopped.test(entry.webhook()));
    }
    ahead.removeIf(List::isEmpty);
    putBack(stopped, "its webhook was stopped");
  }

  /** Has what no request took wait again. */
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
