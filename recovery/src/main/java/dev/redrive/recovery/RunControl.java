package dev.redrive.recovery;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of a run share: whether it goes on, its threads, and waiting and client calls that
 * end when it does.
 */
final class RunControl {
  /** How soon a thread that waits sees that the run is stopping. */
  private static final Duration SLICE = Duration.ofMillis(20);

  /** How long requests under way may take to end by themselves once the run is cancelled. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String id;
  private final Instant startedAt;
  private final TimeSource time;
  private final ExecutorService threads = Executors.newCachedThreadPool(daemon("redrive-recovery"));
  private final Set<IoTask<?>> sends = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean cancelled;
  private volatile long cancelledAtNanos;

  RunControl(String id, Instant startedAt, TimeSource time) {
    this.id = id;
    this.startedAt = startedAt;
    this.time = time;
  }

  String id() {
    return id;
  }

  /** When the run began. */
  Instant startedAt() {
    return startedAt;
  }

  void cancel() {
    if (!cancelled) {
      cancelledAtNanos = System.nanoTime();
      cancelled = true;
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Stops the run because going on could lose track of what was sent. */
  void fail(RuntimeException cause) {
    RuntimeException first = failure.compareAndExchange(null, cause);
    if (first != null && first != cause) {
      first.addSuppressed(cause);
    }
  }

  /** Why the run stops; null if it does not, or was cancelled. */
  @Nullable RuntimeException failure() {
    return failure.get();
  }

  /** Nothing more may be sent or waited for. */
  boolean isStopping() {
    return cancelled || failure.get() != null;
  }

  /** Waits in slices; false if the run is stopping. */
  boolean pause(Duration wait) {
    long end = time.nanoTime() + wait.toNanos();
    while (!isStopping()) {
      long left = end - time.nanoTime();
      if (left <= 0) {
        return true;
      }
      try {
        time.sleep(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
      } catch (InterruptedException e) {
        disturbed(e);
      }
    }
    return false;
  }

  /** Waits until something holds; false if it does not in time or the run is stopping. */
  boolean await(AccountState state, Duration most, BooleanSupplier ready) {
    long end = time.nanoTime() + most.toNanos();
    boolean isReady = ready.getAsBoolean();
    while (!isReady && !isStopping() && time.nanoTime() - end < 0) {
      isReady = awaitChange(state, ready);
    }
    return isReady && !isStopping();
  }

  /** Waits a moment for something to hold, stopping or not. */
  boolean awaitChange(AccountState state, BooleanSupplier ready) {
    if (isOver(GRACE)) {
      sends.forEach(IoTask::interrupt);
    }
    try {
      return state.await(ready, SLICE);
    } catch (InterruptedException e) {
      disturbed(e);
      return false;
    }
  }

  /** Something that waits for a while; false if it was in vain. */
  interface Trial {
    boolean within(Duration most) throws InterruptedException;
  }

  /** Tries for as long as a thread may go without looking whether the run is stopping. */
  boolean tryFor(Trial trial) {
    try {
      return trial.within(SLICE);
    } catch (InterruptedException e) {
      disturbed(e);
      return false;
    }
  }

  /** Only a run's client calls are ever interrupted. */
  private void disturbed(InterruptedException e) {
    fail(new IllegalStateException("A recovery's own thread was interrupted", e));
  }

  /** Makes a client call that is interrupted as soon as the run stops. */
  <T> T read(Supplier<T> call) {
    var task = new IoTask<>(call);
    threads.execute(task);
    while (true) {
      try {
        return task.result().get(SLICE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (isOver(Duration.ZERO)) {
          task.interrupt();
        }
      } catch (InterruptedException e) {
        disturbed(e);
        task.interrupt();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
      }
    }
  }

  /**
   * Makes a client call on this thread. Once the run stops, the call may take a few more seconds;
   * then {@link #awaitChange} interrupts it.
   */
  <T> T send(Supplier<T> call) {
    var task = new IoTask<>(call);
    sends.add(task);
    try {
      return task.call();
    } catch (Error e) {
      // Ends the run, not just this thread.
      throw new IllegalStateException(e);
    } finally {
      sends.remove(task);
    }
  }

  /** Whether the run has failed, or was cancelled so long ago. */
  private boolean isOver(Duration grace) {
    return failure.get() != null
        || (cancelled && System.nanoTime() - cancelledAtNanos > grace.toNanos());
  }

  /** Starts a task that reports its own failures. */
  void start(Runnable task) {
    threads.execute(task);
  }

  /** Runs a task beside the caller; where it fails, the run does. */
  CompletableFuture<Void> beside(Runnable task) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            fail(e);
          }
        },
        threads);
  }

  /** Does the run's work on a thread of its own; an interrupt of the caller cancels it. */
  <T> T perform(Supplier<T> work) {
    Future<T> working = threads.submit(work::get);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return working.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
        }
      }
    } finally {
      threads.shutdown();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static ThreadFactory daemon(String name) {
    return work -> {
      var thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
