package dev.redrive.recovery;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client call on a thread of its own, so that stopping interrupts the call and never a thread
 * that is inside the ledger: an interrupt there would close an embedded database's file.
 */
final class IoTask<T> implements Runnable {
  private final Callable<T> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private @Nullable Thread runner;
  private boolean interrupted;

  IoTask(Callable<T> work) {
    this.work = work;
  }

  @Override
  public void run() {
    begin();
    try {
      result.complete(work.call());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    } finally {
      end();
    }
  }

  CompletableFuture<T> result() {
    return result;
  }

  synchronized void interrupt() {
    interrupted = true;
    if (runner != null) {
      runner.interrupt();
    }
  }

  private synchronized void begin() {
    runner = Thread.currentThread();
    if (interrupted) {
      runner.interrupt();
    }
  }

  private synchronized void end() {
    runner = null;
    Thread.interrupted();
  }
}
