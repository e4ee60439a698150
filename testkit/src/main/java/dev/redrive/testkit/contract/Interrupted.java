package dev.redrive.testkit.contract;

import dev.redrive.testkit.FakeProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What came of a call that was interrupted. */
final class Interrupted<R> {
  /** Far less than any time-out that could end a call instead. */
  static final Duration AT_ONCE = Duration.ofSeconds(5);

  private final FutureTask<R> task;
  private final Throwable failure;
  private final boolean flag;

  private Interrupted(FutureTask<R> task, Throwable failure, boolean flag) {
    this.task = task;
    this.failure = failure;
    this.flag = flag;
  }

  /** Interrupts a call when so many of its requests have come in. */
  static <R> Interrupted<R> at(FakeProvider fake, int requests, Callable<R> call)
      throws InterruptedException {
    long awaited = fake.requestCount() + requests;
    var task = new FutureTask<>(call);
    var flag = new AtomicBoolean();
    var caller =
        new Thread(
            () -> {
              task.run();
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    long deadline = System.nanoTime() + AT_ONCE.toNanos();
    while (fake.requestCount() < awaited && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    caller.interrupt();
    caller.join(AT_ONCE.toMillis());
    return new Interrupted<>(task, failureOf(task), flag.get());
  }

  private static Throwable failureOf(FutureTask<?> task) throws InterruptedException {
    try {
      task.get(0, TimeUnit.SECONDS);
      return new AssertionError("nothing was thrown");
    } catch (ExecutionException e) {
      return Objects.requireNonNullElse(e.getCause(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("the interrupt did not end it", e);
    }
  }

  R value() throws ExecutionException, InterruptedException {
    return task.get();
  }

  Throwable failure() {
    return failure;
  }

  /** Whether the thread was still interrupted when the call had ended. */
  boolean keptTheFlag() {
    return flag;
  }
}
