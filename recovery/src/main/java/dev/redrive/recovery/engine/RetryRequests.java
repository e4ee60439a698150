package dev.redrive.recovery.engine;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the retry requests of one account, each for deliveries that were claimed. */
final class RetryRequests {
  private static final Logger LOG = LoggerFactory.getLogger(RetryRequests.class);

  private final RunControl run;
  private final RecoveryListener listener;
  private final RunProgress progress;
  private final RecoverySettings settings;
  private final TimeSource time;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final Account account;
  private final AccountState state;
  private final SendWindow window;

  RetryRequests(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      SendWindow window) {
    this.run = run;
    this.listener = listener;
    this.progress = progress;
    this.settings = settings;
    this.time = settings.time();
    this.ledger = settings.ledger();
    this.client = client;
    this.account = Account.of(client);
    this.state = state;
    this.window = window;
  }

  /** Sends a request, unless its claims have waited too long. Does not record the results yet. */
  List<RetryResult> send(List<LedgerEntry> entries) {
    List<FailedDelivery> deliveries = entries.stream().map(LedgerEntry::delivery).toList();
    if (!maySend(entries)) {
      Instant now = time.now();
      return deliveries.stream()
          .map(
              d ->
                  RetryResult.notSent(
                      d, "the run stopped or was suspended before it was sent", now))
          .toList();
    }
    state.requested();
    long begun = time.nanoTime();
    List<RetryResult> results = run.send(() -> retry(deliveries));
    log(results, (time.nanoTime() - begun) / 1_000_000);
    return results;
  }

  /** Records the results of a request. */
  void record(List<LedgerEntry> entries, List<RetryResult> results) {
    for (int i = 0; i < entries.size(); i++) {
      WebhookLog attempt = results.get(i).attempt();
      if (attempt != null) {
        state.shows(entries.get(i), attempt);
      }
    }
    ledger.record(run.id(), entries, results);
    tellRejected(entries, results);
    int taken = state.recorded(results);
    window.notSent(entries.size() - taken);
    progress.report();
  }

  private void log(List<RetryResult> results, long millis) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "run={} account={} request: {} deliveries in {} ms: {}",
          run.id(),
          account,
          results.size(),
          millis,
          results.stream()
              .collect(Collectors.groupingBy(RetryResult::status, Collectors.counting())));
    }
  }

  private void tellRejected(List<LedgerEntry> entries, List<RetryResult> results) {
    for (int i = 0; i < entries.size(); i++) {
      if (results.get(i).status() == RetryResult.Status.REJECTED) {
        listener.onOutcome(entries.get(i).recorded(results.get(i)));
      }
    }
  }

  /**
   * Whether enough of the lease is left for a request, so that no other run takes the claims up.
   */
  private boolean maySend(List<LedgerEntry> claimed) {
    Instant now = time.now();
    return !run.isStopping()
        && claimed.stream()
            .map(entry -> Objects.requireNonNull(entry.requestedAt()))
            .allMatch(at -> now.isBefore(at.plus(settings.lease().dividedBy(3))));
  }

  private List<RetryResult> retry(List<FailedDelivery> deliveries) {
    return deliveries.size() == 1
        ? List.of(client.retry(deliveries.get(0)))
        : client.retryAll(deliveries);
  }
}
