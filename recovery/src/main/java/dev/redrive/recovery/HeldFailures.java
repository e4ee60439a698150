package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notes the oldest of the failures that can only be sent later. */
final class HeldFailures implements RecoveryListener {
  private final RecoveryListener listener;
  private final Instant since;
  private @Nullable Instant oldest;

  HeldFailures(RecoveryListener listener, Instant since) {
    this.listener = listener;
    this.since = since;
  }

  /** Whether a delivery that is skipped for this reason has to be looked for again. */
  static boolean isHeld(SkipReason reason) {
    return reason == SkipReason.PROVIDER_RETRYING || reason == SkipReason.OTHER_RUN;
  }

  /** Returns when the oldest of them was recorded; null if there is none. */
  synchronized @Nullable Instant oldest() {
    return oldest;
  }

  @Override
  public void onSkipped(FailedDelivery delivery, SkipReason reason) {
    if (isHeld(reason)) {
      note(delivery.latest().createdAt());
    }
    listener.onSkipped(delivery, reason);
  }

  private synchronized void note(@Nullable Instant createdAt) {
    Instant at = createdAt == null ? since : createdAt;
    oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
  }

  @Override
  public void onPhase(Phase phase) {
    listener.onPhase(phase);
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    listener.onPlan(plan);
  }

  @Override
  public void onProgress(RecoveryProgress progress) {
    listener.onProgress(progress);
  }

  @Override
  public void onPause(Account account, Duration wait, String why) {
    listener.onPause(account, wait, why);
  }

  @Override
  public void onOutcome(LedgerEntry delivery) {
    listener.onOutcome(delivery);
  }

  @Override
  public void onProblem(RecoveryReport.Problem problem) {
    listener.onProblem(problem);
  }
}
