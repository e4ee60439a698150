package dev.redrive.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.FailedCall;
import dev.redrive.NotFoundException;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ReportOf;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.SkipReason;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What happened comes first, then why, and the run's id last. */
class ReportPrinterTest {
  private static final DeliveryCounts NONE_OF_20 =
      new DeliveryCounts(20, Map.of(), 0, 3, 0, 0, 0, 17);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAILED    | 0 | Failed: nothing was sent (42 s)
          FAILED    | 1 | Failed: 0 of 20 delivered (42 s, 1 retry request)
          STOPPED   | 3 | Stopped: 0 of 20 delivered (42 s, 3 retry requests)
          CANCELLED | 0 | Interrupted: nothing was sent (42 s)
          CANCELLED | 3 | Interrupted: 0 of 20 delivered (42 s, 3 retry requests)
          DECLINED  | 0 | Declined: nothing was sent (42 s)
          FINISHED  | 3 | 0 of 20 delivered (42 s, 3 retry requests)
          """)
  void firstLineSaysWhatHappened_andTheLastOneNamesTheRun(End end, long requests, String first) {
    List<String> lines =
        print(new ReportOf(end).counts(NONE_OF_20).requests(requests).build()).lines().toList();

    assertThat(lines.get(0)).isEqualTo(first);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("Run " + ReportOf.RUN);
  }

  @Test
  void theReasonIsTheSecondLine_whereStderrMayGoElsewhere() {
    RecoveryReport report =
        new ReportOf(End.STOPPED).counts(NONE_OF_20).requests(3).problem("it is broken").build();

    assertThat(print(report).lines().skip(1).findFirst()).contains("Why: it is broken");
  }

  @Test
  void aFinishedRunWithoutAnythingToSend_isAnAllClearOnlyIfItSaysSo() {
    assertThat(print(new ReportOf(End.FINISHED).build())).startsWith("Nothing to recover (");
    assertThat(print(new ReportOf(End.FINISHED).outOfSight(4).build()))
        .startsWith("Nothing was sent, and not everything is delivered (");
  }

  @Test
  void whatCouldNotBeDated_isCountedByItsReason() {
    var skipped = Map.of(SkipReason.UNDATED, 5L, SkipReason.EARLIER_ATTEMPT, 2L);
    var counts = new DeliveryCounts(8, skipped, 1, 0, 0, 0, 0, 0);
    RecoveryReport report = new ReportOf(End.FINISHED).counts(counts).requests(1).build();

    assertThat(print(report))
        .contains("skipped 5: " + SkipReason.UNDATED.description())
        .contains("skipped 2: " + SkipReason.EARLIER_ATTEMPT.description());
    JsonNode skippedFields = json(report).get("skipped");
    assertThat(skippedFields.get("UNDATED").asInt()).isEqualTo(5);
    assertThat(skippedFields.get("EARLIER_ATTEMPT").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void json_namesTheEndAsItIs(End end) {
    assertThat(json(new ReportOf(end).build()).get("end").asText()).isEqualTo(end.name());
  }

  @Test
  void ofSeveralProfiles_eachHasALine_andTheFailedOneIsNamedFirst() {
    var other = new Account("baanx", "main");
    var delivered = new DeliveryCounts(5, Map.of(), 5, 0, 0, 0, 0, 0);
    var none = new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0);
    var error = new NotFoundException(FailedCall.withoutAnswer("Voiso", "listing", "gone"), null);
    var report =
        new RecoveryReport(
            ReportOf.RUN,
            ReportOf.NOW,
            Duration.ofSeconds(42),
            End.FAILED,
            delivered,
            Map.of(
                ReportOf.ACCOUNT,
                new RecoveryReport.ForAccount(none, 0, 7),
                other,
                new RecoveryReport.ForAccount(delivered, 1, 0)),
            1,
            0,
            List.of(new RecoveryReport.Problem(ReportOf.ACCOUNT, "gone", error)));
    Map<Account, String> names = new LinkedHashMap<>();
    names.put(ReportOf.ACCOUNT, "voice");
    names.put(other, "cards");
    var printer = new ReportPrinter(report, ReportOf.ledger(), names);
    var bytes = new ByteArrayOutputStream();

    printer.print(CommandLineTool.plain(bytes));
    JsonNode json = RedriveJar.Result.parse(Json.line(printer.fields()));

    assertThat(bytes.toString(UTF_8))
        .startsWith("Failed for voice: 5 of 5 delivered (42 s, 1 retry request)\nWhy: voice: gone")
        .contains("PROFILE  END       FOUND  DELIVERED")
        .contains("voice    failed        0          0")
        .contains("cards    finished      5          5")
        .contains("in all   failed        5          5");
    assertThat(json.get("provider").isNull()).isTrue();
    assertThat(json.get("problems").get(0).asText()).isEqualTo("voice: gone");
    assertThat(json.get("profiles")).hasSize(2);
    assertThat(json.get("profiles").get(0).get("end").asText()).isEqualTo("FAILED");
    assertThat(json.get("profiles").get(0).get("requests").asInt()).isZero();
    assertThat(json.get("profiles").get(0).get("outOfSight").asInt()).isEqualTo(7);
    assertThat(json.get("profiles").get(1).get("requests").asInt()).isEqualTo(1);
    assertThat(json.get("profiles").get(1).get("end").asText()).isEqualTo("FINISHED");
  }

  @ParameterizedTest
  @CsvSource({
    "FINISHED, 0, 0, false, FINISHED",
    "STOPPED, 0, 1, false, STOPPED",
    "STOPPED, 0, 0, false, FINISHED",
    "FAILED, 0, 0, false, FINISHED",
    "FAILED, 0, 1, true, FAILED",
    "DECLINED, 0, 1, true, FAILED",
    "CANCELLED, 0, 0, false, CANCELLED",
    // Left to another run, which is a problem of the account and does not stop it.
    "STOPPED, 4, 1, false, FINISHED",
    "STOPPED, 4, 2, false, STOPPED"
  })
  void theEndOfOneProfile_isItsOwn(
      End run, long leftToOthers, int problems, boolean isError, End expected) {
    var error = new NotFoundException(FailedCall.withoutAnswer("Voiso", "listing", "gone"), null);
    Map<SkipReason, Long> skipped =
        leftToOthers == 0 ? Map.of() : Map.of(SkipReason.OTHER_RUN, leftToOthers);
    RecoveryReport report =
        new ReportOf(run)
            .counts(new DeliveryCounts(leftToOthers, skipped, 0, 0, 0, 0, 0, 0))
            .problems(
                Collections.nCopies(
                    problems,
                    new RecoveryReport.Problem(ReportOf.ACCOUNT, "gone", isError ? error : null)))
            .build();

    assertThat(new ProfilesReport(report, Map.of(ReportOf.ACCOUNT, "voice")).end(ReportOf.ACCOUNT))
        .isEqualTo(expected);
  }

  private static JsonNode json(RecoveryReport report) {
    return RedriveJar.Result.parse(
        Json.line(new ReportPrinter(report, ReportOf.ledger()).fields()));
  }

  private static String print(RecoveryReport report) {
    var bytes = new ByteArrayOutputStream();
    new ReportPrinter(report, ReportOf.ledger()).print(CommandLineTool.plain(bytes));
    return bytes.toString(UTF_8);
  }
}
