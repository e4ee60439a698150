package dev.redrive.cli.terminal;

import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends a recovery in good order when Ctrl-C is pressed, or the process is told to end: it is
 * cancelled, and the JVM waits until this is closed.
 */
public final class CtrlC implements AutoCloseable {
  private static final long LONGEST_WAIT_SECONDS = 60;

  private final Terminal terminal;
  private final Runnable also;
  private final Thread hook = new Thread(this::stopAndWait, "redrive-stop");
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Recovery> running = new AtomicReference<>();
  private volatile boolean pressed;

  private CtrlC(Terminal terminal, Runnable also) {
    this.terminal = terminal;
    this.also = also;
  }

  /** Watches from now on; {@code also} is called too when it is pressed. */
  public static CtrlC watch(Terminal terminal, Runnable also) {
    var ctrlC = new CtrlC(terminal, also);
    Runtime.getRuntime().addShutdownHook(ctrlC.hook);
    return ctrlC;
  }

  public boolean isPressed() {
    return pressed;
  }

  /** Runs a recovery that it may stop. */
  public RecoveryReport run(Recovery recovery) {
    running.set(recovery);
    return recovery.run();
  }

  /** To be called as a run begins: it may have been pressed before there was one to stop. */
  public void check() {
    if (pressed) {
      cancel();
    }
  }

  /** What was to be done is done: the JVM may end. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being ended: the hook sees that all is done.
    }
  }

  private void cancel() {
    Recovery recovery = running.get();
    if (recovery != null) {
      recovery.cancel();
    }
  }

  private void stopAndWait() {
    pressed = true;
    terminal.err().print().println();
    terminal.note("Stopping: nothing more goes out, waiting for what is under way …");
    cancel();
    also.run();
    try {
      if (!ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        terminal.error("it does not end: what is under way is settled by the next run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
