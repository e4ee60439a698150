package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.util.List;

/**
 * Watches a recovery. Its methods are called from the recovery's threads, possibly several at once,
 * and should return quickly. An exception from them does not end the recovery: the first one is
 * logged and reported in {@link RecoveryReport#problems}.
 */
public interface RecoveryListener {
  /** Does nothing. */
  RecoveryListener NONE = new RecoveryListener() {};

  /**
   * Called when a run begins, before anything else.
   *
   * @param run the id of the run, as in {@link RecoveryReport#run}
   * @param accounts its accounts
   */
  default void onBegin(String run, List<Account> accounts) {}

  /**
   * Called when a phase begins. {@link Phase#DONE} is the last one of every run that has begun, and
   * is told on the same thread as {@link #onBegin}.
   */
  default void onPhase(Phase phase) {}

  /** Called once everything is collected. Nothing has been sent yet. */
  default void onPlan(RecoveryPlan plan) {}

  /** Called once per page or batch when deliveries were found, sent or settled. */
  default void onProgress(RecoveryProgress progress) {}

  /** Called when a failed delivery that the provider lists is skipped. */
  default void onSkipped(FailedDelivery delivery, SkipReason reason) {}

  /**
   * Called when sending to an account has to wait: for the provider's limits, because the provider
   * asks for it, or after failed requests.
   *
   * @param account the account
   * @param wait how long
   * @param reason the reason
   * @param why the same, as text for people
   */
  default void onPause(Account account, Duration wait, PauseReason reason, String why) {}

  /**
   * Called once for each delivery whose outcome is known.
   *
   * @param delivery the delivery in its new state: {@link DeliveryState#DELIVERED}, {@link
   *     DeliveryState#FAILED_AGAIN}, {@link DeliveryState#REJECTED}, or {@link
   *     DeliveryState#UNKNOWN} if the provider's logs do not tell. Contains no payload
   */
  default void onOutcome(LedgerEntry delivery) {}

  /**
   * Called when sending to an account or a webhook stops, or some of its deliveries are left. What
   * is left to other runs is in the report only.
   */
  default void onProblem(RecoveryReport.Problem problem) {}
}
