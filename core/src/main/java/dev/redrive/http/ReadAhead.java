package dev.redrive.http;

import dev.redrive.OperationInterruptedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * A read that begins before its result is needed. A pool thread performs it; if none has started it
 * when {@link #get} is called, the caller's thread does. So a read that needs other reads never
 * waits for a free thread.
 */
public final class ReadAhead<T> {
  private final String provider;
  private final FutureTask<T> reading;

  private ReadAhead(String provider, FutureTask<T> reading) {
    this.provider = provider;
    this.reading = reading;
  }

  static <T> ReadAhead<T> begin(String provider, ExecutorService threads, Supplier<T> read) {
    var reading = new FutureTask<T>(read::get);
    try {
      threads.execute(reading);
    } catch (RejectedExecutionException e) {
      // The client is closed: get() will fail for that reason.
    }
    return new ReadAhead<>(provider, reading);
  }

  /** Whether {@link #get} returns at once. */
  boolean isDone() {
    return reading.isDone();
  }

  /**
   * Like {@link #get()}. While a pool thread waits here, it performs reads of {@code later} that
   * wait for a pool thread.
   */
  T get(Iterable<ReadAhead<T>> later) {
    if (WorkThreads.isOne(Thread.currentThread())) {
      reading.run();
      for (ReadAhead<T> other : later) {
        if (isDone()) {
          break;
        }
        other.reading.run();
      }
    }
    return get();
  }

  /**
   * Waits for the read and returns its result.
   *
   * @throws OperationInterruptedException if the caller is interrupted. Its flag stays set, and the
   *     read is cancelled
   * @throws dev.redrive.RedriveException if the read failed
   */
  public T get() {
    reading.run();
    try {
      return reading.get();
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new OperationInterruptedException(provider, "list");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? CallerStack.appendTo(failure)
          : new IllegalStateException(e);
    }
  }

  /** Cancels the read. */
  void cancel() {
    reading.cancel(true);
  }
}
