package dev.redrive.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the catch-up with the application; it stops before the web server does. A round
 * in progress is cancelled, and its end is awaited as long as {@code
 * spring.lifecycle.timeout-per-shutdown-phase} allows.
 */
final class CatchUpLifecycle implements SmartLifecycle {
  private final Supplier<Runnable> start;
  private @Nullable Runnable stop;

  /**
   * @param start starts the rounds, and returns what stops them and waits for their end
   */
  CatchUpLifecycle(Supplier<Runnable> start) {
    this.start = start;
  }

  @Override
  public synchronized void start() {
    if (stop == null) {
      stop = start.get();
    }
  }

  @Override
  public void stop() {
    Runnable taken = takeStop();
    if (taken != null) {
      taken.run();
    }
  }

  /** Waits on a thread of its own, so that Spring's time limit holds. */
  @Override
  public void stop(Runnable whenStopped) {
    var waiting =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                whenStopped.run();
              }
            },
            "redrive-catch-up-stop");
    waiting.setDaemon(true);
    waiting.start();
  }

  private synchronized @Nullable Runnable takeStop() {
    Runnable taken = stop;
    stop = null;
    return taken;
  }

  @Override
  public synchronized boolean isRunning() {
    return stop != null;
  }
}
