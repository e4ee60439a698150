package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ReportOf;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run as the ledger knows it. */
class ReportCommandTest {
  private static final Account ACCOUNT = ReportOf.ACCOUNT;
  private static final Instant NOW = ReportOf.NOW;
  private static final String RUN = "20260301-120000-1a2b";

  @TempDir private Path folder;
  private Path ledger;
  private Path page;

  @BeforeEach
  void files() {
    ledger = folder.resolve("ledger.db");
    page = folder.resolve("page.html");
  }

  @Test
  void killedRun_hasAPage_thatSaysSo_andHowToGoOn() throws Exception {
    begin(RUN, 5, 2);
    lastSeen(NOW.plusSeconds(60));

    RedriveJar.Result result = report(RUN);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .isEqualTo("The report of run " + RUN + ", which was broken off, is in " + page + "\n");
    assertThat(page)
        .content()
        .contains("<h1>Broken off: 2 of 5 delivered</h1>", "last seen alive at 12:0")
        .contains("it was killed, or its machine failed", "3 left")
        .contains("redrive recover --provider voiso")
        .contains("--ledger " + ledger)
        .contains("<code>" + ledger + "</code>");
  }

  @Test
  void runThatGoesOnElsewhere_hasAPage_whereNothingIsLeftYet() throws IOException {
    try (RetryLedger other = JdbcLedger.open(ledger)) {
      begin(other, RUN, 5, 2);

      RedriveJar.Result result = report("last");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      assertThat(result.out()).contains("which is still running,");
    }
    assertThat(page)
        .content()
        .contains("<h1>Still running: 2 of 5 delivered so far</h1>", "under way")
        .contains("redrive report " + RUN)
        .doesNotContain("3 left", "redrive recover");
  }

  @Test
  void whatLaterRunsDelivered_isTold() throws IOException {
    try (RetryLedger state = JdbcLedger.open(ledger)) {
      begin(state, RUN, 5, 2);
      var counts = new DeliveryCounts(5, Map.of(), 1, 0, 4, 0, 0, 0);
      state.finish(RUN, NOW.plusSeconds(30), RecoveryReport.End.FINISHED, counts);
    }

    report(RUN);

    assertThat(page)
        .content()
        .contains("<h1>1 of 5 delivered</h1>", "12:00:00 to 12:00:30 UTC, 30 s")
        .contains("Since the run ended, 1 more delivery has been delivered")
        .contains("the ledger does not keep");
  }

  @Test
  void withoutAFile_theNameSaysWhichRun() throws IOException {
    begin(RUN, 1, 1);
    Path expected = Path.of("redrive-" + RUN + ".html");
    try {
      RedriveJar.Result result =
          CommandLineTool.run("report", "2026", "--ledger", ledger.toString());

      assertThat(result.out()).endsWith("is in " + expected + "\n");
      assertThat(expected).exists();
    } finally {
      Files.deleteIfExists(expected);
    }
  }

  @Test
  void aRunIsNamedByItsBeginning_ifThatFitsOneAlone() throws IOException {
    begin(RUN, 1, 1);
    begin("20260301-130000-3c4d", 1, 1);

    assertThat(report("20260301-13").out()).contains("run 20260301-130000-3c4d");
    assertThat(report("last").out()).contains("run 20260301-130000-3c4d");

    RedriveJar.Result several = report("2026");
    assertThat(several.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(several.err())
        .startsWith("redrive: '2026' is the beginning of 2 runs (20260301-130000-3c4d, " + RUN)
        .contains("type more of it");
  }

  @Test
  void unknownRun_orNoLedger_isAnError_andWritesNothing() throws IOException {
    assertThat(report("last").err())
        .isEqualTo("redrive: there is no ledger at " + ledger + ": check --ledger\n");
    begin(RUN, 1, 1);

    RedriveJar.Result unknown = report("2027");

    assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err())
        .isEqualTo(
            "redrive: there is no run 2027 in " + ledger + ": 'redrive history' lists them\n");
    assertThat(page).doesNotExist();
  }

  private RedriveJar.Result report(String run) {
    return CommandLineTool.run(
        "report", run, "--report", page.toString(), "--ledger", ledger.toString());
  }

  private void begin(String run, int found, int delivered) {
    try (RetryLedger state = JdbcLedger.open(ledger)) {
      begin(state, run, found, delivered);
    }
  }

  /** All are sent; so many are delivered, and the outcome of the others is not known yet. */
  private static void begin(RetryLedger state, String run, int found, int delivered) {
    state.begin(new LedgerRun(run, List.of(ACCOUNT), NOW));
    state.admit(
        run,
        ACCOUNT,
        IntStream.range(0, found).mapToObj(i -> failure(run + "-" + i)).toList(),
        RetryLedger.Round.FIRST);
    List<LedgerEntry> claimed =
        state.claim(run, ACCOUNT, RetryLedger.Grouping.ANY, found, NOW, Duration.ofMinutes(1));
    state.record(
        run,
        claimed,
        claimed.stream().map(e -> RetryResult.accepted(e.delivery(), null, NOW)).toList());
    List<LedgerEntry> open = state.unsettled(run, ACCOUNT, 0, delivered);
    state.settle(
        run,
        open,
        open.stream().map(e -> RetryOutcome.of(e.toResult(), attempt(e.key().id()))).toList(),
        NOW);
  }

  private void lastSeen(Instant time) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + ledger);
        Statement statement = database.createStatement()) {
      statement.executeUpdate(
          "UPDATE redrive_run SET seen_at = " + time.getEpochSecond() * 1_000_000);
    }
  }

  private static FailedDelivery failure(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(key(id), DeliveryStatus.FAILED)
            .event("event-" + id, "call.ended")
            .httpStatus(500)
            .createdAt(NOW.minusSeconds(600))
            .build());
  }

  private static WebhookLog attempt(String id) {
    return WebhookLog.builder(key(id), DeliveryStatus.SUCCEEDED)
        .logId(id + "-2")
        .httpStatus(200)
        .createdAt(NOW)
        .build();
  }

  private static DeliveryKey key(String id) {
    return new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), id);
  }
}
