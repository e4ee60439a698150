package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.RetryOutcome;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Fakes;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code doctor} finds. */
class DoctorCommandTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void tool() {
    tool = new ToolFolder(folder);
  }

  private static JsonNode check(RedriveJar.Result result, String name) {
    return result.json().stream()
        .filter(line -> line.get("check").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(result));
  }

  private static String verdict(RedriveJar.Result result, String name) {
    return check(result, name).get("verdict").asText();
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void whereAllIsWell_everyLineIsOk_andNothingIsSentOrWritten(String provider) {
    try (FakeProvider fake = Fakes.start(provider)) {
      fake.failures(3);

      RedriveJar.Result table = tool.at(provider, fake, "doctor");
      RedriveJar.Result json = tool.at(provider, fake, "doctor", "--output", "json");

      assertThat(table.exitCode()).as(table.out()).isEqualTo(ExitCode.OK);
      assertThat(table.out().lines()).allMatch(line -> line.startsWith("ok  "));
      assertThat(table.out()).contains("accepted").contains("Java ").contains("none yet at");
      assertThat(json.json()).extracting(line -> line.get("verdict").asText()).containsOnly("ok");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      assertThat(tool.ledgerFile()).doesNotExist();
    }
  }

  @Test
  void aRefusedKey_fails_andSaysWhatToDo() {
    try (var fake = FakeChatt2me.start()) {
      RedriveJar.Result table = tool.at("chatt2me", fake.baseUrl(), "wrong", "doctor");
      RedriveJar.Result json =
          tool.at("chatt2me", fake.baseUrl(), "wrong", "doctor", "--output", "json");

      assertThat(table.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(table.out()).contains("FAIL  key").contains("401").doesNotContain("wrong");
      assertThat(verdict(json, "key")).isEqualTo("FAIL");
      assertThat(check(json, "key").get("advice").asText()).isNotBlank();
      assertThat(json.json()).noneMatch(line -> line.get("check").asText().equals("webhooks"));
    }
  }

  @Test
  void aDisabledWebhook_isWarnedOf() {
    try (var fake = FakeChatt2me.start()) {
      fake.setActive(fake.webhookIds().get(1), false);

      RedriveJar.Result result = tool.at("chatt2me", fake, "doctor", "--output", "json");

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      assertThat(verdict(result, "webhooks")).isEqualTo("warn");
      assertThat(check(result, "webhooks").get("finding").asText()).startsWith("1 of 3 disabled");
    }
  }

  @Test
  void aClockThatIsWrong_isWarnedOf() {
    MutableClock slow = MutableClock.at(Instant.now().plus(Duration.ofMinutes(10)));
    try (var fake = FakeChatt2me.builder().clock(slow).start()) {
      RedriveJar.Result result = tool.at("chatt2me", fake, "doctor", "--output", "json");

      assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(verdict(result, "clock")).isEqualTo("warn");
      assertThat(check(result, "clock").get("finding").asText())
          .matches("this machine is (9|10) min.* behind the provider's clock");
    }
  }

  @Test
  void withoutAnAccount_theLedgerIsChecked_andThatIsSaid() {
    RedriveJar.Result result = tool.local("doctor", "--output", "json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(verdict(result, "key")).isEqualTo("warn");
    assertThat(verdict(result, "ledger")).isEqualTo("ok");
    assertThat(verdict(result, "versions")).isEqualTo("ok");
  }

  @Test
  void aLedgerThatIsShared_namesTheRuns() {
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one", "two");
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.DELIVERED);
      ToolFolder.finish(ledger, "run-1");
      ToolFolder.begin(ledger, "run-2", "three");

      RedriveJar.Result result = tool.local("doctor", "--output", "json");

      assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(check(result, "ledger").get("finding").asText())
          .contains("3 deliveries of 2 runs, schema 2");
      assertThat(verdict(result, "writing")).isEqualTo("ok");
      assertThat(check(result, "runs").get("finding").asText()).isEqualTo("1 alive now: run-2");
    }
  }

  @Test
  void aFileThatIsNoLedger_fails() throws IOException {
    Files.writeString(tool.ledgerFile(), "this is a text file, and no database at all");

    RedriveJar.Result result = tool.local("doctor", "--output", "json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(verdict(result, "ledger")).isEqualTo("FAIL");
  }

  @Test
  void aPlaceWhereNoLedgerCanBe_fails() throws IOException {
    Files.writeString(folder.resolve("file"), "");

    RedriveJar.Result result =
        dev.redrive.cli.CommandLineTool.run(
            "doctor", "--ledger", folder.resolve("file/ledger.db").toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).contains("FAIL  ledger").contains("--ledger or REDRIVE_LEDGER");
  }

  @Test
  void aWrongOption_isAUsageError() {
    assertThat(tool.local("doctor", "--nosuch").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tool.local("doctor", "--account", "x").err()).contains("--provider");
  }
}
