package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs work on threads that are never interrupted, so that what was sent is always recorded. */
final class Workers {
  private final ExecutorService threads;

  Workers(int count) {
    threads = Executors.newFixedThreadPool(count, Workers::thread);
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "redrive-ledger");
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for the work to end, even if the caller is interrupted; its flag stays set. */
  <T> T run(Callable<T> work) throws Exception {
    try {
      Future<T> result = threads.submit(work);
      return uninterrupted(result::get);
    } catch (RejectedExecutionException | CancellationException e) {
      throw new LedgerException("The ledger is closed: open it again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  boolean areClosed() {
    return threads.isShutdown();
  }

  /** Accepts no more work, waits for running work, and then runs {@code last}. */
  void close(Runnable last) {
    threads.shutdown();
    Thread closing =
        thread(
            () -> {
              awaitEnd();
              last.run();
            });
    closing.start();
    try {
      uninterrupted(
          () -> {
            closing.join();
            return true;
          });
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitEnd() {
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        // Nothing interrupts this thread.
      }
    }
  }

  private interface Wait<T> {
    T end() throws InterruptedException, ExecutionException;
  }

  private static <T> T uninterrupted(Wait<T> wait) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.end();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
