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
 * Shows in the ledger that a run lives, so that no other one takes up what it has under way, and
 * cancels the run once it was asked there to stop.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** Signs of life in the time after which a run is taken for dead. */
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
      // A run that does not show that it lives must send nothing more.
      run.fail(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
