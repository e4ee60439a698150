package dev.redrive.recovery.engine;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One read of outcomes: the entries that it asks for, and what it has returned so far. */
final class Reading {
  private final IdentityHashMap<RetryResult, LedgerEntry> untold = new IdentityHashMap<>();
  private final List<RetryResult> results = new ArrayList<>();
  private final List<LedgerEntry> open = new ArrayList<>();
  private long settled;
  private long delivered;
  private long failedAgain;

  /**
   * @param shown the attempt that the response to a retry showed; null if it showed none
   */
  Reading(Collection<LedgerEntry> entries, Function<LedgerEntry, @Nullable WebhookLog> shown) {
    for (LedgerEntry entry : entries) {
      WebhookLog attempt = shown.apply(entry);
      RetryResult recorded = entry.toResult();
      RetryResult result = attempt == null ? recorded : recorded.showing(attempt);
      results.add(result);
      untold.put(result, entry);
    }
  }

  /** Returns the retries whose outcomes to read. */
  List<RetryResult> results() {
    return results;
  }

  /** Takes the entry of an outcome; null if it was not asked for or was taken before. */
  @Nullable LedgerEntry told(RetryOutcome outcome) {
    return untold.remove(outcome.result());
  }

  /** Returns the entries without an outcome so far. */
  List<LedgerEntry> untold() {
    return List.copyOf(untold.values());
  }

  /** Records that an entry is still open. */
  void isOpen(LedgerEntry entry) {
    open.add(entry);
  }

  /** Returns the entries that are still open or have no outcome. */
  List<LedgerEntry> open() {
    var all = new ArrayList<>(open);
    all.addAll(untold.values());
    return all;
  }

  /** Counts the outcome of a retry that this run sent. */
  void tells(RetryOutcome.Status outcome) {
    settled++;
    delivered += outcome == RetryOutcome.Status.DELIVERED ? 1 : 0;
    failedAgain += outcome == RetryOutcome.Status.FAILED_AGAIN ? 1 : 0;
  }

  /** Makes room for as many deliveries as were settled. */
  void makeRoom(SendWindow window) {
    window.settled(settled, delivered, failedAgain);
  }
}
