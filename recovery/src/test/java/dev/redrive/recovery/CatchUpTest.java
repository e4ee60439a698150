package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds leave no gap between their windows, whatever happens between them. */
@Timeout(60)
class CatchUpTest {
  private static final Duration OVERLAP = Duration.ofMinutes(30);
  private static final Instant START = ListedClient.T0.plus(Duration.ofDays(30));

  private final FastTime time = new FastTime(MutableClock.at(START), Duration.ofMinutes(10));
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final List<FailedDelivery> failures = new ArrayList<>();
  private final List<@Nullable Instant> windows = new ArrayList<>();
  private final ListedClient client = new ListedClient(time).lists(this::list);
  private boolean isDown;

  private List<FailedDelivery> list(DeliveryQuery query) {
    if (isDown) {
      throw ListedClient.UNAVAILABLE;
    }
    windows.add(query.since());
    return failures.stream().filter(query::matches).toList();
  }

  private @Nullable Instant lastWindow() {
    return windows.get(windows.size() - 1);
  }

  /** A process: it remembers nothing but what is in the ledger. */
  private CatchUp process() {
    return CatchUp.of(recovery()).build();
  }

  private CatchUpRound round() {
    return round(process());
  }

  private static CatchUpRound round(CatchUp catchUp) {
    return catchUp.runOnce(catchUp.accounts().get(0));
  }

  private Recovery.Builder recovery() {
    return Recovery.of(client).ledger(ledger).timeSource(time).canary(0);
  }

  private void fails(String log, Instant at, @Nullable Instant nextRetryAt) {
    failures.add(
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("listed", "acme", log), DeliveryStatus.FAILED)
                .lineage("event-" + log)
                .webhook("hook", null, "https://example.com/hooks")
                .event(log, "Message")
                .httpStatus(503)
                .createdAt(at)
                .nextRetryAt(nextRetryAt)
                .build()));
  }

  @Test
  void aNewAccount_isRecoveredFromNowOn() {
    fails("long ago", START.minusSeconds(1), null);

    CatchUpRound round = round();

    assertThat(round.result()).isEqualTo(CatchUpRound.Result.COMPLETE);
    assertThat(round.since()).isEqualTo(START);
    assertThat(round.report().counts().found()).isZero();
    time.advance(Duration.ofMinutes(10));
    assertThat(round().since()).isEqualTo(START);
  }

  @Test
  void aNewAccount_isRecoveredFromWhereTheQuerySays() {
    Instant since = START.minus(Duration.ofDays(3));
    fails("old", since.plusSeconds(1), null);

    CatchUpRound round = round(CatchUp.of(recovery().query(DeliveryQuery.since(since))).build());

    assertThat(round.report().counts().delivered()).isEqualTo(1);
    assertThat(lastWindow()).isEqualTo(since);
    time.advance(Duration.ofHours(5));
    assertThat(round(CatchUp.of(recovery().query(DeliveryQuery.since(since))).build()).since())
        .isEqualTo(round.until().minus(OVERLAP));
  }

  @Test
  void theNextWindow_beginsAtTheEndOfTheLast_minusTheOverlap_inAnyProcess() {
    CatchUp running = process();
    round(running);
    time.advance(Duration.ofDays(4));
    fails("meanwhile", START.plus(Duration.ofHours(1)), null);

    CatchUpRound other = round();
    assertThat(other.since()).isEqualTo(START);
    assertThat(other.report().counts().delivered()).isEqualTo(1);
    time.advance(Duration.ofDays(1));
    // The process that has slept meanwhile goes on from where the other one was.
    assertThat(round(running).since()).isEqualTo(other.until().minus(OVERLAP));
  }

  @Test
  void aWindow_endsWhereItsRoundBegan() {
    CatchUpRound round = round();
    time.advance(Duration.ofHours(1));

    assertThat(round.until()).isEqualTo(START);
    assertThat(ledger.catchUps().windows())
        .singleElement()
        .satisfies(window -> assertThat(window.completeUntil()).isEqualTo(START));
  }

  @Test
  void aWindow_reachesNoFurtherBackThanTheProviderKeeps() {
    client.keeps(Duration.ofDays(3));
    round();
    time.advance(Duration.ofDays(9));

    CatchUpRound round = round();

    assertThat(round.since()).isEqualTo(round.until().minus(Duration.ofDays(3)));
  }

  @Test
  void aFailureThatTheProviderListsLate_isInTheWindow() {
    client.listsAfter(Duration.ofHours(24));
    round();
    time.advance(Duration.ofHours(20));
    round();
    time.advance(Duration.ofHours(4));
    fails("given up just now", START.plusSeconds(60), null);

    CatchUpRound round = round();

    assertThat(round.report().counts().delivered()).isEqualTo(1);
    time.advance(Duration.ofDays(2));
    CatchUpRound later = round();
    assertThat(round().since()).isEqualTo(later.until().minus(OVERLAP).minus(Duration.ofHours(24)));
  }

  @Test
  void whatIsDelivered_isNotSentAgainByTheNextRound() {
    round();
    time.advance(Duration.ofMinutes(2));
    fails("once", START.plusSeconds(60), null);

    round();
    CatchUpRound next = round();

    assertThat(client.retried()).hasSize(1);
    assertThat(next.report().counts().skipped()).containsEntry(SkipReason.ALREADY_DELIVERED, 1L);
    assertThat(next.report().allDelivered()).isTrue();
  }

  @Test
  void aRoundThatCannotList_isIncomplete_andBegunThereAgain() {
    round();
    isDown = true;
    for (int round = 0; round < 3; round++) {
      time.advance(Duration.ofHours(5));
      CatchUpRound failed = round();
      assertThat(failed.result()).isEqualTo(CatchUpRound.Result.INCOMPLETE);
      assertThat(failed.report().end()).isEqualTo(End.FAILED);
    }
    isDown = false;
    fails("meanwhile", START.plus(Duration.ofHours(2)), null);

    CatchUpRound round = round();

    assertThat(round.result()).isEqualTo(CatchUpRound.Result.COMPLETE);
    assertThat(lastWindow()).isEqualTo(START);
    assertThat(round.report().counts().delivered()).isEqualTo(1);
  }

  @Test
  void aRoundWhoseLedgerFails_isCaughtUpByTheNext_onceItsRunCountsAsDead() {
    round();
    time.advance(Duration.ofHours(5));
    RetryLedger broken = WatchedLedger.failing(ledger, "begin", 1, () -> {});
    CatchUp catchUp = CatchUp.of(recovery().ledger(broken)).build();
    assertThatThrownBy(() -> round(catchUp)).isInstanceOf(LedgerException.class);

    assertThat(round())
        .isEqualTo(
            new CatchUpRound(
                catchUp.accounts().get(0), CatchUpRound.Result.ELSEWHERE, null, null, null));
    time.advance(Duration.ofSeconds(15));
    assertThat(round().since()).isEqualTo(START);
  }

  @Test
  void otherRuns_andOtherFilters_haveNoPartInIt() {
    round();
    time.advance(Duration.ofDays(2));
    recovery().build().run();
    round(CatchUp.of(recovery().query(byTypes("Other"))).build());
    round(CatchUp.of(recovery()).name("other").build());

    assertThat(round().since()).isEqualTo(START);
    round(CatchUp.of(recovery().query(byTypes("B", "A"))).build());
    round(CatchUp.of(recovery().query(byTypes("A", "B"))).build());
    assertThat(ledger.catchUps().windows())
        .extracting(CatchUps.Window::name)
        .containsExactlyInAnyOrder("", "types=[Other]", "other", "types=[A, B]");
  }

  private static DeliveryQuery byTypes(String... types) {
    return DeliveryQuery.builder().eventTypes(types).build();
  }

  @Test
  void whatTheProviderIsStillRetrying_staysInTheWindow_untilItGivesUp() {
    round();
    Instant failedAt = START.plus(Duration.ofHours(1));
    fails("retrying", failedAt, START.plus(Duration.ofDays(2)));
    time.advance(Duration.ofDays(1));
    assertThat(round().report().counts().skipped()).containsEntry(SkipReason.PROVIDER_RETRYING, 1L);
    time.advance(Duration.ofDays(1));
    failures.clear();
    fails("retrying", failedAt, null);

    CatchUpRound round = round();

    assertThat(round.since()).isEqualTo(failedAt.minus(OVERLAP));
    assertThat(round.report().counts().delivered()).isEqualTo(1);
    assertThat(round().since()).isEqualTo(round.until().minus(OVERLAP));
  }

  @Test
  void aWindowOfWhichSomeStaysOutOfSight_isIncomplete() {
    round();
    fails("stuck", START.plusSeconds(30), null);
    fails("hidden", START.plusSeconds(60), null);
    client.showsOnly(1).showsAttempts(CatchUpTest::failedAgain);
    for (int day = 0; day < 3; day++) {
      time.advance(Duration.ofDays(1));
      CatchUpRound round = round();
      assertThat(round.result()).isEqualTo(CatchUpRound.Result.INCOMPLETE);
      assertThat(round.report().outOfSight()).isEqualTo(1);
    }
    failures.remove(0);
    client.showsAttempts(delivery -> null);
    time.advance(Duration.ofDays(1));

    CatchUpRound round = round();

    assertThat(round.since()).isEqualTo(START);
    assertThat(round.report().counts().delivered()).isEqualTo(1);
    assertThat(round.result()).isEqualTo(CatchUpRound.Result.COMPLETE);
  }

  @Test
  void whatFailedAgain_isSentAgain_afterAPause_ifTheProviderStillListsIt() {
    round();
    fails("fixed", START.plusSeconds(10), null);
    fails("redelivered by hand", START.plusSeconds(20), null);
    client.showsAttempts(CatchUpTest::failedAgain);
    time.advance(Duration.ofHours(5));
    assertThat(round().report().counts().failedAgain()).isEqualTo(2);
    client.showsAttempts(delivery -> null);
    time.advance(Duration.ofMinutes(9));
    assertThat(round().report().counts().delivered()).isZero();
    failures.remove(1);
    time.advance(Duration.ofMinutes(1));

    CatchUpRound round = round();

    assertThat(round.since()).isEqualTo(START.plusSeconds(10));
    assertThat(round.report().counts().delivered()).isEqualTo(1);
    assertThat(client.retried().stream().map(delivery -> delivery.key().id()))
        .containsExactly("fixed", "redelivered by hand", "fixed");
  }

  @Test
  void whatRests_isLeftAndTold_evenIfItsWebhookIsNotKnown() {
    round();
    time.advance(Duration.ofMinutes(1));
    ledger.catchUps().broken(Account.of(client), "");
    failures.add(
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("listed", "acme", "any"), DeliveryStatus.FAILED)
                .lineage("event-any")
                .createdAt(START.plusSeconds(1))
                .build()));

    CatchUpRound round = round();

    assertThat(client.retried()).isEmpty();
    assertThat(round.result()).isEqualTo(CatchUpRound.Result.COMPLETE);
    assertThat(round.report().allDelivered()).isFalse();
    assertThat(round.report().problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.what())
                    .isEqualTo(
                        "deliveries without a known webhook: its endpoint was broken, so it rests"
                            + " for 5 min more"));
    time.advance(Duration.ofMinutes(5));
    assertThat(round().report().counts().delivered()).isEqualTo(1);
  }

  @Test
  void aRoundThatIsDeclined_isIncomplete() {
    round();
    fails("any", START.plusSeconds(60), null);
    time.advance(Duration.ofHours(9));

    CatchUpRound round = round(CatchUp.of(recovery().approval(plan -> false)).build());

    assertThat(round.result()).isEqualTo(CatchUpRound.Result.INCOMPLETE);
    assertThat(round().since()).isEqualTo(START);
  }

  @Test
  void cancel_stopsTheRound_andTheNextGoesOn() {
    round();
    for (int i = 0; i < 50; i++) {
      fails("log-" + i, START.plusSeconds(60 + i), null);
    }
    time.advance(Duration.ofMinutes(5));
    var catchUp = new CatchUp[1];
    client.fails(
        request -> {
          if (request == 5) {
            catchUp[0].cancel();
          }
          return false;
        });
    catchUp[0] = CatchUp.of(recovery().concurrency(1).batchSize(1)).build();

    CatchUpRound cancelled = round(catchUp[0]);
    assertThat(cancelled.report().end()).isEqualTo(End.CANCELLED);
    assertThat(cancelled.result()).isEqualTo(CatchUpRound.Result.INCOMPLETE);
    catchUp[0].cancel();
    time.advance(Duration.ofHours(9));
    assertThat(round(catchUp[0]).report().end()).isEqualTo(End.FINISHED);
    assertThat(client.retried()).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void whatWouldLeaveAGapOrSendForEver_isRefused() {
    assertRefused(
        recovery().query(DeliveryQuery.builder().limit(5).build()), "a catch-up takes no limit");
    assertRefused(
        recovery().query(DeliveryQuery.builder().until(START).build()), "no end of the period");
    assertRefused(recovery().anotherRound(), "sends what failed again after a pause");
    assertRefused(Recovery.of(client), "A recovery needs a ledger");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatchUp.of(recovery()).overlap(Duration.ofSeconds(-1)).build())
        .withMessageContaining("overlap is PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process().runOnce(new Account("listed", "stranger")))
        .withMessageContaining("No client for account listed:stranger");
  }

  private static WebhookLog failedAgain(FailedDelivery delivery) {
    return WebhookLog.builder(delivery.key(), DeliveryStatus.FAILED)
        .logId(delivery.key().id() + "-retry")
        .lineage(delivery.lineage())
        .webhook("hook", null, "https://example.com/hooks")
        .httpStatus(503)
        .createdAt(delivery.latest().createdAt())
        .build();
  }

  private static void assertRefused(Recovery.Builder recovery, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatchUp.of(recovery).build())
        .withMessageContaining(why);
  }
}
