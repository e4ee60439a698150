package dev.redrive.recovery.engine;

import dev.redrive.RetryResult;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private boolean meetsSiblings;

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
   * @param requests how many requests could go out at once
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
      long most = Math.min(room, (long) batchSize * (meetsSiblings ? 1 : requests));
      claim(batchSize, (int) most);
    }
  }

  /**
   * Siblings go in one request: while one is under way in another, reading could take its log for
   * theirs.
   */
  private void claim(int batchSize, int most) {
    List<LedgerEntry> claimed =
        settings
            .ledger()
            .claim(
                run.id(), state.account(), grouping, most, settings.time().now(), settings.lease());
    state.claimed(claimed.size());
    Map<String, List<LedgerEntry>> requestOf = new HashMap<>();
    var tooMany = new ArrayList<LedgerEntry>();
    for (LedgerEntry entry : claimed) {
      boolean fits = !ahead.isEmpty() && ahead.getLast().size() < batchSize;
      List<LedgerEntry> request = fits ? ahead.getLast() : new ArrayList<>();
      String subject = entry.subject();
      if (subject != null && requestOf.computeIfAbsent(subject, s -> request) != request) {
        tooMany.add(entry);
        continue;
      }
      request.add(entry);
      if (!fits) {
        ahead.add(request);
      }
    }
    meetsSiblings |= !tooMany.isEmpty();
    putBack(tooMany, "its sibling goes first");
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
