package dev.redrive.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that work beside the caller's. A task is refused unless a thread is free for it, so
 * that no task ever waits for one that has no thread: tasks may begin others and wait for them.
 */
final class WorkThreads extends ThreadPoolExecutor {
  private static final long IDLE_SECONDS = 10;

  private final Semaphore free;

  WorkThreads(String name, int most) {
    super(most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    allowCoreThreadTimeOut(true);
    this.free = new Semaphore(most);
  }

  /** Threads that take what comes in turn. */
  static ThreadPoolExecutor queueing(String name, int most) {
    var threads =
        new ThreadPoolExecutor(
            most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Runs a task on a thread that is free.
   *
   * @throws RejectedExecutionException if there is none, or these are shut down
   */
  @Override
  public void execute(Runnable task) {
    if (!free.tryAcquire()) {
      throw new RejectedExecutionException("no thread is free");
    }
    try {
      super.execute(
          () -> {
            try {
              task.run();
            } finally {
              free.release();
            }
          });
    } catch (RejectedExecutionException e) {
      free.release();
      throw e;
    }
  }

  private static ThreadFactory daemons(String name) {
    var count = new AtomicLong();
    return work -> {
      var thread = new Thread(work, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
