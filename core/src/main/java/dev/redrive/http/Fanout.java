package dev.redrive.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Predicate;
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
    var run = new Run<I, R>(items, task, stops);
    run.lead();
    return run.answers();
  }

  private final class Run<I, R> {
    private final List<I> items;
    private final Function<I, R> task;
    private final Predicate<@Nullable R> stops;
    private final AtomicReferenceArray<@Nullable R> answers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<Thread> working = new HashSet<>();
    private volatile boolean stopped;

    Run(List<I> items, Function<I, R> task, Predicate<@Nullable R> stops) {
      this.items = items;
      this.task = task;
      this.stops = stops;
      this.answers = new AtomicReferenceArray<>(items.size());
    }

    /** The caller's part. */
    void lead() {
      if (!Thread.currentThread().isInterrupted()) {
        recruit();
      }
      work();
      awaitHelpers();
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
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
          R answer = task.apply(items.get(i));
          answers.set(i, answer);
          if (stops.test(answer)) {
            stopped = true;
          }
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        stopped = true;
      }
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

    private synchronized void awaitHelpers() {
      boolean interrupted = Thread.currentThread().isInterrupted();
      stopped |= interrupted;
      while (!working.isEmpty()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
          stopped = true;
          working.forEach(Thread::interrupt);
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
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
