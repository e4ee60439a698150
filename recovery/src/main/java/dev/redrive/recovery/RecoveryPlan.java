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
 * @param accounts the plan for each account, in the order of the clients
 * @param duration an estimate of how long sending and verifying takes, for all accounts together
 */
public record RecoveryPlan(List<ForAccount> accounts, Duration duration) {
  public RecoveryPlan {
    accounts = List.copyOf(accounts);
  }

  /** Returns how many deliveries will be sent. */
  public long toSend() {
    return accounts.stream().mapToLong(ForAccount::toSend).sum();
  }

  /** Returns how many retry requests that takes. */
  public long requests() {
    return accounts.stream().mapToLong(account -> account.dispatch().requests()).sum();
  }

  /** Returns how many deliveries will not be sent. */
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
   * @param displayName the provider's name, as shown to people
   * @param ledger the ledger, and how much it remembers before this recovery
   * @param toSend how many deliveries will be sent
   * @param resumed how many of those an earlier run left; the provider may no longer list them
   * @param skipped how many deliveries are left out, by reason
   * @param byCause how many deliveries will be sent, by cause
   * @param byEndpoint the same, by endpoint without query; those beyond 1000 endpoints are counted
   *     as {@code (others)}
   * @param byEventType the same, by event type; those beyond 1000 types are counted as {@code
   *     (others)}
   * @param oldest when the oldest attempt failed; null if there is none or the provider does not
   *     say
   * @param newest when the newest attempt failed; null likewise
   * @param outOfSight how many failures the provider has but does not list yet; a later run can
   *     send them
   * @param expiringSoon how many deliveries the provider will soon no longer list
   * @param dispatch how the deliveries are sent
   * @param warnings what the caller should know first, as text for people
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
   * How an account's deliveries are sent under the provider's limits.
   *
   * @param batchSize how many deliveries one retry request has; 1 for single requests
   * @param requests how many retry requests are needed
   * @param duration an estimate of how long that takes, including outcomes that take long
   * @param why the reason for this choice, as text for people
   */
  public record Dispatch(int batchSize, long requests, Duration duration, String why) {}
}
