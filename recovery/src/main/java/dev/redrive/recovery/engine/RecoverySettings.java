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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery is to do. Public for {@code Recovery.Builder} alone, which tells what each one
 * means.
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
    TimeSource time) {
  /** Outcomes are waited for at least as long, unless asked otherwise. */
  private static final Duration LEAST_TIMEOUT = Duration.ofMinutes(2);

  /** For the reading itself, once the outcome can be told. */
  private static final Duration TO_READ = Duration.ofSeconds(30);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if there is no client, two for one account, or a number that
   *     cannot work
   */
  public RecoverySettings {
    check(!clients.isEmpty(), "A recovery needs at least one client");
    Set<Account> accounts = new HashSet<>();
    for (WebhookRetryClient client : clients) {
      Account account = Account.of(client);
      check(
          accounts.add(account),
          "Two clients for account " + account + ": use one, or name their accounts");
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

  /** What becomes of what earlier runs left queued. */
  public enum EarlierRuns {
    /** It is taken along. */
    RESUMED,
    /** It stays. */
    LEFT
  }

  /** A run that shows no sign of life for so long is taken for dead. */
  Duration silence() {
    Duration ofLease = lease.dividedBy(4);
    return ofLease.compareTo(LedgerRun.LONGEST_SILENCE) < 0 ? ofLease : LedgerRun.LONGEST_SILENCE;
  }

  /** How long to wait for outcomes after the last request to a provider. */
  Duration verifyTimeout(ProviderTraits traits) {
    return verifyTimeout == null
        ? max(LEAST_TIMEOUT, max(traits.settleTime(), traits.mostOutcomeTime()).plus(TO_READ))
        : verifyTimeout;
  }

  /** How long outcomes may stay away while more is to be sent. */
  Duration patience(ProviderTraits traits) {
    return max(LEAST_TIMEOUT, verifyTimeout(traits));
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
