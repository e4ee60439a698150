package dev.redrive.http;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Adds the stack of the thread that waits for the work of another thread. Without it, an exception
 * of the other thread would not show which call of the user failed.
 */
final class CallerStack {
  /** This method and {@link Thread#getStackTrace}. */
  private static final int OWN_FRAMES = 2;

  private CallerStack() {}

  /** Appends this thread's stack to that of a failure, unless the failure already ends with it. */
  static <E extends Throwable> E appendTo(E failure) {
    StackTraceElement[] thrown = failure.getStackTrace();
    StackTraceElement[] all = Thread.currentThread().getStackTrace();
    StackTraceElement[] own = Arrays.copyOfRange(all, Math.min(OWN_FRAMES, all.length), all.length);
    if (!endsWithCallersOf(own, thrown)) {
      failure.setStackTrace(
          Stream.of(thrown, own).flatMap(Arrays::stream).toArray(StackTraceElement[]::new));
    }
    return failure;
  }

  /**
   * Compares without line numbers: the top frame may be at another line than in the failed call.
   */
  private static boolean endsWithCallersOf(StackTraceElement[] own, StackTraceElement[] thrown) {
    int callers = own.length - 1;
    return callers >= 0
        && thrown.length >= callers
        && Arrays.equals(own, 1, own.length, thrown, thrown.length - callers, thrown.length);
  }
}
