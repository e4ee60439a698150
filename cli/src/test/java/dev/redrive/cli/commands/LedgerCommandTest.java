package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.RetryOutcome;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger path}, {@code stats}, {@code resolve} and {@code purge}. */
class LedgerCommandTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void tool() {
    tool = new ToolFolder(folder);
  }

  private void fill() {
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one", "two", "three");
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.DELIVERED);
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.UNKNOWN);
    }
  }

  private DeliveryState state(String id) {
    try (RetryLedger ledger = tool.ledger()) {
      return ledger.admin().find(ToolFolder.failed(id).key()).orElseThrow().entry().state();
    }
  }

  @Test
  void ledgerAlone_namesItsCommands() {
    RedriveJar.Result result = CommandLineTool.run("ledger");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("path, stats, resolve, purge, stop");
    assertThat(CommandLineTool.run("ledger", "nosuch").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void path_isOneLine_andSaysWhetherAFileIsThere() {
    RedriveJar.Result before = tool.local("ledger", "path");
    fill();
    RedriveJar.Result after = tool.local("ledger", "path");
    RedriveJar.Result json = tool.local("ledger", "path", "--output", "json");

    assertThat(before.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(before.out()).isEqualTo(tool.ledgerFile() + "\n");
    assertThat(before.err()).contains("does not exist yet");
    assertThat(after.err()).isEmpty();
    assertThat(json.json().get(0).get("exists").asBoolean()).isTrue();
  }

  @Test
  void path_ofADatabase_showsNoCredentials() {
    RedriveJar.Result result =
        CommandLineTool.run("ledger", "path", "--ledger", "postgresql://ops:hunter2@db/redrive");

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).isEqualTo("postgresql://db/redrive\n");
  }

  @Test
  void stats_countsByAccountAndState_andNamesRunsThatAreAlive() {
    fill();

    RedriveJar.Result table = tool.local("ledger", "stats");
    JsonNode json = tool.local("ledger", "stats", "--output", "json").json().get(0);

    assertThat(table.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(table.out())
        .contains("Deliveries  3\n")
        .contains("Runs        1, the oldest of 2026-03-01T10:00:00Z\n")
        .contains("schema 2")
        .contains("chatt2me:test")
        .contains("Runs that are alive now:\n")
        .contains("run-1");
    assertThat(table.out().lines()).allMatch(line -> line.length() <= 80 || line.contains("/"));
    assertThat(json.get("bytes").asLong()).isPositive();
    assertThat(json.get("byAccount").get(0).get("states").get("UNKNOWN").asInt()).isEqualTo(1);
    assertThat(json.get("byAccount").get(0).get("states").get("NOT_SENT").asInt()).isEqualTo(1);
    assertThat(json.get("alive").get(0).asText()).isEqualTo("run-1");
  }

  @Test
  void withoutALedger_thereIsNothingToShowOrToChange() {
    for (String[] command :
        new String[][] {
          {"ledger", "stats"},
          {"ledger", "resolve", "one", "--as", "delivered", "--yes"},
          {"ledger", "stop", "last"},
          {"ledger", "purge", "--before", "1d", "--yes"}
        }) {
      RedriveJar.Result result = tool.local(command);

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.err()).contains("there is no ledger at " + tool.ledgerFile());
    }
    assertThat(tool.ledgerFile()).doesNotExist();
  }

  @Test
  void resolve_saysWhatItWouldDo_andAsks() {
    fill();

    RedriveJar.Result no = tool.typing("n\n", "ledger", "resolve", "two", "--as", "delivered");
    assertThat(state("two")).isEqualTo(DeliveryState.UNKNOWN);
    RedriveJar.Result yes = tool.typing("y\n", "ledger", "resolve", "two", "--as", "delivered");

    assertThat(no.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
    assertThat(no.err())
        .contains("chatt2me:test:two is unknown now. Count it as delivered")
        .contains("Nothing is changed.");
    assertThat(yes.exitCode()).as(yes.err()).isEqualTo(ExitCode.OK);
    assertThat(state("two")).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void resolve_sendAgain_queuesIt() {
    fill();

    RedriveJar.Result result =
        tool.local("ledger", "resolve", "one", "--as", "send-again", "--yes");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.err()).contains("It is queued now: 'redrive recover' sends it.");
    assertThat(state("one")).isEqualTo(DeliveryState.FOUND);
  }

  @Test
  void resolve_whatCannotBe_changesNothingAndSaysWhy() {
    fill();
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.send(ledger, "run-1");
    }

    RedriveJar.Result underWay =
        tool.local("ledger", "resolve", "three", "--as", "delivered", "--yes");
    RedriveJar.Result unknown =
        tool.local("ledger", "resolve", "nosuch", "--as", "delivered", "--yes");
    RedriveJar.Result elsewhere =
        tool.local("ledger", "resolve", "one", "--as", "delivered", "--yes", "--provider", "baanx");

    assertThat(underWay.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(underWay.err()).contains("wait until its run has ended");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("nosuch is not in the ledger");
    assertThat(elsewhere.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(state("three")).isEqualTo(DeliveryState.ACCEPTED);
  }

  @Test
  void wrongCommandLines_areUsageErrors() {
    fill();

    RedriveJar.Result noTerminal = tool.local("ledger", "resolve", "two", "--as", "delivered");
    RedriveJar.Result noState = tool.local("ledger", "resolve", "two", "--as", "lost", "--yes");
    RedriveJar.Result noRetention = tool.local("ledger", "purge", "--before", "1d", "--yes");

    assertThat(noTerminal.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noTerminal.err()).contains("no terminal to ask on: add --yes");
    assertThat(noState.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noState.err()).contains("unknown state 'lost': use delivered or send-again");
    assertThat(noRetention.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noRetention.err())
        .contains("Chatt2.me does not document how long it lists a failure")
        .contains("--listed-for 60d");
    assertThat(state("two")).isEqualTo(DeliveryState.UNKNOWN);
  }

  @Test
  void purge_forgetsWhatIsSettled_onceItIsApproved() {
    fill();
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.finish(ledger, "run-1");
    }
    String[] command = {"ledger", "purge", "--before", "0s", "--listed-for", "0s"};

    RedriveJar.Result no = tool.typing("n\n", command);
    RedriveJar.Result early =
        tool.local("ledger", "purge", "--before", "1d", "--listed-for", "60d", "--yes");
    RedriveJar.Result yes = tool.typing("y\n", command);

    assertThat(no.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
    assertThat(no.err()).contains("among 3 deliveries of chatt2me:test?");
    assertThat(early.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(early.err()).contains("may still be listed");
    assertThat(yes.exitCode()).as(yes.err()).isEqualTo(ExitCode.OK);
    assertThat(yes.err()).contains("Forgotten: 2 deliveries, 0 runs and 0 windows of catch-ups.");
    assertThat(state("three")).isEqualTo(DeliveryState.FOUND);
  }

  @Test
  void stop_asksARunThatIsActive_andSaysWhatThatDoes() {
    fill();

    RedriveJar.Result first = tool.local("ledger", "stop", "run");
    try (RetryLedger ledger = tool.ledger()) {
      assertThat(ledger.alive("run-1")).as("it goes on").isFalse();
      ToolFolder.finish(ledger, "run-1");
    }
    RedriveJar.Result second = tool.local("ledger", "stop", "last");

    assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
    assertThat(first.err())
        .isEqualTo(
            "Run run-1 stops within a few seconds: nothing more goes out, and the rest stays"
                + " queued. 'redrive recover' goes on with it.\n");
    assertThat(second.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(second.err()).isEqualTo("Run run-1 has ended: there is nothing to stop.\n");
    assertThat(tool.local("ledger", "stop", "nosuch").err()).contains("there is no run nosuch");
  }

  @Test
  void stop_ofARunThatWasKilled_isSaid() throws SQLException {
    fill();
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + tool.ledgerFile());
        Statement statement = database.createStatement()) {
      statement.executeUpdate("UPDATE redrive_run SET seen_at = 0");
    }

    assertThat(tool.local("ledger", "stop", "last").err())
        .startsWith("Run run-1 was killed: there is nothing to stop.");
  }

  @Test
  void purge_ofAnAccountThatIsNotThere_isSaid() {
    fill();

    RedriveJar.Result result =
        tool.local("ledger", "purge", "--before", "1d", "--provider", "voiso", "--yes");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("has no such account");
  }
}
