package dev.redrive.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs one task per item, some at once, and keeps every answer that was got, come what may. */
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
    int workers = Math.min(atOnce, items.size());
    var run = new Run<I, R>(items, task, stops, workers);
    if (workers <= 1 || Thread.currentThread().isInterrupted()) {
      run.work();
    } else {
      for (int i = 0; i < workers; i++) {
        execute(run::workInPool);
      }
      run.await();
    }
    return run.answers();
  }

  /** Threads that are shut down run nothing: the caller works off what is left. */
  private void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      work.run();
    }
  }

  private static final class Run<I, R> {
    private final List<I> items;
    private final Function<I, R> task;
    private final Predicate<@Nullable R> stops;
    private final AtomicReferenceArray<@Nullable R> answers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<Thread> working = new HashSet<>();
    private final CountDownLatch ended;
    private volatile boolean stopped;

    Run(List<I> items, Function<I, R> task, Predicate<@Nullable R> stops, int workers) {
      this.items = items;
      this.task = task;
      this.stops = stops;
      this.answers = new AtomicReferenceArray<>(items.size());
      this.ended = new CountDownLatch(workers);
    }

    void work() {
      int i;
      while (!stopped
          && !Thread.currentThread().isInterrupted()
          && (i = next.getAndIncrement()) < items.size()) {
        R answer = task.apply(items.get(i));
        answers.set(i, answer);
        if (stops.test(answer)) {
          stopped = true;
        }
      }
    }

    void workInPool() {
      try {
        if (begin()) {
          work();
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        stopped = true;
      } finally {
        end();
        ended.countDown();
      }
    }

    private synchronized boolean begin() {
      return !stopped && working.add(Thread.currentThread());
    }

    /** Under the lock, so that an interrupt never hits a thread that has gone on to other work. */
    private synchronized void end() {
      working.remove(Thread.currentThread());
    }

    private synchronized void interruptAll() {
      stopped = true;
      working.forEach(Thread::interrupt);
    }

    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          ended.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          interruptAll();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
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
