package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.RetryOutcome;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Fakes;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code show} tells of one delivery. */
class ShowCommandTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void tool() {
    tool = new ToolFolder(folder);
  }

  @Test
  void withoutAConnection_theLedgerTellsAll() {
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one");
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.UNKNOWN);
      ToolFolder.finish(ledger, "run-1");
    }

    RedriveJar.Result table = tool.local("show", "one");
    JsonNode json = tool.local("show", "one-new", "--output", "json").json().get(0);

    assertThat(table.exitCode()).as(table.err()).isEqualTo(ExitCode.OK);
    assertThat(table.out())
        .contains("Delivery one at chatt2me:test\n")
        .contains("  Event          message.created, e-one\n")
        .contains("  State          unknown at 2026-03-01T10:01:00Z: the logs do not tell\n")
        .contains("  First failure  2026-03-01T10:00:00Z, server error (HTTP 503)\n")
        .contains(
            "run-1  2026-03-01T10:00:00Z  2026-03-01T10:01:00Z  unknown: the logs do not tell\n")
        .contains("Next: Ask the receiver whether it arrived")
        .doesNotContain("Attempts that the provider shows");
    assertThat(json.get("id").asText()).isEqualTo("one");
    assertThat(json.get("state").asText()).isEqualTo("UNKNOWN");
    assertThat(json.get("providerAsked").asBoolean()).isFalse();
    assertThat(json.get("runs").get(0).get("run").asText()).isEqualTo("run-1");
  }

  @Test
  void eachRetryIsTold_withItsRunAndWhatCameOfIt() {
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one");
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.FAILED_AGAIN);
      ToolFolder.finish(ledger, "run-1");
      ledger.admin().resolve(ToolFolder.failed("one").key(), LedgerAdmin.Resolution.SEND_AGAIN);
      ToolFolder.begin(ledger, "run-2", "one");
      ToolFolder.settle(ledger, "run-2", RetryOutcome.Status.DELIVERED);
      ToolFolder.finish(ledger, "run-2");
    }

    RedriveJar.Result table = tool.local("show", "one");
    JsonNode retries = tool.local("show", "one", "--output", "json").json().get(0).get("retries");

    assertThat(table.out())
        .contains(
            """
            Retries, the oldest first:
              RUN    REQUESTED             SETTLED               RESULT
              run-1  2026-03-01T10:00:00Z  2026-03-01T10:01:00Z  failed again: server error (HTTP 500)
              run-2  2026-03-01T10:00:00Z  2026-03-01T10:01:00Z  delivered
            """);
    assertThat(retries)
        .extracting(retry -> retry.get("run").asText())
        .containsExactly("run-1", "run-2");
    assertThat(retries.get(0).get("state").asText()).isEqualTo("FAILED_AGAIN");
    assertThat(retries.get(0).get("httpStatus").asInt()).isEqualTo(500);
    assertThat(retries.get(1).get("cause").isNull()).isTrue();
  }

  @Test
  void whatIsUnknownToAll_isSaid() {
    RedriveJar.Result noLedger = tool.local("show", "nosuch");
    tool.ledger().close();
    RedriveJar.Result unknown = tool.local("show", "nosuch");

    assertThat(noLedger.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err())
        .contains("nothing is known of nosuch")
        .contains("--provider and its options ask the provider, too");
  }

  @Test
  void withoutAnId_isAUsageError() {
    assertThat(tool.local("show").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void withAConnection_theProviderIsAsked_andNothingIsSent(String provider) {
    try (FakeProvider fake = Fakes.start(provider)) {
      String id = fake.failures(3).get(1);

      RedriveJar.Result result = tool.at(provider, fake, "show", id, "--output", "json");
      RedriveJar.Result nosuch =
          tool.at(provider, fake, "show", "11111111-2222-4333-8444-555555555555");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      JsonNode json = result.json().get(0);
      assertThat(json.get("id").asText()).isEqualTo(id);
      assertThat(json.get("state").isNull()).isTrue();
      assertThat(json.get("providerAsked").asBoolean()).isTrue();
      assertThat(json.get("attempts")).isNotEmpty();
      assertThat(json.get("next").asText()).contains("'redrive retry'");
      assertThat(nosuch.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(nosuch.err()).contains("the provider does not show it");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      assertThat(tool.ledgerFile()).doesNotExist();
    }
  }

  @Test
  void theAttemptsOfOneDelivery_areThoseOfItsLineage() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(9).get(4);
      fake.endpoint().down(503);
      JsonNode retried = tool.at("chatt2me", fake, "retry", id, "--output", "json").json().get(0);

      RedriveJar.Result table = tool.at("chatt2me", fake, "show", id);
      JsonNode json = tool.at("chatt2me", fake, "show", id, "--output", "json").json().get(0);

      assertThat(json.get("attempts"))
          .extracting(attempt -> attempt.get("logId").asText())
          .containsExactlyInAnyOrder(id, retried.get("newLogId").asText());
      assertThat(json.get("state").asText()).isEqualTo("FAILED_AGAIN");
      assertThat(json.get("sends").asInt()).isEqualTo(1);
      assertThat(json.get("remark").isNull()).isTrue();
      assertThat(table.out())
          .contains("Attempts that the provider shows:")
          .contains("failed again")
          .contains("'redrive retry' sends it once more");
    }
  }

  @Test
  void whatWasDeliveredElsewhere_isToTellTheLedger() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.delivery().add();
      fake.endpoint().down(503);
      assertThat(tool.at("chatt2me", fake, "retry", id).exitCode())
          .isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      fake.endpoint().up();
      ToolFolder other = new ToolFolder(folder.resolve("other"));
      assertThat(folder.resolve("other").toFile().mkdir()).isTrue();
      assertThat(other.at("chatt2me", fake, "retry", id).exitCode()).isEqualTo(ExitCode.OK);

      RedriveJar.Result result = tool.at("chatt2me", fake, "show", id);

      assertThat(result.out())
          .contains("'redrive ledger resolve " + id + " --as delivered' tells the ledger");
    }
  }

  @Test
  void aLongList_isReadToABound_andThatIsSaid() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(Attempts.MOST_ROWS + 100).get(500);

      RedriveJar.Result result = tool.at("chatt2me", fake, "show", id);

      assertThat(result.out() + result.err())
          .contains("only the first 1000 rows of the provider's list were read");
    }
  }

  @Test
  void aWrongKey_endsWithOne() {
    try (var fake = FakeChatt2me.start()) {
      RedriveJar.Result result = tool.at("chatt2me", fake.baseUrl(), "wrong", "show", "some-id");

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.err()).contains("401").doesNotContain("wrong");
    }
  }
}
