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
 * What all parts of a run share: whether it goes on, its threads, and waiting and client calls that
 * end when it does.
 */
final class RunControl {
  /** How soon a thread sees what nobody tells it: what depends on the time alone. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long requests under way may take to end by themselves once the run is cancelled. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String id;
  private final Instant startedAt;
  private final TimeSource time;
  private final ExecutorService threads = Executors.newCachedThreadPool(daemon("redrive-recovery"));

  /** What ends at once when the run stops, and what may end by itself for a while. */
  private final Set<Interruptible> waits = ConcurrentHashMap.newKeySet();

  private final Set<Interruptible> sends = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean cancelled;

  /**
   * A thread while it waits or calls a client. It is interrupted nowhere else: the ledger and the
   * listener are not disturbed.
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

  /** When the run began. */
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

  /** Stops the run because going on could lose track of what was sent. */
  void fail(RuntimeException cause) {
    RuntimeException first = failure.compareAndExchange(null, cause);
    if (first != null && first != cause) {
      first.addSuppressed(cause);
    }
    waits.forEach(Interruptible::interrupt);
    sends.forEach(Interruptible::interrupt);
  }

  /** Why the run stops; null if it does not, or was cancelled. */
  @Nullable RuntimeException failure() {
    return failure.get();
  }

  /** Nothing more may be sent or waited for. */
  boolean isStopping() {
    return cancelled || failure.get() != null;
  }

  /** Something that waits; what it returns is up to it. */
  interface Wait {
    boolean end() throws InterruptedException;
  }

  /** Waits until the run stops at the latest; false if it does. */
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

  /** Waits for some time; false if the run is stopping. */
  boolean pause(Duration wait) {
    return await(
        () -> {
          time.sleep(wait);
          return true;
        });
  }

  /** Waits until something holds; false if it does not in time or the run is stopping. */
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

  /** The same for a call that hands over what it reads in parts, which are taken undisturbed. */
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

  /** Makes a client call that may take a few more seconds once the run stops. */
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
      // Ends the run, not just this thread.
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
