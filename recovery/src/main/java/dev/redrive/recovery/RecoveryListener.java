package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import java.time.Duration;

/**
 * Watches a recovery. Methods are called from the recovery's threads, possibly several at once, and
 * should return quickly; what they throw stops the run.
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
}
