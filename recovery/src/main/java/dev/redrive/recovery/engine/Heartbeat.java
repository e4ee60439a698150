package dev.redrive.recovery.engine;

import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows in the ledger that a run is alive, so that no other run takes up what it has in progress.
 * Cancels the run if it was asked to stop through the ledger.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** How many signs of life there are in the time after which a run counts as dead. */
  private static final int BEATS = 5;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(RunControl.daemon("redrive-alive"));

  Heartbeat(RunControl run, RetryLedger ledger, Duration silence) {
    long beat = Math.max(1, silence.toMillis() / BEATS);
    Future<?> unused =
        thread.scheduleAtFixedRate(() -> beat(run, ledger), beat, beat, TimeUnit.MILLISECONDS);
  }

  private static void beat(RunControl run, RetryLedger ledger) {
    try {
      if (!ledger.alive(run.id()) && !run.isCancelled()) {
        LOG.debug("run={} was asked to stop", run.id());
        run.cancel();
      }
    } catch (RuntimeException e) {
      // A run that cannot show that it is alive must not send anything more.
      run.fail(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
