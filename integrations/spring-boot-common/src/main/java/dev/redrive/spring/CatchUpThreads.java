package dev.redrive.spring;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the rounds of a catch-up, each account on a thread of its own. The ledger makes sure that
 * one process at a time is at an account.
 */
final class CatchUpThreads {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUpThreads.class);
  private static final long CANCEL_AGAIN_MILLIS = 100;

  private final CatchUp catchUp;
  private final ScheduledExecutorService threads;

  private CatchUpThreads(CatchUp catchUp) {
    this.catchUp = catchUp;
    this.threads =
        new ScheduledThreadPoolExecutor(
            catchUp.accounts().size(),
            round -> {
              var thread = new Thread(round, "redrive-catch-up");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts the rounds.
   *
   * @param every the pause between two rounds of an account
   */
  static CatchUpThreads start(CatchUp catchUp, Duration every) {
    var started = new CatchUpThreads(catchUp);
    for (Account account : catchUp.accounts()) {
      Future<?> unused =
          started.threads.scheduleWithFixedDelay(
              () -> started.round(account), 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }
    return started;
  }

  private void round(Account account) {
    try {
      log(catchUp.runOnce(account));
    } catch (RuntimeException e) {
      // Thrown, it would end the schedule.
      LOG.warn("account={} the round failed; the next one catches up", account, e);
    }
  }

  private static void log(CatchUpRound round) {
    RecoveryReport report = round.report();
    if (report == null) {
      LOG.debug("account={} another process is at it", round.account());
    } else if (report.end() == RecoveryReport.End.FAILED) {
      LOG.warn(
          "account={} run={} the round failed, and the next one catches up: {}",
          round.account(),
          report.run(),
          report.problems().stream().map(RecoveryReport.Problem::what).toList());
    } else if (report.counts().found() > 0) {
      LOG.info(
          "account={} run={} {} {}", round.account(), report.run(), report.end(), report.counts());
    }
  }

  /** Stops rounds in progress, and waits for their end. */
  void stop() {
    threads.shutdown();
    try {
      do {
        // Again and again: a round may have been about to begin.
        catchUp.cancel();
      } while (!threads.awaitTermination(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
