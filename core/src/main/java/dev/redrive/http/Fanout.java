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
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task per item, some at once, and keeps every answer that was got. The caller's own
 * thread works too, and does all of it where no other is free.
 */
final class Fanout {
  private final ExecutorService threads;
  private final int atOnce;

  Fanout(ExecutorService threads, int atOnce) {
    this.threads = threads;
    this.atOnce = atOnce;
  }

  /**
   * The answers in the order of the items; null for each item not begun, because an answer before
   * it {@code stops} the rest or the caller was interrupted. An interrupt reaches the tasks under
   * way, whose answers are waited for, and stays set.
   */
  <I, R> List<@Nullable R> run(List<I> items, Function<I, R> task, Predicate<@Nullable R> stops) {
    return run(items, (item, handOver) -> task.apply(item), stops, nothing -> {});
  }

  /**
   * As above, and what the tasks hand over meanwhile goes to {@code reader}, on the caller's thread
   * alone. A task that finds nothing may hand over nothing: on the caller's thread, that passes on
   * what other threads have found. What the reader throws ends all tasks and is thrown; after an
   * interrupt, nothing is passed on.
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
   * As above, until a task throws a {@link RedriveException}, which is thrown once all was passed
   * on.
   *
   * @param interruption what is thrown if the caller was interrupted before all had begun
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
    private volatile boolean stopped;
    private List<T> found = new ArrayList<>();
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

    /** The caller's part. */
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

    /** A helper whose turn comes when nothing is left to do just ends. */
    private void recruit() {
      try {
        for (int helper = 1; helper < Math.min(atOnce, items.size()); helper++) {
          threads.execute(this::help);
        }
      } catch (RejectedExecutionException e) {
        // The client is closed, which the first task will tell.
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

    /** For the tasks. */
    private void handOver(List<T> more) {
      synchronized (this) {
        if (!wantsNoMore) {
          found.addAll(more);
          notifyAll();
        }
      }
      if (Thread.currentThread() == caller && !passOn()) {
        // Unlike what the reader threw, a task does not take it for a failure of its own.
        throw new CancellationException();
      }
    }

    /** For the caller's thread; false if the reader has failed. */
    private boolean passOn() {
      List<T> all;
      synchronized (this) {
        all = found;
        found = new ArrayList<>();
      }
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

    private synchronized void wantNoMore() {
      stopped = true;
      wantsNoMore = true;
      found.clear();
      working.forEach(Thread::interrupt);
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

    private synchronized boolean begin() {
      return !stopped && next.get() < items.size() && working.add(Thread.currentThread());
    }

    /** Under the lock, so that an interrupt never hits a thread that has gone on to other work. */
    private synchronized void end() {
      working.remove(Thread.currentThread());
      notifyAll();
    }

    /** Passes on what the helpers find, until they have ended. */
    private void attendHelpers() {
      if (Thread.currentThread().isInterrupted()) {
        wantNoMore();
      }
      while (awaitFound()) {
        passOn();
      }
    }

    /** False if nothing was found, and nobody works any more. */
    private synchronized boolean awaitFound() {
      boolean interrupted = false;
      while (found.isEmpty() && !working.isEmpty()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
          wantNoMore();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return !found.isEmpty();
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
