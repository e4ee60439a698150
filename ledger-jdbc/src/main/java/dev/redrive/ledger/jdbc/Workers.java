package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.LedgerException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** Threads that nobody interrupts: an interrupt must not stop the record of what was sent. */
final class Workers implements AutoCloseable {
  private final ExecutorService threads;

  Workers(int count) {
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              var thread = new Thread(work, "redrive-ledger");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Waits for the work to end, whatever happens to the caller; the caller's interrupt stays. */
  <T> T run(Callable<T> work) throws Exception {
    boolean interrupted = false;
    try {
      Future<T> result = threads.submit(work);
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (RejectedExecutionException | CancellationException e) {
      throw new LedgerException("The ledger is closed: open it again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What has begun goes on to its end. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
