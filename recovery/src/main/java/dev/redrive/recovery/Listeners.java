package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a run's listener what happens; what that throws is logged and reported, and ends nothing.
 */
final class Listeners implements RecoveryListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final RecoveryListener listener;
  private final List<RecoveryReport.Problem> problems = new ArrayList<>();

  Listeners(RecoveryListener listener) {
    this.listener = listener;
  }

  @Override
  public void onPhase(Phase phase) {
    tell("onPhase", () -> listener.onPhase(phase));
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    tell("onPlan", () -> listener.onPlan(plan));
  }

  @Override
  public void onProgress(RecoveryProgress progress) {
    tell("onProgress", () -> listener.onProgress(progress));
  }

  @Override
  public void onSkipped(FailedDelivery delivery, SkipReason reason) {
    tell("onSkipped", () -> listener.onSkipped(delivery, reason));
  }

  @Override
  public void onPause(Account account, Duration wait, String why) {
    tell("onPause", () -> listener.onPause(account, wait, why));
  }

  @Override
  public void onOutcome(LedgerEntry delivery) {
    tell("onOutcome", () -> listener.onOutcome(delivery));
  }

  @Override
  public void onProblem(RecoveryReport.Problem problem) {
    tell("onProblem", () -> listener.onProblem(problem));
  }

  private void tell(String method, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      failed(method, e);
    }
  }

  /** The first one is told; a listener that fails once usually goes on failing. */
  private synchronized void failed(String method, Throwable e) {
    if (problems.isEmpty()) {
      LOG.warn("The recovery's listener failed in {}; the recovery goes on", method, e);
      problems.add(
          new RecoveryReport.Problem(
              null,
              "the listener failed in "
                  + method
                  + " with "
                  + e.getClass().getName()
                  + ": the recovery went on, but what the listener makes of it may be incomplete."
                  + " See the log",
              null));
    }
  }

  /** That the listener failed; empty if it never did. */
  synchronized List<RecoveryReport.Problem> problems() {
    return List.copyOf(problems);
  }
}
