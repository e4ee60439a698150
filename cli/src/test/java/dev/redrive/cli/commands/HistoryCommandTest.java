package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RetryOutcome;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code history} tells, and how runs and states are named. */
class HistoryCommandTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void ledger() {
    tool = new ToolFolder(folder);
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "20260301-a1", "one", "two");
      ToolFolder.settle(ledger, "20260301-a1", RetryOutcome.Status.DELIVERED);
      ToolFolder.settle(ledger, "20260301-a1", RetryOutcome.Status.FAILED_AGAIN);
      ToolFolder.finish(ledger, "20260301-a1");
      ToolFolder.begin(ledger, "20260302-b2", "three", "four", "five");
      ToolFolder.settle(ledger, "20260302-b2", RetryOutcome.Status.UNKNOWN);
      ToolFolder.settle(ledger, "20260302-b2", RetryOutcome.Status.FAILED_AGAIN);
    }
  }

  @Test
  void aRunThatIsAlive_isSaidToRun_withItsCountsSoFar() {
    try (RetryLedger other = tool.ledger()) {
      assertThat(other.alive("20260302-b2")).isTrue();

      RedriveJar.Result table = tool.local("history");
      RedriveJar.Result json = tool.local("history", "--output", "json");

      assertThat(table.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(table.out().lines().toList().get(1))
          .startsWith("20260302-b2")
          .contains("running")
          .containsPattern(" running +3 +0 +3 +- ");
      assertThat(table.out().lines().toList().get(2)).contains("finished");
      assertThat(json.json().get(0).get("alive").asBoolean()).isTrue();
      assertThat(json.json().get(0).get("unknown").asInt()).isEqualTo(1);
      assertThat(json.json().get(0).get("notSent").asInt()).isEqualTo(1);
      assertThat(json.json().get(1).get("alive").asBoolean()).isFalse();
    }
  }

  @Test
  void onATerminal_noLineIsWiderThanIt() {
    String id = "20260303-120000-0123456789abcdef";
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, id, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff");
      ToolFolder.settle(ledger, id, RetryOutcome.Status.UNKNOWN);
    }

    for (String[] command : new String[][] {{"history"}, {"history", "last"}, {"doctor"}}) {
      assertThat(tool.onTerminal(80, command).out().lines())
          .as(String.join(" ", command))
          .hasSizeGreaterThan(3)
          .allMatch(line -> line.length() <= 80);
    }
    assertThat(tool.onTerminal(80, "history").out())
        .contains(id)
        .containsSubsequence("RUN ", "STARTED ", "END ", "\n    DELIVERED  ", "ACCOUNTS\n");
  }

  @ParameterizedTest
  @CsvSource({"last,3", "20260302-b2,3", "20260302,3", "20260301,2"})
  void aRun_isNamedByItsId_aBeginningOfIt_orLast(String name, int deliveries) {
    RedriveJar.Result result = tool.local("history", name, "--output", "json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.json()).hasSize(deliveries);
  }

  @Test
  void aNameOfNoRun_orOfSeveral_isSaid() {
    RedriveJar.Result unknown = tool.local("history", "2027");
    RedriveJar.Result several = tool.local("history", "2026");

    assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("there is no run 2027").contains("'redrive history'");
    assertThat(several.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(several.err()).contains("20260302-b2, 20260301-a1").contains("type more of it");
    assertThat(unknown.out() + several.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "failed-again,1",
    "FAILED_AGAIN,1",
    "'failed-again,unknown',2",
    "'unknown,not-sent',2",
    "rejected,0"
  })
  void deliveries_byState(String states, int count) {
    RedriveJar.Result result = tool.local("history", "last", "--state", states, "--output", "json");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.json()).hasSize(count);
    assertThat(result.err())
        .isEqualTo(count == 0 ? "run 20260302-b2 has no deliveries in rejected\n" : "");
  }

  @Test
  void aStateThatIsNone_orWithoutARun_isAUsageError() {
    RedriveJar.Result wrong = tool.local("history", "last", "--state", "lost");
    RedriveJar.Result alone = tool.local("history", "--state", "unknown");

    assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err())
        .contains("unknown state 'lost': use one of delivered, failed-again, pending")
        .doesNotContain("skipped");
    assertThat(alone.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(alone.err()).contains("--state is for the deliveries of a run");
  }
}
