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
  private static final Duration LOOK_BACK = Duration.ofHours(2);
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
    return CatchUp.of(recovery()).lookBack(LOOK_BACK).build();
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
  void theFirstWindow_isAsLongAsTheLookBack() {
    CatchUp catchUp = process();

    assertThat(catchUp.since()).isEqualTo(START.minus(LOOK_BACK));
    assertThat(catchUp.round().end()).isEqualTo(End.FINISHED);
    assertThat(lastWindow()).isEqualTo(START.minus(LOOK_BACK));
  }

  @Test
  void theFirstWindow_beginsWhereTheQuerySays() {
    Instant since = START.minus(Duration.ofDays(3));
    fails("old", since.plusSeconds(1), null);

    RecoveryReport report =
        CatchUp.of(recovery().query(DeliveryQuery.since(since))).build().round();

    assertThat(report.counts().delivered()).isEqualTo(1);
    assertThat(lastWindow()).isEqualTo(since);
    time.advance(Duration.ofHours(5));
    CatchUp next =
        CatchUp.of(recovery().query(DeliveryQuery.since(since))).lookBack(LOOK_BACK).build();
    assertThat(next.since()).isEqualTo(report.startedAt().minus(LOOK_BACK));
  }

  @Test
  void theNextWindow_beginsAtTheLookBackBeforeTheStartOfTheLast_inAnyProcess() {
    CatchUp running = process();
    RecoveryReport first = running.round();
    time.advance(Duration.ofDays(4));
    fails("meanwhile", START.plus(Duration.ofHours(1)), null);

    assertThat(running.since()).isEqualTo(first.startedAt().minus(LOOK_BACK));
    assertThat(process().since()).isEqualTo(first.startedAt().minus(LOOK_BACK));
    assertThat(process().round().counts().delivered()).isEqualTo(1);
    // The process that has slept meanwhile goes on from where the other one was.
    assertThat(running.since()).isAfter(START.plus(Duration.ofDays(3)));
  }

  @Test
  void whatIsDelivered_isNotSentAgainByTheNextRound() {
    fails("once", START.minusSeconds(60), null);

    process().round();
    RecoveryReport next = process().round();

    assertThat(client.retried()).hasSize(1);
    assertThat(next.counts().skipped()).containsEntry(SkipReason.ALREADY_DELIVERED, 1L);
    assertThat(next.allDelivered()).isTrue();
  }

  @Test
  void aFailedRound_isCaughtUpByTheNext_evenIfItWasTheFirstOfAll() {
    isDown = true;
    for (int round = 0; round < 3; round++) {
      assertThat(process().round().end()).isEqualTo(End.FAILED);
      time.advance(Duration.ofHours(5));
    }
    isDown = false;
    fails("before", START.minus(Duration.ofHours(1)), null);
    fails("meanwhile", START.plus(Duration.ofHours(2)), null);

    RecoveryReport report = process().round();

    assertThat(lastWindow()).isEqualTo(START.minus(LOOK_BACK));
    assertThat(report.counts().delivered()).isEqualTo(2);
    assertThat(process().since()).isEqualTo(report.startedAt().minus(LOOK_BACK));
  }

  @Test
  void aRoundWhoseLedgerFails_isCaughtUpByTheNext() {
    RetryLedger broken = WatchedLedger.failing(ledger, "begin", 1, () -> {});
    CatchUp catchUp = CatchUp.of(recovery().ledger(broken)).lookBack(LOOK_BACK).build();
    assertThatThrownBy(catchUp::round).isInstanceOf(LedgerException.class);
    time.advance(Duration.ofHours(5));

    assertThatThrownBy(catchUp::round).isInstanceOf(LedgerException.class);
    assertThat(windows).isEmpty();
  }

  @Test
  void otherRuns_andOtherFilters_areNoRounds() {
    RecoveryReport round = process().round();
    time.advance(Duration.ofDays(2));
    recovery().build().run();
    CatchUp.of(recovery().query(DeliveryQuery.builder().eventTypes("Other").build()))
        .build()
        .round();
    CatchUp.of(recovery()).name("other").build().round();

    assertThat(process().since()).isEqualTo(round.startedAt().minus(LOOK_BACK));
    assertThat(
            CatchUp.of(recovery().query(DeliveryQuery.builder().eventTypes("B", "A").build()))
                .build()
                .round()
                .run()
                .substring(15, 25))
        .isEqualTo(
            CatchUp.of(recovery().query(DeliveryQuery.builder().eventTypes("A", "B").build()))
                .build()
                .round()
                .run()
                .substring(15, 25));
  }

  @Test
  void whatTheProviderIsStillRetrying_staysInTheWindow_untilItGivesUp() {
    Instant failedAt = START.minus(Duration.ofHours(1));
    fails("retrying", failedAt, START.plus(Duration.ofDays(2)));
    CatchUp running = process();
    assertThat(running.round().counts().skipped()).containsEntry(SkipReason.PROVIDER_RETRYING, 1L);
    time.advance(Duration.ofDays(1));
    running.round();
    time.advance(Duration.ofDays(1));
    assertThat(running.since()).isEqualTo(failedAt);
    assertThat(process().since()).isEqualTo(START.minus(LOOK_BACK));
    failures.clear();
    fails("retrying", failedAt, null);

    RecoveryReport report = running.round();

    assertThat(report.counts().delivered()).isEqualTo(1);
    assertThat(running.since()).isEqualTo(report.startedAt().minus(LOOK_BACK));
  }

  @Test
  void whatStaysOutOfSight_isLookedForByLaterRounds_inAnyProcess() {
    fails("stuck", START.minusSeconds(30), null);
    fails("hidden", START.minusSeconds(60), null);
    client.showsOnly(1).showsAttempts(CatchUpTest::failedAgain);
    CatchUp running = process();
    RecoveryReport first = running.round();
    time.advance(Duration.ofDays(1));
    RecoveryReport second = process().round();
    time.advance(Duration.ofDays(1));
    RecoveryReport third = running.round();
    assertThat(List.of(first, second, third))
        .allSatisfy(
            round -> {
              assertThat(round.end()).isEqualTo(RecoveryReport.End.FINISHED);
              assertThat(round.outOfSight()).isEqualTo(1);
            });
    time.advance(Duration.ofDays(1));
    failures.remove(0);
    client.showsAttempts(delivery -> null);

    assertThat(running.since()).isBefore(START.minusSeconds(60));
    RecoveryReport report = process().round();

    assertThat(report.counts().delivered()).isEqualTo(1);
    assertThat(client.retried().stream().map(delivery -> delivery.key().id()))
        .containsExactly("stuck", "hidden");
  }

  @Test
  void aRoundThatIsDeclined_isNotDone() {
    fails("any", START.minusSeconds(60), null);

    CatchUp.of(recovery().approval(plan -> false)).lookBack(LOOK_BACK).build().round();
    time.advance(Duration.ofHours(9));

    assertThat(process().since()).isEqualTo(START.minus(LOOK_BACK));
  }

  @Test
  void cancel_stopsTheRound_andTheNextGoesOn() {
    for (int i = 0; i < 50; i++) {
      fails("log-" + i, START.minusSeconds(60 + i), null);
    }
    var catchUp = new CatchUp[1];
    client.fails(
        request -> {
          if (request == 5) {
            catchUp[0].cancel();
          }
          return false;
        });
    catchUp[0] = CatchUp.of(recovery().concurrency(1).batchSize(1)).lookBack(LOOK_BACK).build();

    assertThat(catchUp[0].round().end()).isEqualTo(End.CANCELLED);
    catchUp[0].cancel();
    time.advance(Duration.ofHours(9));
    assertThat(catchUp[0].round().end()).isEqualTo(End.FINISHED);
    assertThat(client.retried()).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void whatWouldLeaveAGapOrSendForEver_isRefused() {
    assertRefused(
        recovery().query(DeliveryQuery.builder().limit(5).build()), "a catch-up takes no limit");
    assertRefused(
        recovery().query(DeliveryQuery.builder().until(START).build()), "no end of the period");
    assertRefused(recovery().anotherRound(), "what fails again in every round");
    assertRefused(Recovery.of(client), "A recovery needs a ledger");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatchUp.of(recovery()).lookBack(Duration.ofSeconds(-1)).build())
        .withMessageContaining("lookBack is PT-1S");
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
