package dev.redrive.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Creates pools of daemon threads that end when they are idle. */
final class WorkThreads {
  private static final long IDLE_SECONDS = 10;

  private WorkThreads() {}

  static ThreadPoolExecutor named(String name, int most) {
    var threads =
        new ThreadPoolExecutor(
            most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Whether a thread belongs to a pool. */
  static boolean isOne(Thread thread) {
    return thread instanceof Worker;
  }

  private static final class Worker extends Thread {
    Worker(Runnable work, String name) {
      super(work, name);
    }
  }

  private static ThreadFactory daemons(String name) {
    var count = new AtomicLong();
    return work -> {
      var thread = new Worker(work, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
