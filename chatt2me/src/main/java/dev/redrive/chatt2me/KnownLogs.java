package dev.redrive.chatt2me;

import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Logs that are accounted for, and so no evidence for a retry whose answer was lost. */
final class KnownLogs {
  private final List<RetryResult> results;
  private final Set<String> named = new HashSet<>();
  private final Map<String, Instant> retried = new HashMap<>();
  private boolean indexed;

  KnownLogs(List<RetryResult> results) {
    this.results = results;
  }

  /** Done when first asked for: usually no answer was lost. */
  private void index() {
    for (RetryResult result : results) {
      if (result.newLogId() != null) {
        named.add(Ids.of(result.newLogId()));
      }
      retried.merge(
          Ids.of(result.delivery()), result.requestedAt(), (a, b) -> a.isBefore(b) ? a : b);
    }
    indexed = true;
  }

  /**
   * Whether a log cannot come from a request that ended at {@code requestedAt}: it was named as
   * what another request made, or was itself retried no later and so there before. What was retried
   * later may well have come from it.
   */
  synchronized boolean contains(String logId, Instant requestedAt) {
    if (!indexed) {
      index();
    }
    Instant retriedAt = retried.get(logId);
    return named.contains(logId) || (retriedAt != null && !retriedAt.isAfter(requestedAt));
  }
}
