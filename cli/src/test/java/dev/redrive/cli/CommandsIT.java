package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar as scripts see it: exit codes, stdout, stderr. */
public class CommandsIT {
  @TempDir private Path folder;
  private RedriveJar redrive;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
  }

  @Test
  void history_listsRunsNewestFirstAndWhatBecameOfEachDelivery() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(3);
      fake.endpoint().up();
      redrive.at("chatt2me", fake);
      String run =
          redrive.run("recover", "--yes", "--output", "json").json().get(0).get("run").asText();
      assertThat(redrive.run("recover", "--yes", "--again").exitCode()).isEqualTo(ExitCode.OK);

      List<JsonNode> runs = redrive.run("history", "--output", "json").json();
      List<String> deliveries = redrive.run("history", run).out().lines().toList();

      assertThat(runs).extracting(line -> line.get("delivered").asInt()).containsExactly(0, 3);
      assertThat(runs.get(1).get("run").asText()).isEqualTo(run);
      assertThat(runs).extracting(line -> line.get("end").asText()).containsOnly("FINISHED");
      assertThat(deliveries).hasSize(4);
      assertThat(deliveries.subList(1, 4)).allMatch(line -> line.contains("DELIVERED"));
      assertThat(redrive.run("history", "no-such-run").exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void planAndDryRun_sendNothingAndWriteNothing() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(60);
      redrive.at("chatt2me", fake);

      RedriveJar.Result plan = redrive.run("plan", "--output", "json");
      RedriveJar.Result dryRun = redrive.run("recover", "--dry-run", "--cause", "server-error");

      assertThat(plan.exitCode()).as(plan.err()).isEqualTo(ExitCode.OK);
      JsonNode fields = plan.json().get(0);
      assertThat(fields.get("toSend").asInt()).isEqualTo(60);
      assertThat(fields.get("requests").asInt()).isBetween(2, 10);
      assertThat(fields.get("byCause").get("SERVER_ERROR").asInt()).isPositive();
      assertThat(dryRun.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(dryRun.out())
          .contains("deliveries to send")
          .contains(dev.redrive.FailureCause.SERVER_ERROR.advice())
          .doesNotContain("NO_RESPONSE");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      assertThat(redrive.ledger()).doesNotExist();
    }
  }

  @Test
  void retry_tellsResultAndOutcomeOfEach() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      List<String> ids = fake.failures(5);
      fake.endpoint().up().answer(ids.get(1), 500);
      redrive.at("voiso", fake);

      RedriveJar.Result result =
          redrive.run("retry", ids.get(0), ids.get(1), "nosuchid", "--output", "json");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json().stream().map(line -> line.get("result").asText()))
          .containsExactly("ACCEPTED", "ACCEPTED", "NOT_FOUND");
      assertThat(result.json().stream().map(line -> line.get("outcome").asText()))
          .containsExactly("DELIVERED", "FAILED_AGAIN", "null");
      assertThat(result.json().get(1).get("advice").asText()).contains("look at its log");
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
      assertThat(redrive.run("retry", ids.get(2)).exitCode()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void retry_whenItWasDeliveredBefore_isNotSentAgain() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(3).get(1);
      fake.endpoint().up();
      redrive.at("chatt2me", fake);
      assertThat(redrive.run("retry", id).exitCode()).isEqualTo(ExitCode.OK);

      RedriveJar.Result again = redrive.run("retry", id);
      RedriveJar.Result rest = redrive.run("recover", "--yes", "--output", "json");

      assertThat(again.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(again.out()).contains("SKIPPED").contains("the ledger says delivered at");
      assertThat(rest.json().get(0).get("skipped").get("ALREADY_DELIVERED").asInt()).isEqualTo(1);
      assertThat(fake.endpoint().resends()).isEqualTo(3);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
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
  void aLedgerThatIsNone_isSaidBeforeAnythingIsSent() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      redrive.at("chatt2me", fake);
      Files.createDirectories(redrive.ledger().getParent());
      Files.writeString(redrive.ledger(), "no ledger".repeat(100));

      RedriveJar.Result result = redrive.run("recover", "--yes");

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.err()).contains("is corrupt").contains("may be sent again");
      assertThat(fake.requestCount()).isZero();
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void planAndDryRun_workWhereWebhooksCannotBeListed(boolean oneWebhook) {
    // Chatt2.me lists failures webhook by webhook, unless it is asked for one.
    String provider = oneWebhook ? "chatt2me" : "voiso";
    try (FakeProvider fake = Fakes.start(provider)) {
      fake.failures(20);
      fake.endpoint().up();
      fake.faults().on(Operation.WEBHOOKS).always().inject(Fault.status(404));
      redrive.at(provider, fake);
      String[] webhook =
          oneWebhook ? new String[] {"--webhook", fake.webhookIds().get(0)} : new String[0];

      for (String[] command :
          new String[][] {{"plan"}, {"recover", "--dry-run"}, {"recover", "--yes"}}) {
        var words = new java.util.ArrayList<>(List.of(command));
        words.addAll(List.of(webhook));
        RedriveJar.Result result = redrive.run(words.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      }
    }
  }

  @Test
  void aRejectedRetry_isCalledRejected() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      String id = fake.failures(3).get(0);
      fake.faults().on(Operation.RETRY).always().inject(Fault.status(422));

      RedriveJar.Result result = redrive.at("voiso", fake).run("retry", id, "--output", "json");

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json().get(0).get("result").asText()).isEqualTo("REJECTED");
      assertThat(result.json().get(0).get("outcome").asText()).isEqualTo("REJECTED");
    }
  }
}
