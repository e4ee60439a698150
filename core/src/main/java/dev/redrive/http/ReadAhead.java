package dev.redrive.http;

import dev.redrive.OperationInterruptedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is read on another thread before its turn comes. */
public final class ReadAhead<T> {
  private final String provider;
  private final Future<T> reading;

  private ReadAhead(String provider, Future<T> reading) {
    this.provider = provider;
    this.reading = reading;
  }

  /** Begins to read; null if no thread is free for it. */
  static <T> @Nullable ReadAhead<T> begin(
      String provider, ExecutorService threads, Supplier<T> read) {
    try {
      return new ReadAhead<>(provider, threads.submit(read::get));
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /**
   * What was read, once it is.
   *
   * @throws OperationInterruptedException if the caller is interrupted, which stays set; reading
   *     ends
   * @throws dev.redrive.RedriveException as the reading threw it
   */
  public T get() {
    try {
      return reading.get();
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new OperationInterruptedException(provider, "list");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
  }

  /** Ends the reading: nobody wants it any more. */
  void cancel() {
    reading.cancel(true);
  }
}
