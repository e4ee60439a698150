package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in each phase: the state is kept, and the same command goes on from there. */
public class CtrlCIT {
  private static final int FAILURES = 30;

  @TempDir private Path folder;
  private RedriveJar redrive;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
  }

  @Test
  void whileFailuresAreCollected_nothingIsSent() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      fake.faults().on(Operation.LIST).always().inject(Fault.stall());
      redrive.at("chatt2me", fake);

      RedriveJar.Result stopped =
          redrive
              .start("recover", "--yes")
              .awaitThat("it lists", () -> fake.requestCount(Operation.LIST) > 0)
              .interrupt()
              .await();

      assertStopped(stopped);
      assertThat(stopped.out()).contains("nothing was sent");
      assertThat(stopped.err()).doesNotContain("still queued");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      fake.faults().clear();
      assertGoesOn(fake);
    }
  }

  @Test
  void atTheQuestion_nothingIsSent() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      redrive.at("chatt2me", fake);

      RedriveJar.Result stopped =
          redrive.onTerminal("recover").awaitText("[y/N]").type("\3").await();

      assertThat(stopped.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(stopped.out()).contains("Run the same command again");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      assertGoesOn(fake);
    }
  }

  @Test
  void whileTheCanaryIsWaitedFor_whatWentOutIsRecorded() {
    try (var fake = FakeVoiso.builder().webhooks(1).showsDelivered(true).start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      fake.asyncDelay(Duration.ofHours(1));
      redrive.at("voiso", fake);

      RedriveJar.Result stopped =
          redrive
              .start("recover", "--yes")
              .awaitThat("the canary is out", () -> fake.requestCount(Operation.RETRY) == 3)
              .awaitThat("it is looked for", () -> fake.requestCount(Operation.READ) >= 3)
              .interrupt()
              .await();

      assertStopped(stopped);
      assertThat(stopped.out()).contains("pending 3").contains("not sent " + (FAILURES - 3));
      fake.asyncDelay(Duration.ZERO);
      fake.settle();
      assertGoesOn(fake);
    }
  }

  @Test
  void whileItSends_nothingMoreGoesOut() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      redrive.at("voiso", fake);

      RedriveJar.Result stopped =
          redrive
              .start("recover", "--yes", "--canary", "0", "--max-rate", "4")
              .awaitThat("it sends", () -> fake.requestCount(Operation.RETRY) >= 3)
              .interrupt()
              .await();
      long sent = fake.requestCount(Operation.RETRY);

      assertStopped(stopped);
      assertThat(sent).isLessThan(FAILURES);
      assertGoesOn(fake);
    }
  }

  @Test
  void whileOutcomesAreRead_theNextRunReadsThem() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      redrive.at("voiso", fake);
      fake.asyncDelay(Duration.ofHours(1));

      RedriveJar.Running running =
          redrive.start("recover", "--yes", "--canary", "0", "--output", "json");
      running
          .awaitThat("something is out", () -> fake.requestCount(Operation.READ) > 0)
          .interrupt();
      RedriveJar.Result stopped = running.await();

      assertThat(stopped.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(stopped.json().get(0).get("end").asText()).isEqualTo("CANCELLED");
      assertThat(stopped.json().get(0).get("pending").asInt()).isPositive();
      fake.asyncDelay(Duration.ZERO);
      fake.settle();
      assertGoesOn(fake);
    }
  }

  @Test
  void aSecondTime_itEndsAtOnce() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      fake.faults().on(Operation.RETRY).always().inject(Fault.stall());
      redrive.at("voiso", fake);

      RedriveJar.Result ended =
          redrive
              .start("recover", "--yes")
              .awaitThat("a request is out", () -> fake.requestCount(Operation.RETRY) > 0)
              .interrupt()
              .awaitText("Press Ctrl-C again to end at once.")
              .interrupt()
              .await();

      assertThat(ended.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(ended.err())
          .contains("Ended at once: what was under way is settled by the next run.");
      assertThat(ended.out()).isEmpty();
    }
  }

  @Test
  void whileItCatchesUp_itEndsBetweenRounds() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      redrive.at("voiso", fake);

      RedriveJar.Result stopped =
          redrive
              .start("catch-up", "--every", "PT0.2S", "--since", "2000-01-01")
              .awaitText("Nothing to recover")
              .interrupt()
              .await();

      assertThat(stopped.exitCode()).as(stopped.err()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(stopped.err())
          .startsWith("Catching up every 0.2 s, until Ctrl-C ends it.")
          .contains("Stopping: nothing more goes out");
      assertThat(stopped.out().lines())
          .hasSizeGreaterThan(1)
          .first()
          .asString()
          .contains(FAILURES + " of " + FAILURES + " delivered");
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  private static void assertStopped(RedriveJar.Result stopped) {
    assertThat(stopped.exitCode()).as(stopped.err()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(stopped.err())
        .contains("Stopping: nothing more goes out")
        .contains("Run the same command again");
    assertThat(stopped.out()).startsWith("Interrupted: ");
  }

  /** The same command again delivers the rest, and nothing twice. */
  private void assertGoesOn(FakeProvider fake) {
    RedriveJar.Result result = redrive.run("recover", "--yes");
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(ExitCode.OK);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
  }
}
