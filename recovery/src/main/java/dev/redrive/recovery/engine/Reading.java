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

/** One reading of outcomes: what it was to tell, and what it has told so far. */
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

  /** The retries to ask for. */
  List<RetryResult> results() {
    return results;
  }

  /** Whose outcome it is; null if that was not asked for. Told once. */
  @Nullable LedgerEntry told(RetryOutcome outcome) {
    return untold.remove(outcome.result());
  }

  /** What it did not tell. */
  List<LedgerEntry> untold() {
    return List.copyOf(untold.values());
  }

  /** It told that this is still open. */
  void isOpen(LedgerEntry entry) {
    open.add(entry);
  }

  /** All that is still open, as far as it told, or did not tell. */
  List<LedgerEntry> open() {
    var all = new ArrayList<>(open);
    all.addAll(untold.values());
    return all;
  }

  /** It told of one that this run sent. */
  void tells(RetryOutcome.Status outcome) {
    settled++;
    delivered += outcome == RetryOutcome.Status.DELIVERED ? 1 : 0;
    failedAgain += outcome == RetryOutcome.Status.FAILED_AGAIN ? 1 : 0;
  }

  /** Makes room for more where it has told that something is not out any more. */
  void makeRoom(SendWindow window) {
    window.settled(settled, delivered, failedAgain);
  }
}
