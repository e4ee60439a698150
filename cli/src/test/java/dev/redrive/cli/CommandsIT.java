package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as scripts see it: what belongs to the process, and all that it writes. */
public class CommandsIT {
  @TempDir private Path folder;
  private RedriveJar redrive;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
  }

  @Test
  void aWrongKey_endsWithOneAndOneLineThatSaysWhatToDo() {
    try (var fake = FakeBaanx.start()) {
      fake.failures(5);
      redrive.at("baanx", fake.baseUrl(), "wrong-key-4711");
      for (String[] command : new String[][] {{"failures"}, {"recover", "--yes"}}) {
        RedriveJar.Result result = redrive.run(command);

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err())
            .contains("HTTP 401")
            .contains("Check that the key is valid")
            .doesNotContain("wrong-key-4711");
      }
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
    }
  }

  @Test
  void noNetwork_endsWithOneAndWithoutAStackTrace() {
    redrive.at("voiso", "http://127.0.0.1:9", "key");

    RedriveJar.Result result = redrive.run("failures");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("Voiso: list failures failed").doesNotContain("\tat ");
    assertThat(redrive.run("failures", "-v", "-v").err()).contains("\tat ");
  }

  @Test
  void aFullDiskUnderStdout_isAFailure_andAReaderThatLeavesIsNone() {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      redrive.at("chatt2me", fake);
      String[] failures = {"failures"};

      RedriveJar.Result full = redrive.onTerminal(">/dev/full", failures).await();
      RedriveJar.Result left = redrive.onTerminal("| head -n 1", failures).await();

      assertThat(full.exitCode()).as(full.out()).isEqualTo(ExitCode.FAILED);
      assertThat(full.out())
          .contains("not all results could be written to stdout: No space left on device");
      assertThat(left.out()).startsWith("TIME ").doesNotContain("not all results");
    }
  }

  @Test
  void aLedgerInUse_isSharedWithTheOtherProcess() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      fake.endpoint().up();
      redrive.at("chatt2me", fake);
      try (var other = dev.redrive.ledger.jdbc.JdbcLedger.open(redrive.ledger())) {
        RedriveJar.Result result = redrive.run("recover", "--yes");

        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(other.runs(1)).hasSize(1);
      }
      assertThat(fake.endpoint().resends()).isEqualTo(5);
    }
  }

  @Test
  void recover_withoutTerminalAndYes_isAUsageErrorThatNamesTheCure() {
    try (var fake = FakeChatt2me.start()) {
      RedriveJar.Result result = redrive.at("chatt2me", fake).run("recover");

      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains("--yes").contains("Usage: redrive recover");
      assertThat(fake.requestCount()).isZero();
    }
  }

  @Test
  void aKeyFileThatOthersCanRead_isWarnedOf() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      Path key = Files.writeString(folder.resolve("key"), fake.apiKey() + "\n");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      redrive.at("chatt2me", fake.baseUrl(), "");

      RedriveJar.Result warned = redrive.run("webhooks", "--api-key-file", key.toString());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      RedriveJar.Result quiet = redrive.run("webhooks", "--api-key-file", key.toString());

      assertThat(warned.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(warned.err()).contains("warning: others can read the key").contains("chmod 600");
      assertThat(quiet.err()).isEmpty();
      assertThat(quiet.out().lines()).hasSize(4);
    }
  }
}
