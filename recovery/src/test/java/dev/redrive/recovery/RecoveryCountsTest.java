package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row that a provider lists is accounted for, and "all delivered" means it. */
@Timeout(60)
class RecoveryCountsTest {
  private static final Function<RetryResult, RetryOutcome> OF_FAILED =
      result -> RetryOutcome.of(result, RetryOutcome.Status.FAILED_AGAIN, "it failed again");

  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final ListedClient client = new ListedClient(time);

  private Recovery.Builder recovery() {
    return Recovery.of(client).ledger(ledger).timeSource(time).lease(Duration.ofDays(1));
  }

  /** 80 failed logs of 60 events, in any order. */
  private static List<FailedDelivery> logs(long seed) {
    var logs = new ArrayList<FailedDelivery>();
    for (int i = 0; i < 60; i++) {
      logs.add(ListedClient.failed("log-" + i, "" + i, i));
    }
    for (int i = 0; i < 20; i++) {
      logs.add(ListedClient.failed("later-" + i, "" + i, 100 + i));
    }
    Collections.shuffle(logs, new Random(seed));
    return logs;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eightyLogsOfSixtyEvents_areSixtyDeliveriesAndTwentyEarlierAttempts(long seed) {
    client.lists(logs(seed));

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport report = recovery().build().run();

    assertThat(plan.toSend()).isEqualTo(60);
    assertThat(plan.accounts().get(0).skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 20L));
    assertThat(report.counts().found()).isEqualTo(80);
    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 20L));
    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(report.allDelivered()).isTrue();
    assertThat(client.retried())
        .extracting(d -> d.latest().logId())
        .hasSize(60)
        .contains("later-0", "later-19", "log-20")
        .doesNotContain("log-0", "log-19");

    RecoveryReport again = recovery().build().run();

    assertThat(again.counts().skipped())
        .isEqualTo(Map.of(SkipReason.ALREADY_DELIVERED, 60L, SkipReason.EARLIER_ATTEMPT, 20L));
    assertThat(again.counts().addsUp()).isTrue();
    assertThat(again.allDelivered()).isTrue();
    assertThat(client.retried()).hasSize(60);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eventsThatFailedAgainEarlierAndListSeveralLogs_countOnce(long seed) {
    client.lists(logs(seed)).tells(Duration.ZERO, OF_FAILED);
    RecoveryReport first = recovery().canary(0).stopRule(new StopRule(1, 1, 1)).build().run();
    assertThat(first.counts().failedAgain()).isEqualTo(60);
    Map<SkipReason, Long> skipped =
        Map.of(SkipReason.FAILED_AGAIN_EARLIER, 60L, SkipReason.EARLIER_ATTEMPT, 20L);

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport again = recovery().build().run();

    assertThat(plan.accounts().get(0).skipped()).isEqualTo(skipped);
    assertThat(again.counts().skipped()).isEqualTo(skipped);
    assertThat(again.counts().found()).isEqualTo(80);
    assertThat(again.allDelivered()).isFalse();
    assertThat(client.retried()).hasSize(60);
  }

  @Test
  void attemptsOfAnEventThatTheReceiverHas_countOnce() {
    client.lists(logs(1));
    Recovery.Builder recovery = recovery().alreadyProcessed(delivery -> true);
    Map<SkipReason, Long> skipped =
        Map.of(SkipReason.ALREADY_PROCESSED, 60L, SkipReason.EARLIER_ATTEMPT, 20L);

    assertThat(recovery.build().plan().accounts().get(0).skipped()).isEqualTo(skipped);
    assertThat(recovery.build().run().counts().skipped()).isEqualTo(skipped);
  }

  @Test
  void aRowThatIsListedTwice_isOneDelivery_inThePlanAndInTheRun() {
    FailedDelivery twice = ListedClient.failed("twice", "a", 1);
    client.lists(
        List.of(
            twice,
            ListedClient.failed("later", "a", 2),
            twice,
            ListedClient.failed("other", "b", 3)));

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport report = recovery().build().run();

    assertThat(plan.toSend()).isEqualTo(2);
    assertThat(plan.accounts().get(0).skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 1L));
    assertThat(report.counts().found()).isEqualTo(3);
    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 1L));
    assertThat(report.counts().delivered()).isEqualTo(2);
  }

  @Test
  void howARunEnded_isInTheLedger() {
    client.lists(logs(11));
    recovery().approval(plan -> false).build().run();
    recovery().build().run();

    assertThat(ledger.runs(2))
        .extracting(LedgerRun::end)
        .containsExactly(RecoveryReport.End.FINISHED, RecoveryReport.End.DECLINED);
  }

  @Test
  void eightyLogsOfSixtyEvents_leftQueuedByAnEarlierRun_areStillEighty() {
    client.lists(logs(4));
    leaveQueued(logs(5));

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().found()).isEqualTo(80);
    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 20L));
    assertThat(report.counts().delivered()).isEqualTo(60);
  }

  /** An approved run found so much, sent nothing and is over. */
  private void leaveQueued(List<FailedDelivery> found) {
    Account account = Account.of(client);
    ledger.begin(new LedgerRun("earlier", List.of(account), time.now()));
    ledger.admit("earlier", account, found, RetryLedger.Round.FIRST);
    ledger.approve("earlier");
    time.advance(Duration.ofMinutes(1));
  }

  @Test
  void whatAnEarlierRunLeftQueued_isSentThoughTheProviderDoesNotListIt() {
    leaveQueued(logs(6));
    client.lists(List.of(ListedClient.failed("new", "new", 1)));

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport report = recovery().build().run();

    assertThat(plan.toSend()).isEqualTo(61);
    assertThat(plan.accounts().get(0).resumed()).isEqualTo(60);
    assertThat(report.counts().found()).isEqualTo(61);
    assertThat(report.counts().delivered()).isEqualTo(61);
    assertThat(report.allDelivered()).isTrue();
  }

  @Test
  void whatAnEarlierRunLeftQueued_isLeftOnRequest_andAskedOfTheInbox() {
    leaveQueued(logs(7));

    assertThat(recovery().leaveEarlierRuns().build().plan().toSend()).isZero();
    assertThat(recovery().leaveEarlierRuns().build().run().counts().found()).isZero();
    RecoveryReport report =
        recovery().alreadyProcessed(d -> d.latest().logId().startsWith("later")).build().run();

    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.ALREADY_PROCESSED, 20L));
    assertThat(report.counts().delivered()).isEqualTo(40);
    assertThat(client.retried()).hasSize(40);
  }

  @Test
  void whatADeclinedRunFound_isForgotten() {
    client.lists(logs(8));
    recovery().approval(plan -> false).build().run();
    client.lists(List.of());

    assertThat(recovery().build().plan().toSend()).isZero();
    assertThat(recovery().build().run().counts().found()).isZero();
    assertThat(client.retried()).isEmpty();
  }

  @Test
  void whatADeclinedRunTookAlong_isTakenAlongAgain() {
    leaveQueued(logs(9));
    RecoveryReport declined = recovery().approval(plan -> false).build().run();

    assertThat(declined.counts().notSent()).isEqualTo(60);
    assertThat(recovery().build().run().counts().delivered()).isEqualTo(60);
  }

  @Test
  void rowsThatCannotBeDatedOrRead_areCountedAndNamed() {
    client.lists(List.of(ListedClient.failed("a", "a", 1))).leavesOut(3, 1);

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport report = recovery().build().run();

    Map<SkipReason, Long> skipped = Map.of(SkipReason.UNDATED, 3L, SkipReason.UNREADABLE, 1L);
    assertThat(plan.accounts().get(0).skipped()).isEqualTo(skipped);
    assertThat(plan.accounts().get(0).warnings())
        .anyMatch(w -> w.startsWith("3 rows without a readable time were left out"))
        .anyMatch(w -> w.startsWith("1 row without an id was left out"));
    assertThat(report.counts().found()).isEqualTo(5);
    assertThat(report.counts().skipped()).isEqualTo(skipped);
    assertThat(report.counts().delivered()).isEqualTo(1);
    assertThat(report.allDelivered()).isFalse();
  }

  @Test
  void aPlan_warnsOfWhatAnotherRunHasUnderWay_thoughItIsNotListed() {
    Account account = Account.of(client);
    ledger.begin(new LedgerRun("other", List.of(account), time.now()));
    ledger.admit("other", account, logs(1), RetryLedger.Round.FIRST);
    assertThat(
            ledger.claim(
                "other", account, RetryLedger.Grouping.ANY, 1, time.now(), Duration.ofMinutes(1)))
        .hasSize(1);

    RecoveryPlan plan = recovery().build().plan();

    assertThat(plan.toSend()).isZero();
    assertThat(plan.accounts().get(0).warnings())
        .singleElement()
        .asString()
        .contains("run other has retries under way");
  }

  @Test
  void whatWaitsForAnotherRun_isSentByThisOne() {
    client.lists(logs(10));
    Account account = Account.of(client);
    ledger.begin(new LedgerRun("other", List.of(account), time.now()));
    ledger.admit("other", account, logs(10), RetryLedger.Round.FIRST);
    ledger.approve("other");

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.EARLIER_ATTEMPT, 20L));
    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(report.allDelivered()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SkipReason.class)
  void allDelivered_isTrueOnlyWhereTheReasonSaysSo(SkipReason reason) {
    boolean isHarmless =
        List.of("ALREADY_DELIVERED", "ALREADY_PROCESSED", "EARLIER_ATTEMPT", "PART_OF_LINEAGE")
            .contains(reason.name());
    var counts = new DeliveryCounts(2, Map.of(reason, 1L), 1, 0, 0, 0, 0, 0);
    var report =
        new RecoveryReport(
            "run",
            time.now(),
            Duration.ZERO,
            RecoveryReport.End.FINISHED,
            counts,
            Map.of(),
            1,
            0,
            List.of());

    assertThat(report.allDelivered()).isEqualTo(isHarmless);
  }

  @Test
  void durationsThatCannotWork_areNamed() {
    Recovery.Builder builder = recovery();

    assertThatThrownBy(() -> builder.verifyTimeout(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("verifyTimeout is null");
    assertThatThrownBy(() -> builder.lease(Duration.ofDays(200_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lease is")
        .hasMessageContaining("365 days");
    assertThatThrownBy(() -> builder.longestPause(Duration.ofDays(200_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longestPause");
    assertThatThrownBy(() -> builder.longestPause(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longestPause");
  }
}
