package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that follow one another on one ledger: exit codes, stdout, stderr. */
class CommandsTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void folder() {
    tool = new ToolFolder(folder);
  }

  @Test
  void history_listsRunsNewestFirstAndWhatBecameOfEachDelivery() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(3);
      fake.endpoint().up();
      String run =
          tool.at("chatt2me", fake, "recover", "--yes", "--output", "json")
              .json()
              .get(0)
              .get("run")
              .asText();
      assertThat(tool.at("chatt2me", fake, "recover", "--yes", "--again").exitCode())
          .isEqualTo(ExitCode.OK);

      List<JsonNode> runs = tool.local("history", "--output", "json").json();
      List<String> deliveries = tool.local("history", run).out().lines().toList();

      assertThat(runs).extracting(line -> line.get("delivered").asInt()).containsExactly(0, 3);
      assertThat(runs.get(1).get("run").asText()).isEqualTo(run);
      assertThat(runs).extracting(line -> line.get("end").asText()).containsOnly("FINISHED");
      assertThat(deliveries).hasSize(4);
      assertThat(deliveries.subList(1, 4)).allMatch(line -> line.contains("DELIVERED"));
      assertThat(tool.local("history", "no-such-run").exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void planAndDryRun_sendNothingAndWriteNothing() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(60);

      RedriveJar.Result plan = tool.at("chatt2me", fake, "plan", "--output", "json");
      RedriveJar.Result dryRun =
          tool.at("chatt2me", fake, "recover", "--dry-run", "--cause", "server-error");

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
      assertThat(tool.ledgerFile()).doesNotExist();
    }
  }

  @Test
  void retry_tellsResultAndOutcomeOfEach() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      List<String> ids = fake.failures(5);
      fake.endpoint().up().answer(ids.get(1), 500);

      RedriveJar.Result result =
          tool.at("voiso", fake, "retry", ids.get(0), ids.get(1), "nosuchid", "--output", "json");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json().stream().map(line -> line.get("result").asText()))
          .containsExactly("ACCEPTED", "ACCEPTED", "NOT_FOUND");
      assertThat(result.json().stream().map(line -> line.get("outcome").asText()))
          .containsExactly("DELIVERED", "FAILED_AGAIN", "null");
      assertThat(result.json().get(1).get("advice").asText()).contains("look at its log");
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
      assertThat(tool.at("voiso", fake, "retry", ids.get(2)).exitCode()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void retry_whenItWasDeliveredBefore_isNotSentAgain() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(3).get(1);
      fake.endpoint().up();
      assertThat(tool.at("chatt2me", fake, "retry", id).exitCode()).isEqualTo(ExitCode.OK);

      RedriveJar.Result again = tool.at("chatt2me", fake, "retry", id);
      RedriveJar.Result rest = tool.at("chatt2me", fake, "recover", "--yes", "--output", "json");

      assertThat(again.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(again.out()).contains("SKIPPED").contains("the ledger says delivered at");
      assertThat(rest.json().get(0).get("skipped").get("ALREADY_DELIVERED").asInt()).isEqualTo(1);
      assertThat(fake.endpoint().resends()).isEqualTo(3);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void aLedgerThatIsNone_isSaidBeforeAnythingIsSent() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      Files.writeString(tool.ledgerFile(), "no ledger".repeat(100));

      RedriveJar.Result result = tool.at("chatt2me", fake, "recover", "--yes");

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.err()).contains("is corrupt").contains("may be sent again");
      assertThat(fake.requestCount()).isZero();
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
      String[] webhook =
          oneWebhook ? new String[] {"--webhook", fake.webhookIds().get(0)} : new String[0];

      for (String[] command :
          new String[][] {{"plan"}, {"recover", "--dry-run"}, {"recover", "--yes"}}) {
        var words = new java.util.ArrayList<>(List.of(command));
        words.addAll(List.of(webhook));
        RedriveJar.Result result = tool.at(provider, fake, words.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      }
    }
  }

  @Test
  void aRejectedRetry_isCalledRejected() {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      String id = fake.failures(3).get(0);
      fake.faults().on(Operation.RETRY).always().inject(Fault.status(422));

      RedriveJar.Result result = tool.at("voiso", fake, "retry", id, "--output", "json");

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json().get(0).get("result").asText()).isEqualTo("REJECTED");
      assertThat(result.json().get(0).get("outcome").asText()).isEqualTo("REJECTED");
    }
  }

  @Test
  void aCanaryStop_isSaidInTableJsonAndPage() throws IOException {
    try (var fake = FakeChatt2me.builder().webhooks(1).start()) {
      fake.failures(20);
      fake.endpoint().down(503);
      Path report = folder.resolve("report.html");

      RedriveJar.Result table =
          tool.at("chatt2me", fake, "recover", "--yes", "--report", report.toString());
      RedriveJar.Result json =
          tool.at("chatt2me", fake, "recover", "--yes", "--again", "--output", "json");

      assertThat(table.out()).startsWith("Stopped: 0 of 20 delivered (");
      assertThat(table.out().lines().skip(1).findFirst().orElseThrow())
          .startsWith("Why: none of the first 3");
      assertThat(table.out().lines().reduce((a, b) -> b).orElseThrow()).startsWith("Run 20");
      assertThat(json.json().get(0).get("end").asText()).isEqualTo("STOPPED");
      assertThat(report).content().contains("<h1>Stopped: 0 of 20 delivered</h1>");
    }
  }

  @Test
  void whatAnEarlierRunLeft_isSentAlong_unlessItIsLeftOut() {
    try (var fake = FakeChatt2me.builder().webhooks(1).start()) {
      List<String> ids = fake.failures(10);
      fake.endpoint().down(503);
      assertThat(tool.at("chatt2me", fake, "recover", "--yes").exitCode())
          .isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(fake.endpoint().resends()).isEqualTo(3);
      fake.endpoint().up();

      tool.at("chatt2me", fake, "retry", ids.get(9));
      assertThat(fake.endpoint().resends()).isEqualTo(4);
      tool.at("chatt2me", fake, "recover", "--yes", "--no-resume", "--until", "1000d");
      assertThat(fake.endpoint().resends()).isEqualTo(4);
      tool.at("chatt2me", fake, "recover", "--yes", "--until", "1000d");
      assertThat(fake.endpoint().resends()).isEqualTo(10);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }
}
