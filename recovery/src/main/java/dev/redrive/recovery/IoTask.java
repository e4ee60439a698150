package dev.redrive.recovery;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client call that stopping may interrupt, and never its thread when that is inside the ledger:
 * an interrupt there would close an embedded database's file.
 */
final class IoTask<T> implements Runnable {
  private final Supplier<T> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private @Nullable Thread runner;
  private boolean interrupted;

  IoTask(Supplier<T> work) {
    this.work = work;
  }

  /** Makes the call on this thread. */
  T call() {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  @Override
  public void run() {
    try {
      result.complete(call());
    } catch (Throwable e) {
      result.completeExceptionally(e);
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
