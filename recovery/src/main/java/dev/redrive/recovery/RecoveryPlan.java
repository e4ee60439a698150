package dev.redrive.recovery;

import dev.redrive.FailureCause;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery is about to do.
 *
 * @param accounts account by account, in the order of the clients
 * @param duration about how long sending and verifying will take; all accounts at once
 */
public record RecoveryPlan(List<ForAccount> accounts, Duration duration) {
  public RecoveryPlan {
    accounts = List.copyOf(accounts);
  }

  /** Deliveries to send. */
  public long toSend() {
    return accounts.stream().mapToLong(ForAccount::toSend).sum();
  }

  /** Retry requests needed. */
  public long requests() {
    return accounts.stream().mapToLong(account -> account.dispatch().requests()).sum();
  }

  /** Deliveries that will not be sent. */
  public long skipped() {
    return accounts.stream()
        .flatMap(account -> account.skipped().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * The plan for one account.
   *
   * @param account the account
   * @param displayName the provider's name for people
   * @param ledger where it is remembered what was sent, and how much of that there is before this
   *     recovery
   * @param toSend deliveries to send
   * @param resumed of those, the ones left over by an earlier run that may not be listed any more
   * @param skipped what is left out, by reason
   * @param byCause what is to be sent, by cause
   * @param byEndpoint the same by endpoint, without query; beyond 1000 endpoints the rest is
   *     counted as {@code (others)}
   * @param byEventType the same by event type, likewise
   * @param oldest the oldest failed attempt; null if none or the provider tells no times
   * @param newest the newest
   * @param outOfSight failures that the provider has but does not show yet; they come in later
   *     rounds
   * @param expiringSoon deliveries that are about to fall out of the provider's retention
   * @param dispatch how they go out
   * @param warnings what the caller should know first, in words for people
   */
  public record ForAccount(
      Account account,
      String displayName,
      RetryLedger.About ledger,
      long toSend,
      long resumed,
      Map<SkipReason, Long> skipped,
      Map<FailureCause, Long> byCause,
      Map<String, Long> byEndpoint,
      Map<String, Long> byEventType,
      @Nullable Instant oldest,
      @Nullable Instant newest,
      long outOfSight,
      long expiringSoon,
      Dispatch dispatch,
      List<String> warnings) {
    public ForAccount {
      skipped = Map.copyOf(skipped);
      byCause = Map.copyOf(byCause);
      byEndpoint = Map.copyOf(byEndpoint);
      byEventType = Map.copyOf(byEventType);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * How an account's deliveries go out under the provider's limits.
   *
   * @param batchSize deliveries in one retry request; 1 for single requests
   * @param requests retry requests needed
   * @param duration about how long that takes, the outcomes included where they are long in coming
   * @param why the reason for the choice, for people
   */
  public record Dispatch(int batchSize, long requests, Duration duration, String why) {}
}
