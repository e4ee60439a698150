package dev.redrive.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.cli.Main;
import dev.redrive.cli.ReportOf;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextCommandTest {
  private static final Instant NOW = ReportOf.NOW;

  @Test
  void whatIsQueued_goesOnWithTheSameCommand_thatAsksFirst() {
    assertThat(next("recover --provider voiso --max-rate 2 --yes --report r.html", "FOUND").line())
        .isEqualTo("redrive recover --provider voiso --max-rate 2");
  }

  @Test
  void whatFailedAgain_needsAgain() {
    assertThat(next("recover --provider voiso", "FAILED_AGAIN").line())
        .isEqualTo("redrive recover --provider voiso --again");
    assertThat(next("recover --provider voiso --again", "FAILED_AGAIN").line())
        .isEqualTo("redrive recover --provider voiso --again");
  }

  @ParameterizedTest
  @CsvSource({"DELIVERED", "REJECTED"})
  void whereNoCommandHelps_thereIsNone(String state) {
    assertThat(next("recover --provider voiso", state)).isEqualTo(NextCommand.NONE);
  }

  @Test
  void anAgeIsTakenFromTheTimeOfTheRun() {
    assertThat(next("recover --provider voiso --since 2026-03-01T06:00:00+01:00", "FOUND").line())
        .isEqualTo("redrive recover --provider voiso --since 2026-03-01T05:00:00Z");
    assertThat(next("recover --provider voiso --since 6h", "FOUND").line())
        .matches("redrive recover --provider voiso --since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
  }

  @Test
  void credentialsInAUrlAreLeftOut_andWordsAreQuoted() {
    assertThat(
            next(
                    "recover --provider voiso --ledger"
                        + " postgresql://me:planted@db/x?password=planted --event-type it's",
                    "FOUND")
                .line())
        .isEqualTo(
            "redrive recover --provider voiso --ledger postgresql://db/x"
                + " --event-type 'it'\\''s'");
  }

  @Test
  void fromTheLedgerAlone_theAccountIsNamed() {
    var run = new LedgerRun("run-1", List.of(ReportOf.ACCOUNT), NOW, Duration.ofMinutes(1));

    NextCommand next =
        NextCommand.of(
            RunFacts.of(run, NOW.plusSeconds(90)),
            summary("FOUND"),
            invocation("report run-1 --ledger /x.db"),
            Map.of());

    assertThat(next.line())
        .isEqualTo(
            "redrive recover --provider voiso --base-url https://cluster.voiso.com"
                + " --account cluster.voiso.com --ledger /x.db");
  }

  @Test
  void fromTheLedgerAlone_anAccountThatIsAHostIsWhereItGoes() {
    var account = new Account("chatt2me", "hub.example.org:8443", ReportOf.ACCOUNT.identity());
    var run = new LedgerRun("run-1", List.of(account), NOW, Duration.ofMinutes(1));

    NextCommand next =
        NextCommand.of(
            RunFacts.of(run, NOW.plusSeconds(90)),
            summary("FOUND"),
            invocation("report run-1"),
            Map.of());

    assertThat(next.line())
        .isEqualTo(
            "redrive recover --provider chatt2me --base-url https://hub.example.org:8443"
                + " --account hub.example.org:8443");
  }

  @Test
  void fromTheLedgerAlone_aSettingThatIsNeeded_isLeftToBeFilledIn() {
    var account = new Account("github", "api.github.com/repos/octocat/site");
    var run = new LedgerRun("run-1", List.of(account), NOW, Duration.ofMinutes(1));

    assertThat(ofLedger(run, Map.of()).line())
        .isEqualTo(
            "redrive recover --provider github --account api.github.com/repos/octocat/site"
                + " --setting owner=OWNER --ledger /x.db");
  }

  @Test
  void fromTheLedgerAlone_accountsThatHaveProfiles_areNamedByThem() {
    var other = new Account("baanx", "main");
    var unknown = new Account("chatt2me", "else");
    Map<Account, String> profiles = Map.of(ReportOf.ACCOUNT, "voice", other, "cards");
    var all = new LedgerRun("run-1", List.of(ReportOf.ACCOUNT, other), NOW, Duration.ofMinutes(1));
    var some = new LedgerRun("run-1", List.of(unknown, other), NOW, Duration.ofMinutes(1));

    assertThat(ofLedger(all, profiles).line())
        .isEqualTo("redrive recover --profile voice,cards --ledger /x.db");
    assertThat(ofLedger(some, profiles).line())
        .isEqualTo(
            """
            redrive recover --profile cards --ledger /x.db
            redrive recover --provider chatt2me --account else --ledger /x.db""");
  }

  private static NextCommand ofLedger(LedgerRun run, Map<Account, String> profiles) {
    return NextCommand.of(
        RunFacts.of(run, NOW.plusSeconds(90)),
        summary("FOUND"),
        invocation("report run-1 --ledger /x.db"),
        profiles);
  }

  @Test
  void ofARunThatGoesOn_thePageIsWrittenAgain() {
    var run = new LedgerRun("run-1", List.of(ReportOf.ACCOUNT), NOW, Duration.ofSeconds(1));

    assertThat(
            NextCommand.of(
                    RunFacts.of(run, NOW), summary("FOUND"), invocation("report last"), Map.of())
                .line())
        .isEqualTo("redrive report run-1");
  }

  private static NextCommand next(String command, String state) {
    return NextCommand.of(
        RunFacts.of(new ReportOf(End.FINISHED).build()),
        summary(state),
        invocation(command),
        Map.of());
  }

  private static Invocation invocation(String command) {
    return Invocation.of(
        Main.commandLine(Terminal.system()).parseArgs(command.split(" ")).subcommand());
  }

  private static RunSummary summary(String state) {
    var summary = new RunSummary(RunFacts.State.ENDED, WebhookNames.NONE);
    LedgerEntry found = LedgerEntry.found(1, ReportOf.ACCOUNT, failure());
    LedgerEntry entry =
        switch (DeliveryState.valueOf(state)) {
          case FOUND -> found;
          case REJECTED -> found.recorded(RetryResult.rejected(found.delivery(), "no", NOW));
          default ->
              new LedgerEntry(
                  1,
                  found.account(),
                  found.key(),
                  found.first(),
                  found.delivery(),
                  DeliveryState.valueOf(state),
                  1,
                  null,
                  null,
                  NOW,
                  null,
                  NOW);
        };
    summary.add(entry);
    return summary;
  }

  private static FailedDelivery failure() {
    var key = new DeliveryKey(ReportOf.ACCOUNT.provider(), ReportOf.ACCOUNT.name(), "a");
    return FailedDelivery.of(
        WebhookLog.builder(key, DeliveryStatus.FAILED).httpStatus(500).build());
  }
}
