package dev.redrive.http;

import dev.redrive.RedriveException;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task per item, several at once, and keeps every result. The caller's thread works, too;
 * if no pool thread is free, it does all the work.
 */
final class Fanout {
  private final ExecutorService threads;
  private final int atOnce;

  Fanout(ExecutorService threads, int atOnce) {
    this.threads = threads;
    this.atOnce = atOnce;
  }

  /**
   * Runs a task for each item. An interrupt of the caller is passed on to the running tasks, whose
   * results are waited for; the flag stays set.
   *
   * @param stops whether a result means that no further task is to start
   * @return the results in the order of the items; null for an item whose task was not started
   */
  <I, R> List<@Nullable R> run(List<I> items, Function<I, R> task, Predicate<@Nullable R> stops) {
    return run(items, (item, handOver) -> task.apply(item), stops, nothing -> {});
  }

  /**
   * Runs a task for each item, and passes what the tasks hand over to {@code reader}, which is
   * called on the caller's thread only. A task may hand over an empty list: on the caller's thread,
   * that passes on what other threads have found. An exception of the reader ends all tasks and is
   * rethrown. After an interrupt, nothing more is passed on.
   */
  <I, T, R> List<@Nullable R> run(
      List<I> items,
      BiFunction<I, Consumer<List<T>>, R> task,
      Predicate<@Nullable R> stops,
      Consumer<List<T>> reader) {
    var run = new Run<I, T, R>(items, task, stops, reader);
    run.lead();
    return run.answers();
  }

  /**
   * Like {@link #run}, but stops when a task throws a {@link RedriveException}. It is rethrown
   * after everything found so far is passed on.
   *
   * @param interruption the exception to throw if the caller was interrupted before all tasks were
   *     started
   */
  <I, T, R> List<R> read(
      List<I> items,
      BiFunction<I, Consumer<List<T>>, R> task,
      Consumer<List<T>> reader,
      Supplier<RedriveException> interruption) {
    var failure = new AtomicReference<@Nullable RedriveException>();
    List<@Nullable R> answers =
        run(
            items,
            (item, handOver) -> {
              try {
                return task.apply(item, handOver);
              } catch (RedriveException e) {
                failure.compareAndSet(null, e);
                return null;
              }
            },
            answer -> failure.get() != null,
            reader);
    if (failure.get() != null) {
      throw CallerStack.appendTo(failure.get());
    }
    var complete = new ArrayList<R>(items.size());
    for (R answer : answers) {
      if (answer == null) {
        throw interruption.get();
      }
      complete.add(answer);
    }
    return complete;
  }

  private final class Run<I, T, R> {
    private final List<I> items;
    private final BiFunction<I, Consumer<List<T>>, R> task;
    private final Predicate<@Nullable R> stops;
    private final Consumer<List<T>> reader;
    private final Thread caller = Thread.currentThread();
    private final AtomicReferenceArray<@Nullable R> answers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<Thread> working = new HashSet<>();

    /** No monitor: one that is waited in keeps a virtual thread's carrier from other work. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private volatile boolean stopped;
    private final List<T> found = new ArrayList<>();
    private boolean wantsNoMore;

    Run(
        List<I> items,
        BiFunction<I, Consumer<List<T>>, R> task,
        Predicate<@Nullable R> stops,
        Consumer<List<T>> reader) {
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

    /** Under the lock, so that an interrupt never hits a thread that has gone on to other work. */
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

    /** False if nothing was found, and nobody works any more. */
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
}
