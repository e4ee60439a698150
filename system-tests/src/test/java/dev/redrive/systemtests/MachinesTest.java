package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines that catch up, each a process of its own, scheduled by db-scheduler: {@code mvn verify}
 * kills one in a round, {@code mvn verify -Pcrash} does to many accounts all that can happen.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class MachinesTest {
  private static final int MANY = Integer.getInteger("redrive.machines.accounts", 0);
  private static final int FAILURES = 12;
  private static final double RATE = 20;

  /** What a dead machine had is taken over in less than this. */
  private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(30);

  private static final Duration FROZEN = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void anotherMachineTakesOver_whenOneIsKilledInARound() {
    Duration lease = Duration.ofSeconds(20);
    try (var machines = new Machines(folder, 4, Duration.ofSeconds(5), lease, RATE)) {
      machines.fakes().values().forEach(fake -> fake.failures(FAILURES));
      String task = machines.fakes().keySet().iterator().next();
      var killed = killAt(machines, task, Operation.RETRY, 1);
      machines.start(Duration.ZERO);
      machines.start(Duration.ZERO);

      killed.join();
      Machines.await(Duration.ofMinutes(2), () -> machines.lost() == 0);
      machines.end();

      print("two machines", machines);
      assertThat(machines.twice()).isZero();
      assertThat(machines.takeOvers()).isNotEmpty().allMatch(MachinesTest::isInTime);
    }
  }

  @Test
  void noEventIsDeliveredTwiceOrLost_whateverHappensToMachines() {
    assumeTrue(MANY > 0, "takes minutes");
    Duration lease = Duration.ofMinutes(1);
    try (var machines = new Machines(folder, MANY, Duration.ofSeconds(20), lease, RATE)) {
      machines.fakes().values().forEach(fake -> fake.failures(FAILURES));
      List<String> tasks = new ArrayList<>(machines.fakes().keySet());
      machines.start(Duration.ofMinutes(10));
      machines.start(Duration.ZERO);
      machines.start(Duration.ZERO);

      // Collecting, canary, sending, verifying; one after another, as long as there is something to
      // do.
      killAt(machines, tasks.get(0), Operation.LIST, 1).join();
      killAt(machines, tasks.get(7), Operation.RETRY, 1).join();
      killAt(machines, tasks.get(12), Operation.RETRY, 2).join();
      killWhileVerifying(machines, tasks.get(18)).join();
      freezeAt(machines, tasks.get(25), Operation.RETRY, 1).join();
      machines.restartDatabase();
      machines.fakes().values().forEach(fake -> fake.failures(FAILURES));
      Machines.await(Duration.ofMinutes(15), () -> machines.lost() == 0);
      machines.end();

      print("three machines, " + MANY + " accounts", machines);
      assertThat(machines.twice()).isZero();
      assertThat(machines.takeOvers()).isNotEmpty().allMatch(MachinesTest::isInTime);
      assertThat(machines.peakRate()).isLessThanOrEqualTo((int) (RATE * 1.5));
    }
  }

  private static boolean isInTime(Duration takeOver) {
    return takeOver.compareTo(LONGEST_TAKE_OVER) < 0;
  }

  /** Kills who has an account at its n-th request of a kind, and starts another machine. */
  private static CompletableFuture<Void> killAt(
      Machines machines, String task, Operation operation, int request) {
    return at(
        machines,
        task,
        operation,
        request,
        machine -> {
          List<String> held = machines.held(machine);
          machine.kill();
          long diedAt = System.nanoTime();
          int unused = machine.await();
          machines.awaitTakeOver(machine, held, diedAt);
          machines.start(Duration.ZERO);
        });
  }

  private static CompletableFuture<Void> killWhileVerifying(Machines machines, String task) {
    FakeProvider fake = machines.fakes().get(task);
    var sent = new CompletableFuture<Void>();
    fake.onRequest(Operation.RETRY, () -> sent.complete(null));
    fake.failures(FAILURES);
    sent.join();
    return killAt(machines, task, Operation.LIST, 1);
  }

  /** It wakes up when others have had its accounts for long. */
  private static CompletableFuture<Void> freezeAt(
      Machines machines, String task, Operation operation, int request) {
    return at(
        machines,
        task,
        operation,
        request,
        machine -> {
          List<String> held = machines.held(machine);
          machine.stop();
          long stoppedAt = System.nanoTime();
          List<String> runs = machines.runs(held);
          assertThat(machines.claimed(runs)).isPositive();
          machines.awaitTakeOver(machine, held, stoppedAt);
          Machines.await(FROZEN, () -> System.nanoTime() - stoppedAt > FROZEN.toNanos() * 9 / 10);
          int claimed = machines.claimed(runs);
          machine.resume();
          // It is awake once it has the next account. Its rounds from before claim nothing more.
          Machines.await(Duration.ofMinutes(2), () -> !machines.held(machine).isEmpty());
          assertThat(machines.claimed(runs)).isLessThanOrEqualTo(claimed);
        });
  }

  private interface Blow {
    void strike(ChildProcess machine);
  }

  private static CompletableFuture<Void> at(
      Machines machines, String task, Operation operation, int request, Blow blow) {
    var done = new CompletableFuture<Void>();
    var requests = new AtomicInteger();
    FakeProvider fake = machines.fakes().get(task);
    fake.onRequest(
        operation,
        () -> {
          if (requests.incrementAndGet() == request) {
            ChildProcess machine = machines.holder(task);
            if (machine == null || !machine.isAlive()) {
              requests.decrementAndGet();
              return;
            }
            var unused =
                CompletableFuture.runAsync(() -> blow.strike(machine))
                    .whenComplete(
                        (nothing, failure) -> {
                          if (failure == null) {
                            done.complete(null);
                          } else {
                            done.completeExceptionally(failure);
                          }
                        });
          }
        });
    fake.failures(FAILURES);
    return done;
  }

  private static void print(String what, Machines machines) {
    List<Duration> times = machines.takeOvers();
    System.out.printf(
        "%s: events delivered twice: %d, lost: %d; %d accounts taken over, median %d ms, worst %d"
            + " ms; peak %d retry requests a second of %.0f%n",
        what,
        machines.twice(),
        machines.lost(),
        times.size(),
        times.isEmpty() ? 0 : times.get(times.size() / 2).toMillis(),
        times.isEmpty() ? 0 : times.get(times.size() - 1).toMillis(),
        machines.peakRate(),
        RATE);
  }
}
