package dev.redrive.cli.terminal;

import dev.redrive.cli.ExitCode;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ends a recovery in good order when Ctrl-C is pressed, or the process is told to end: it is
 * cancelled, and the JVM waits until this is closed. A second Ctrl-C ends the process at once.
 */
public final class CtrlC implements AutoCloseable {
  private static final long LONGEST_WAIT_SECONDS = 60;
  private static final String SIGNAL = "INT";

  private final Terminal terminal;
  private final Runnable also;
  private final Thread hook = new Thread(this::stopAndWait, "redrive-stop");
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Runnable> running = new AtomicReference<>();
  private final AtomicInteger presses = new AtomicInteger();
  private @Nullable Object defaultHandler;
  private volatile boolean pressed;

  private CtrlC(Terminal terminal, Runnable also) {
    this.terminal = terminal;
    this.also = also;
  }

  /** Watches from now on; {@code also} is called too when it is pressed. */
  public static CtrlC watch(Terminal terminal, Runnable also) {
    var ctrlC = new CtrlC(terminal, also);
    Runtime.getRuntime().addShutdownHook(ctrlC.hook);
    ctrlC.defaultHandler = Signals.register(SIGNAL, ctrlC::press);
    return ctrlC;
  }

  public boolean isPressed() {
    return pressed;
  }

  /** Runs a recovery that it may stop. */
  public RecoveryReport run(Recovery recovery) {
    return run(recovery::cancel, recovery::run);
  }

  /** Runs something that {@code cancel} stops. */
  public <T> T run(Runnable cancel, Supplier<T> work) {
    running.set(cancel);
    return work.get();
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
    Signals.unregister(SIGNAL, defaultHandler);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being ended: the hook sees that all is done.
    }
  }

  private void cancel() {
    Runnable cancel = running.get();
    if (cancel != null) {
      cancel.run();
    }
  }

  private void press() {
    if (presses.incrementAndGet() == 1) {
      // The hook stops all that runs; it must not be waited for here.
      new Thread(() -> System.exit(ExitCode.INTERRUPTED), "redrive-exit").start();
    } else {
      terminal.err().freshLine();
      terminal.note("Ended at once: what was under way is settled by the next run.");
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  private void stopAndWait() {
    pressed = true;
    terminal.err().freshLine();
    terminal.note("Stopping: nothing more goes out, waiting for what is under way …");
    terminal.note("Press Ctrl-C again to end at once.");
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
