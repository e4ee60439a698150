package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exception names the user's call, whichever thread failed. */
class CallerStackTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void readAhead_whenAnotherThreadFailed_showsBothStacks() throws Exception {
    var begun = new CountDownLatch(1);
    ReadAhead<String> ahead =
        ReadAhead.begin(
            "Test Provider",
            threads,
            () -> {
              begun.countDown();
              return failingRead();
            });
    begun.await();

    Throwable thrown = catchThrowable(() -> usersCall(ahead));

    assertThat(methods(thrown)).containsSubsequence("failingRead", "usersCall");
    assertThat(methods(thrown)).containsOnlyOnce("usersCall");
    assertThat(methods(catchThrowable(() -> usersCall(ahead))))
        .as("asked again from elsewhere")
        .contains("usersCall");
  }

  @Test
  void readAhead_whenTheCallersThreadFailed_showsItsStackOnce() {
    threads.shutdown();
    ReadAhead<String> ahead =
        ReadAhead.begin("Test Provider", threads, CallerStackTest::failingRead);

    Throwable thrown = catchThrowable(() -> usersCall(ahead));

    assertThat(methods(thrown)).containsSubsequence("failingRead", "usersCall");
    assertThat(methods(thrown)).containsOnlyOnce("usersCall");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fanout_showsTheCallOnce(boolean onTheCallersThread) {
    var fanout = new Fanout(threads, 2);
    var caller = Thread.currentThread();
    var failed = new CountDownLatch(1);

    Throwable thrown =
        catchThrowable(
            () ->
                fanout.run(
                    List.of("a", "b"),
                    item -> {
                      if ((Thread.currentThread() == caller) == onTheCallersThread) {
                        failed.countDown();
                        return failingRead();
                      }
                      await(failed);
                      return item;
                    },
                    answer -> false));

    assertThat(methods(thrown)).containsSubsequence("failingRead", "run");
    assertThat(methods(thrown).stream().filter("fanout_showsTheCallOnce"::equals)).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String usersCall(ReadAhead<String> ahead) {
    return ahead.get();
  }

  private static String failingRead() {
    throw new IllegalStateException("failed");
  }

  private static List<String> methods(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace()).map(StackTraceElement::getMethodName).toList();
  }
}
