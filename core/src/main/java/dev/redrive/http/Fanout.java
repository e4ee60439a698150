package dev.redrive.http;

import dev.redrive.RedriveException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
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
    var run = new FanoutRun<I, T, R>(threads, atOnce, items, task, stops, reader);
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
}
