package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;

/**
 * Watches a recovery. Methods are called from the recovery's threads, possibly several at once, and
 * should return quickly. What they throw ends nothing: the first exception is logged and told in
 * {@link RecoveryReport#problems}, and they are called as before.
 */
public interface RecoveryListener {
  /** Does nothing. */
  RecoveryListener NONE = new RecoveryListener() {};

  /** A phase begins. */
  default void onPhase(Phase phase) {}

  /** All is collected; nothing has been sent yet. */
  default void onPlan(RecoveryPlan plan) {}

  /** Something was found, sent or settled; called once per page or batch. */
  default void onProgress(RecoveryProgress progress) {}

  /** A failed delivery that the provider lists is left out. */
  default void onSkipped(FailedDelivery delivery, SkipReason reason) {}

  /**
   * Sending to an account waits: for the provider's limits, or because the provider asks for it.
   */
  default void onPause(Account account, Duration wait, String why) {}

  /**
   * What became of a delivery is known, as far as this run is to learn it; called once for each.
   *
   * @param delivery in the state it is in now: {@link DeliveryState#DELIVERED}, {@link
   *     DeliveryState#FAILED_AGAIN}, {@link DeliveryState#REJECTED}, or {@link
   *     DeliveryState#UNKNOWN} where the provider's logs do not tell. Holds no payload
   */
  default void onOutcome(LedgerEntry delivery) {}

  /**
   * An account or a webhook stops, or something of it is left; called at that moment. What is left
   * to other runs is told in the report alone.
   */
  default void onProblem(RecoveryReport.Problem problem) {}
}
