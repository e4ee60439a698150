package dev.redrive.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailureCause;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.RedriveJar;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanPrinterTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @Test
  void theDuration_isAnEstimate() {
    assertThat(print(plan(90, 0, Map.of()))).contains("takes about 10 s").doesNotContain("least");
  }

  @Test
  void whatCouldNotBeDatedOrRead_isSkippedByItsReason() {
    RecoveryPlan plan = plan(0, 0, Map.of(SkipReason.UNDATED, 5L, SkipReason.UNREADABLE, 1L));

    assertThat(print(plan))
        .contains("skipped 5: " + SkipReason.UNDATED.description())
        .contains("skipped 1: " + SkipReason.UNREADABLE.description());
    var json = RedriveJar.Result.parse(Json.line(PlanPrinter.fields(plan)));
    assertThat(json.get("skipped").get("UNDATED").asInt()).isEqualTo(5);
  }

  @Test
  void theQuestion_asksForAllThatWillGoOut() {
    assertThat(PlanPrinter.question(plan(90, 0, Map.of()), NO_LIMIT)).isEqualTo("Send 90 now?");
    assertThat(PlanPrinter.question(plan(90, 270, Map.of()), NO_LIMIT))
        .isEqualTo("Send 90 now, and up to 270 more that the provider does not show yet?");
    assertThat(PlanPrinter.question(plan(90, 270, Map.of()), 100))
        .isEqualTo("Send 90 now, and up to 10 more that the provider does not show yet?");
    assertThat(PlanPrinter.question(plan(90, 270, Map.of()), 90)).isEqualTo("Send 90 now?");
  }

  @Test
  void severalProfiles_haveALineEach_andSums() {
    var unread = new Account("voiso", "main");
    Map<Account, String> names = new LinkedHashMap<>();
    names.put(unread, "voice");
    names.put(new Account("baanx", "main"), "cards");
    var plan =
        new ProfilesPlan(
            plan(90, 0, Map.of(SkipReason.UNDATED, 5L)), names, Map.of(unread, "no such host"));
    var bytes = new ByteArrayOutputStream();

    plan.print(CommandLineTool.plain(bytes));
    var json = RedriveJar.Result.parse(Json.line(plan.fields()));

    assertThat(bytes.toString(UTF_8).lines())
        .startsWith(
            "  PROFILE  TO SEND  SKIPPED  REQUESTS  TAKES",
            "  voice          -        -         -  could not be read",
            "  cards         90        5        90  about 10 s",
            "  in all        90        5        90  about 10 s")
        .contains("  warning: voice: not in this plan: no such host")
        .filteredOn(line -> !line.startsWith("  skipped"))
        .allMatch(line -> line.length() <= 80);
    assertThat(json.get("toSend").asInt()).isEqualTo(90);
    assertThat(json.get("skipped").get("UNDATED").asInt()).isEqualTo(5);
    assertThat(json.get("profiles").get(0).get("problem").asText()).isEqualTo("no such host");
    assertThat(json.get("profiles").get(1).get("toSend").asInt()).isEqualTo(90);
  }

  private static RecoveryPlan plan(long toSend, long outOfSight, Map<SkipReason, Long> skipped) {
    var dispatch = new RecoveryPlan.Dispatch(1, toSend, Duration.ofMillis(9800), "one by one");
    return new RecoveryPlan(
        List.of(
            new RecoveryPlan.ForAccount(
                new Account("baanx", "main"),
                "Baanx",
                new RetryLedger.About("/state/ledger.db", 1200, 900),
                toSend,
                0,
                skipped,
                Map.of(FailureCause.SERVER_ERROR, toSend),
                Map.of(),
                Map.of(),
                null,
                null,
                outOfSight,
                0,
                dispatch,
                List.of())),
        dispatch.duration());
  }

  private static String print(RecoveryPlan plan) {
    var bytes = new ByteArrayOutputStream();
    PlanPrinter.print(plan, CommandLineTool.plain(bytes));
    return bytes.toString(UTF_8);
  }
}
