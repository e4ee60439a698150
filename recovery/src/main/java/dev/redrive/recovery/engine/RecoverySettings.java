package dev.redrive.recovery.engine;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a recovery. Public for {@code Recovery.Builder} only, which documents each of
 * them.
 *
 * @param runId the id of the run; null to make one up
 */
public record RecoverySettings(
    List<WebhookRetryClient> clients,
    DeliveryQuery query,
    RetryLedger ledger,
    Predicate<FailedDelivery> alreadyProcessed,
    Predicate<RecoveryPlan> approval,
    RecoveryListener listener,
    RetryLedger.Round round,
    EarlierRuns earlierRuns,
    StopRule stopRule,
    int canary,
    double maxRate,
    int concurrency,
    int batchSize,
    @Nullable Duration verifyTimeout,
    Duration longestPause,
    Duration longestUnverified,
    Duration lease,
    @Nullable String runId,
    TimeSource time) {
  /** The least time to wait for outcomes, unless a timeout is set. */
  private static final Duration LEAST_TIMEOUT = Duration.ofMinutes(2);

  /** The time for reading an outcome once the provider knows it. */
  private static final Duration TO_READ = Duration.ofSeconds(30);

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if there is no client, if two clients have the same account,
   *     or if a number is out of range
   */
  public RecoverySettings {
    check(!clients.isEmpty(), "A recovery needs at least one client: pass one to Recovery.of(...)");
    Set<Account> accounts = new HashSet<>();
    for (WebhookRetryClient client : clients) {
      Account account = Account.of(client);
      check(
          accounts.add(account),
          "Two clients for account " + account + ": use one, or set different account names");
    }
    check(canary >= 0, "canary is " + canary + ": use 0 for none");
    check(concurrency >= 1, "concurrency is " + concurrency + ": use at least 1");
    check(batchSize >= 1, "batchSize is " + batchSize + ": use at least 1");
    check(maxRate > 0, "maxRate is " + maxRate + ": use a positive number of requests per second");
    check(lease.toMillis() > 0, "lease is " + lease + ": it must be positive");
  }

  private static void check(boolean good, String problem) {
    if (!good) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** Returns the settings for a round of a continuous recovery of one account. */
  public RecoverySettings round(
      WebhookRetryClient client, Instant since, RecoveryListener watching, String id) {
    return new RecoverySettings(
        List.of(client),
        query.toBuilder().since(since).build(),
        ledger,
        alreadyProcessed,
        approval,
        watching,
        RetryLedger.Round.WHEN_DUE,
        earlierRuns,
        stopRule,
        canary,
        maxRate,
        concurrency,
        batchSize,
        verifyTimeout,
        longestPause,
        longestUnverified,
        lease,
        id,
        time);
  }

  /** What to do with deliveries that earlier runs left queued. */
  public enum EarlierRuns {
    /** Send them, too. */
    RESUMED,
    /** Leave them queued. */
    LEFT
  }

  /** Returns after how long without a sign of life a run counts as dead. */
  public Duration silence() {
    Duration ofLease = lease.dividedBy(4);
    return ofLease.compareTo(LedgerRun.LONGEST_SILENCE) < 0 ? ofLease : LedgerRun.LONGEST_SILENCE;
  }

  /** Returns how long to wait for outcomes after the last request to a provider. */
  Duration verifyTimeout(ProviderTraits traits) {
    return verifyTimeout == null
        ? max(LEAST_TIMEOUT, max(traits.settleTime(), traits.mostOutcomeTime()).plus(TO_READ))
        : verifyTimeout;
  }

  /** Returns how long to wait for outcomes while there is more to send. */
  Duration patience(ProviderTraits traits) {
    return max(LEAST_TIMEOUT, verifyTimeout(traits));
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
