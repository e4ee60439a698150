package dev.redrive.recovery.engine;

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
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener of a run. An exception that it throws is logged and reported, and does not end
 * the run.
 */
final class Listeners implements RecoveryListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final String run;
  private final RecoveryListener listener;
  private final List<RecoveryReport.Problem> problems = new ArrayList<>();

  Listeners(String run, RecoveryListener listener) {
    this.run = run;
    this.listener = listener;
  }

  @Override
  public void onBegin(String begun, List<Account> accounts) {
    LOG.debug("run={} begins: accounts {}", begun, accounts);
    tell("onBegin", () -> listener.onBegin(begun, accounts));
  }

  @Override
  public void onPhase(Phase phase) {
    LOG.debug("run={} phase={}", run, phase);
    tell("onPhase", () -> listener.onPhase(phase));
  }

  @Override
  public void onPlan(RecoveryPlan plan) {
    for (RecoveryPlan.ForAccount of : plan.accounts()) {
      LOG.debug(
          "run={} account={} plan: {} to send, {} of them left by earlier runs, skipped {}, {} out"
              + " of sight; {} requests of up to {}",
          run,
          of.account(),
          of.toSend(),
          of.resumed(),
          of.skipped(),
          of.outOfSight(),
          of.dispatch().requests(),
          of.dispatch().batchSize());
    }
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
  public void onPause(Account account, Duration wait, PauseReason reason, String why) {
    LOG.debug("run={} account={} waits {} ms: {}", run, account, wait.toMillis(), why);
    tell("onPause", () -> listener.onPause(account, wait, reason, why));
  }

  @Override
  public void onOutcome(LedgerEntry delivery) {
    tell("onOutcome", () -> listener.onOutcome(delivery));
  }

  @Override
  public void onProblem(RecoveryReport.Problem problem) {
    LOG.debug("run={} account={} problem: {}", run, problem.account(), problem.what());
    tell("onProblem", () -> listener.onProblem(problem));
  }

  private void tell(String method, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      failed(method, e);
    }
  }

  /** Reports only the first failure, because a listener that fails once usually fails again. */
  private synchronized void failed(String method, Throwable e) {
    if (problems.isEmpty()) {
      LOG.warn("run={} the listener failed in {}; the recovery goes on", run, method, e);
      problems.add(
          new RecoveryReport.Problem(
              null,
              "the listener failed in "
                  + method
                  + " with "
                  + e.getClass().getName()
                  + ": the recovery continued, but the output of the listener may be incomplete."
                  + " See the log",
              null));
    }
  }

  /** Returns the failure of the listener; empty if it never failed. */
  synchronized List<RecoveryReport.Problem> problems() {
    return List.copyOf(problems);
  }
}
