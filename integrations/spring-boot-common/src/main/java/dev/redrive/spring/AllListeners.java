package dev.redrive.spring;

import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls each listener, even if another one fails. */
final class AllListeners implements RecoveryListener {
  private final List<RecoveryListener> listeners;

  AllListeners(List<RecoveryListener> listeners) {
    this.listeners = listeners;
  }

  @Override
  public void onBegin(String run, List<Account> accounts) {
    each(listener -> listener.onBegin(run, accounts));
  }

  @Override
  public void onPhase(Phase phase) {
    each(listener -> listener.onPhase(phase));
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    each(listener -> listener.onPlan(plan));
  }

  @Override
  public void onProgress(RecoveryProgress progress) {
    each(listener -> listener.onProgress(progress));
  }

  @Override
  public void onSkipped(FailedDelivery delivery, SkipReason reason) {
    each(listener -> listener.onSkipped(delivery, reason));
  }

  @Override
  public void onPause(Account account, Duration wait, PauseReason reason, String why) {
    each(listener -> listener.onPause(account, wait, reason, why));
  }

  @Override
  public void onOutcome(LedgerEntry delivery) {
    each(listener -> listener.onOutcome(delivery));
  }

  @Override
  public void onProblem(RecoveryReport.Problem problem) {
    each(listener -> listener.onProblem(problem));
  }

  private void each(Consumer<RecoveryListener> call) {
    each(listeners, call);
  }

  /** Calls each, and then throws what was thrown first. */
  static <L> void each(List<L> listeners, Consumer<L> call) {
    RuntimeException first = null;
    for (L listener : listeners) {
      try {
        call.accept(listener);
      } catch (RuntimeException e) {
        first = added(first, e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static RuntimeException added(@Nullable RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }
}
