package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes whether a round saw all failures, and which of them can only be sent later. */
final class RoundWatch implements RecoveryListener {
  private final RecoveryListener listener;
  private final Instant since;
  private @Nullable Instant oldest;
  private volatile boolean isCollected;

  RoundWatch(RecoveryListener listener, Instant since) {
    this.listener = listener;
    this.since = since;
  }

  private static boolean isHeld(SkipReason reason) {
    return reason == SkipReason.PROVIDER_RETRYING || reason == SkipReason.OTHER_RUN;
  }

  /** Whether all failures of the window were listed. */
  boolean isCollected() {
    return isCollected;
  }

  /** Returns when the oldest failure was recorded that has to be listed again; null if none. */
  synchronized @Nullable Instant oldestHeld() {
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
  public void onBegin(String run, List<Account> accounts) {
    listener.onBegin(run, accounts);
  }

  @Override
  public void onPhase(Phase phase) {
    listener.onPhase(phase);
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    isCollected = !plan.accounts().isEmpty();
    listener.onPlan(plan);
  }

  @Override
  public void onProgress(RecoveryProgress progress) {
    listener.onProgress(progress);
  }

  @Override
  public void onPause(Account account, Duration wait, PauseReason reason, String why) {
    listener.onPause(account, wait, reason, why);
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
