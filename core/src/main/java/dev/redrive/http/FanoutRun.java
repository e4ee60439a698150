package dev.redrive.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One run of tasks; see {@link Fanout}. */
final class FanoutRun<I, T, R> {
  private final ExecutorService threads;
  private final int atOnce;
  private final List<I> items;
  private final BiFunction<I, Consumer<List<T>>, R> task;
  private final Predicate<@Nullable R> stops;
  private final Consumer<List<T>> reader;
  private final Thread caller = Thread.currentThread();
  private final AtomicReferenceArray<@Nullable R> answers;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Set<Thread> working = new HashSet<>();

  /** Not a monitor: waiting in one would pin the carrier of a virtual thread. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private volatile boolean stopped;
  private final List<T> found = new ArrayList<>();
  private boolean wantsNoMore;

  FanoutRun(
      ExecutorService threads,
      int atOnce,
      List<I> items,
      BiFunction<I, Consumer<List<T>>, R> task,
      Predicate<@Nullable R> stops,
      Consumer<List<T>> reader) {
    this.threads = threads;
    this.atOnce = atOnce;
    this.items = items;
    this.task = task;
    this.stops = stops;
    this.reader = reader;
    this.answers = new AtomicReferenceArray<>(items.size());
  }

  /** Runs on the caller's thread. */
  void lead() {
    if (!Thread.currentThread().isInterrupted()) {
      recruit();
    }
    work();
    attendHelpers();
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw CallerStack.appendTo((RuntimeException) thrown);
    }
  }

  /** Starts helpers. A helper that finds nothing left to do just ends. */
  private void recruit() {
    try {
      for (int helper = 1; helper < Math.min(atOnce, items.size()); helper++) {
        threads.execute(this::help);
      }
    } catch (RejectedExecutionException e) {
      // The client is closed: the first task will fail for that reason.
    }
  }

  private void work() {
    try {
      int i;
      while (!stopped
          && !Thread.currentThread().isInterrupted()
          && (i = next.getAndIncrement()) < items.size()) {
        R answer = task.apply(items.get(i), this::handOver);
        answers.set(i, answer);
        if (stops.test(answer)) {
          stopped = true;
        }
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable e) {
    failure.compareAndSet(null, e);
    stopped = true;
  }

  /** Called by the tasks, on any thread. */
  private void handOver(List<T> more) {
    locked(
        () -> {
          if (!wantsNoMore) {
            found.addAll(more);
            changed.signalAll();
          }
        });
    if (Thread.currentThread() == caller && !passOn()) {
      // Not the reader's exception: a task could take that for a failure of its own read.
      throw new CancellationException();
    }
  }

  /** Runs on the caller's thread. Returns false if the reader failed. */
  private boolean passOn() {
    var all = new ArrayList<T>();
    locked(
        () -> {
          all.addAll(found);
          found.clear();
        });
    try {
      if (!all.isEmpty()) {
        reader.accept(all);
      }
      return true;
    } catch (RuntimeException | Error e) {
      fail(e);
      wantNoMore();
      return false;
    }
  }

  private void wantNoMore() {
    locked(
        () -> {
          stopped = true;
          wantsNoMore = true;
          found.clear();
          working.forEach(Thread::interrupt);
        });
  }

  private void help() {
    if (begin()) {
      try {
        work();
      } finally {
        end();
      }
    }
  }

  private boolean begin() {
    lock.lock();
    try {
      return !stopped && next.get() < items.size() && working.add(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** Holds the lock, so that an interrupt never hits a thread that does other work by then. */
  private void end() {
    locked(
        () -> {
          working.remove(Thread.currentThread());
          changed.signalAll();
        });
  }

  /** Passes on what the helpers find, until all of them have ended. */
  private void attendHelpers() {
    if (Thread.currentThread().isInterrupted()) {
      wantNoMore();
    }
    while (awaitFound()) {
      passOn();
    }
  }

  /** Waits until something is found. Returns false if all helpers have ended without that. */
  private boolean awaitFound() {
    boolean interrupted = false;
    lock.lock();
    try {
      while (found.isEmpty() && !working.isEmpty()) {
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
          wantNoMore();
        }
      }
      return !found.isEmpty();
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  List<@Nullable R> answers() {
    var list = new ArrayList<@Nullable R>(items.size());
    for (int i = 0; i < items.size(); i++) {
      list.add(answers.get(i));
    }
    return list;
  }
}
