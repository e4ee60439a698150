package dev.redrive.chatt2me;

import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Logs with another explanation. They are no evidence for a retry whose response was lost. */
final class KnownLogs {
  private final List<RetryResult> results;
  private final Set<String> named = new HashSet<>();
  private final Map<String, Instant> retried = new HashMap<>();
  private boolean indexed;

  KnownLogs(List<RetryResult> results) {
    this.results = results;
  }

  /** Runs on first use only, because usually no response was lost. */
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
   * Whether a log cannot come from a request that ended at {@code requestedAt}. That is so if
   * another request named it as its new log, or if the log itself was retried at that time or
   * earlier and so existed before. A log that was retried later may come from the request.
   */
  synchronized boolean contains(String logId, Instant requestedAt) {
    if (!indexed) {
      index();
    }
    Instant retriedAt = retried.get(logId);
    return named.contains(logId) || (retriedAt != null && !retriedAt.isAfter(requestedAt));
  }
}
