package dev.redrive.recovery.engine;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of a run share: whether it continues, its threads, and waits and client calls that
 * end when the run ends.
 */
final class RunControl {
  /** How often a waiting thread checks conditions that depend on time only. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long requests in flight may take to end by themselves after the run is cancelled. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String id;
  private final Instant startedAt;
  private final TimeSource time;
  private final ExecutorService threads = Executors.newCachedThreadPool(daemon("redrive-recovery"));

  /** Waits and reads, which end at once when the run stops; sends have {@link #GRACE}. */
  private final Set<Interruptible> waits = ConcurrentHashMap.newKeySet();

  private final Set<Interruptible> sends = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean cancelled;

  /**
   * A thread while it waits or calls a client. It is interrupted only there, and never in a call of
   * the ledger or the listener.
   */
  private static final class Interruptible {
    private @Nullable Thread thread;

    synchronized void begin() {
      thread = Thread.currentThread();
    }

    synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    synchronized void end() {
      thread = null;
      Thread.interrupted();
    }
  }

  RunControl(String id, Instant startedAt, TimeSource time) {
    this.id = id;
    this.startedAt = startedAt;
    this.time = time;
  }

  String id() {
    return id;
  }

  /** Returns when the run began. */
  Instant startedAt() {
    return startedAt;
  }

  void cancel() {
    if (!cancelled) {
      cancelled = true;
      waits.forEach(Interruptible::interrupt);
      CompletableFuture.delayedExecutor(GRACE.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> sends.forEach(Interruptible::interrupt));
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Stops the run, because it could lose track of what was sent if it continued. */
  void fail(RuntimeException cause) {
    RuntimeException first = failure.compareAndExchange(null, cause);
    if (first != null && first != cause) {
      first.addSuppressed(cause);
    }
    waits.forEach(Interruptible::interrupt);
    sends.forEach(Interruptible::interrupt);
  }

  /** Returns why the run stops; null if it does not stop or was cancelled. */
  @Nullable RuntimeException failure() {
    return failure.get();
  }

  /** Whether nothing more may be sent or waited for. */
  boolean isStopping() {
    return cancelled || failure.get() != null;
  }

  /** A wait. Its result is passed on. */
  interface Wait {
    boolean end() throws InterruptedException;
  }

  /** Waits until the run stops at the latest. Returns false if it stops. */
  boolean await(Wait wait) {
    var thread = new Interruptible();
    thread.begin();
    waits.add(thread);
    try {
      return !isStopping() && wait.end() && !isStopping();
    } catch (InterruptedException e) {
      if (!isStopping()) {
        fail(new IllegalStateException("A recovery's own thread was interrupted", e));
      }
      return false;
    } finally {
      waits.remove(thread);
      thread.end();
    }
  }

  /** Waits for some time. Returns false if the run is stopping. */
  boolean pause(Duration wait) {
    return await(
        () -> {
          time.sleep(wait);
          return true;
        });
  }

  /** Waits for a condition. Returns false if it does not hold in time or the run is stopping. */
  boolean await(AccountState state, Duration most, BooleanSupplier ready) {
    long end = time.nanoTime() + most.toNanos();
    return await(
        () -> {
          boolean isReady = ready.getAsBoolean();
          while (!isReady && time.nanoTime() - end < 0) {
            isReady = state.await(ready, LOOK);
          }
          return isReady;
        });
  }

  /** Makes a client call that is interrupted as soon as the run stops. */
  <T> T read(Supplier<T> call) {
    return call(thread -> call.get(), waits, this::isStopping);
  }

  /**
   * Like {@link #read(Supplier)}, for a call that passes on parts. Taking a part is not
   * interrupted.
   */
  <T> void read(Consumer<Consumer<T>> call, Consumer<T> taker) {
    boolean unused =
        call(
            thread -> {
              call.accept(part -> undisturbed(thread, () -> taker.accept(part)));
              return true;
            },
            waits,
            this::isStopping);
  }

  private void undisturbed(Interruptible thread, Runnable work) {
    thread.end();
    try {
      work.run();
    } finally {
      thread.begin();
      if (isStopping()) {
        thread.interrupt();
      }
    }
  }

  /** Makes a client call that may take a few more seconds after the run stops. */
  <T> T send(Supplier<T> call) {
    return call(thread -> call.get(), sends, () -> failure.get() != null);
  }

  private static <T> T call(
      Function<Interruptible, T> call, Set<Interruptible> calls, BooleanSupplier isOver) {
    var thread = new Interruptible();
    thread.begin();
    calls.add(thread);
    try {
      if (isOver.getAsBoolean()) {
        thread.interrupt();
      }
      return call.apply(thread);
    } catch (Error e) {
      // An Error would end only this thread; this exception ends the run.
      throw new IllegalStateException(e);
    } finally {
      calls.remove(thread);
      thread.end();
    }
  }

  /** Starts a task that reports its own failures. */
  void start(Runnable task) {
    threads.execute(task);
  }

  /** Runs a task in parallel. If it fails, the run fails. */
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

  /** Does the run's work on its own thread. An interrupt of the caller cancels the run. */
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
