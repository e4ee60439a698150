package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends when a run stops, and what goes on undisturbed. */
@Timeout(30)
class RunControlTest {
  private final RunControl run =
      new RunControl("r1", Instant.parse("2026-03-01T10:00:00Z"), TimeSource.system());

  /** True once it is interrupted; it would wait for good. */
  private static boolean waitsUntilInterrupted(CountDownLatch begun) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  @Test
  void wait_endsAtOnce_whenTheRunIsCancelled() throws InterruptedException {
    var begun = new CountDownLatch(1);
    CompletableFuture<Boolean> paused =
        CompletableFuture.supplyAsync(
            () ->
                run.await(
                    () -> {
                      begun.countDown();
                      new CountDownLatch(1).await();
                      return true;
                    }));
    begun.await();

    run.cancel();

    assertThat(paused.join()).isFalse();
    assertThat(run.failure()).isNull();
  }

  @Test
  void pause_whenTheRunHasStopped_doesNotBegin() {
    run.cancel();

    assertThat(run.pause(Duration.ofDays(1))).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void pause_whenSomebodyElseInterruptsIt_failsTheRun() {
    Thread.currentThread().interrupt();

    assertThat(run.pause(Duration.ofDays(1))).isFalse();
    assertThat(run.failure()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void read_isInterrupted_whenTheRunIsCancelled() throws InterruptedException {
    var begun = new CountDownLatch(1);
    CompletableFuture<Boolean> read =
        CompletableFuture.supplyAsync(
            () -> {
              boolean interrupted = run.read(() -> waitsUntilInterrupted(begun));
              return interrupted && !Thread.currentThread().isInterrupted();
            });
    begun.await();

    run.cancel();

    assertThat(read.join()).isTrue();
  }

  @Test
  void partsOfARead_areTakenUndisturbed_andTheReadIsInterruptedBehindThem() {
    var wasDisturbed = new AtomicBoolean();
    var endedBehind = new AtomicBoolean();

    run.read(
        (Consumer<String> taker) -> {
          taker.accept("part");
          endedBehind.set(Thread.currentThread().isInterrupted());
        },
        part -> {
          run.cancel();
          wasDisturbed.set(Thread.currentThread().isInterrupted());
        });

    assertThat(wasDisturbed).isFalse();
    assertThat(endedBehind).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void send_isInterrupted_whenTheRunFails() throws InterruptedException {
    var begun = new CountDownLatch(1);
    CompletableFuture<Boolean> sent =
        CompletableFuture.supplyAsync(() -> run.send(() -> waitsUntilInterrupted(begun)));
    begun.await();

    run.fail(new IllegalStateException("the ledger is gone"));

    assertThat(sent.join()).isTrue();
  }

  @Test
  void send_mayEndByItself_whenTheRunIsCancelled() {
    run.send(
        () -> {
          run.cancel();
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return true;
        });

    assertThat(run.isStopping()).isTrue();
  }
}
