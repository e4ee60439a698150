package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other processes see while a recovery runs. */
class LookOnIT {
  @TempDir private Path folder;

  @Test
  void whileARecoveryRuns_othersLookOn_andDisturbNothing() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(30).get(7);
      fake.endpoint().up();
      // Its outcome is not known for a minute and a half: long enough for all that follows.
      fake.faults().on(Operation.RETRY).always().inject(Fault.stall());
      RedriveJar redrive = new RedriveJar(folder).at("chatt2me", fake);
      RedriveJar.Running recovery = redrive.start("recover", "--yes", "--canary", "0");
      recovery.awaitThat("it sends", () -> fake.requestCount(Operation.RETRY) > 0);

      RedriveJar.Result history = redrive.run("history");
      RedriveJar.Result last = redrive.run("history", "last", "--output", "json");
      RedriveJar.Result plan = redrive.run("plan", "--output", "json");
      RedriveJar.Result show = redrive.run("show", id);
      RedriveJar.Result stats = redrive.run("ledger", "stats");
      RedriveJar.Result doctor = redrive.run("doctor");
      RedriveJar.Result retry = redrive.run("retry", id);
      recovery.kill();

      assertThat(history.exitCode()).as(history.err()).isEqualTo(ExitCode.OK);
      assertThat(history.out()).contains("running");
      assertThat(last.json()).hasSize(30);
      assertThat(plan.exitCode()).as(plan.err()).isEqualTo(ExitCode.OK);
      assertThat(show.out()).contains("State").contains("running");
      assertThat(stats.out()).contains("Runs that are alive now:");
      assertThat(doctor.out()).contains("1 alive now");
      assertThat(retry.exitCode()).as(retry.out()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(retry.out()).contains("which is alive");
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(3);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }
}
