package dev.redrive.recovery.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.CatchUps.Turn;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the {@link CatchUps} of every ledger do; each implementation's tests extend it. */
@Timeout(120)
public abstract class CatchUpsContract {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Account ACME = new Account("listed", "acme");
  private static final Account OTHER = new Account("listed", "other");
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final Duration LEASE = Duration.ofMinutes(1);

  protected final MutableClock clock = MutableClock.at(T0);
  protected final ManualTime time = ManualTime.of(clock);

  private final List<RetryLedger> opened = new ArrayList<>();
  private RetryLedger ledger;
  private CatchUps catchUps;

  /** A ledger by {@link #time}; each one but the first works on the same store. */
  protected abstract RetryLedger open() throws Exception;

  /** Moves the ledgers' clock on. */
  protected void advance(Duration by) throws Exception {
    clock.advance(by);
  }

  @BeforeEach
  void openLedger() throws Exception {
    ledger = opened();
    catchUps = ledger.catchUps();
  }

  private RetryLedger opened() throws Exception {
    opened.add(open());
    return opened.get(opened.size() - 1);
  }

  @AfterEach
  protected void closeLedgers() {
    opened.forEach(RetryLedger::close);
    opened.clear();
  }

  private Optional<Turn> begin(String run) {
    return begin(run, null);
  }

  private Optional<Turn> begin(String run, @Nullable Instant from) {
    return catchUps.begin(ACME, "", run, from, SILENCE);
  }

  private Turn taken(String run) {
    return begin(run).orElseThrow();
  }

  private void beginRun(String run) {
    ledger.begin(new LedgerRun(run, List.of(ACME), T0));
  }

  private void endRun(String run) {
    ledger.finish(
        run, T0, RecoveryReport.End.FINISHED, new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0));
  }

  @Test
  void theFirstWindow_beginsNow_orWhereTheCallerSays() throws Exception {
    assertThat(begin("r1")).contains(new Turn(ACME, "", "r1", T0, T0, T0, null));

    Instant from = T0.minusSeconds(3600);
    assertThat(catchUps.begin(OTHER, "", "r2", from, SILENCE))
        .contains(new Turn(OTHER, "", "r2", T0, from, from, null));
  }

  @Test
  void theNextWindow_knowsWhereTheLastEnded_inAnyProcess() throws Exception {
    Turn first = taken("r1");
    assertThat(catchUps.end(first, T0.plusSeconds(5))).isTrue();
    advance(Duration.ofHours(1));

    Turn next =
        opened().catchUps().begin(ACME, "", "r2", T0.minusSeconds(9), SILENCE).orElseThrow();

    assertThat(next)
        .isEqualTo(
            new Turn(ACME, "", "r2", T0.plus(Duration.ofHours(1)), T0, T0.plusSeconds(5), null));
  }

  @Test
  void aWindowWhoseEndWasNotReached_beginsThereAgain() throws Exception {
    catchUps.end(taken("r1"), T0.plusSeconds(5));
    advance(Duration.ofMinutes(1));
    catchUps.end(taken("r2"), null);

    assertThat(taken("r3").completeUntil()).isEqualTo(T0.plusSeconds(5));
  }

  @Test
  void anAccount_isOneRunsAtATime_andOtherAccountsAndFiltersAreFree() throws Exception {
    Turn turn = taken("r1");

    assertThat(begin("r2")).isEmpty();
    assertThat(opened().catchUps().begin(ACME, "", "r2", null, SILENCE)).isEmpty();
    assertThat(catchUps.begin(OTHER, "", "r2", null, SILENCE)).isPresent();
    assertThat(catchUps.begin(ACME, "causes=[TIMEOUT]", "r3", null, SILENCE)).isPresent();

    catchUps.end(turn, null);
    assertThat(begin("r4")).isPresent();
  }

  @Test
  void aTurn_isTakenOver_whenItsRunWasNotSeenAliveForSomeTime() throws Exception {
    taken("r1");
    beginRun("r1");
    advance(Duration.ofSeconds(10));
    assertThat(ledger.alive("r1")).isTrue();
    advance(Duration.ofSeconds(14));
    assertThat(begin("r2")).isEmpty();

    advance(Duration.ofSeconds(1));

    assertThat(begin("r2")).isPresent();
    assertThat(ledger.alive("r1")).isFalse();
  }

  @Test
  void aTurn_isTakenOver_ifItsRunNeverBegan() throws Exception {
    taken("r1");
    advance(Duration.ofSeconds(14));
    assertThat(begin("r2")).isEmpty();

    advance(Duration.ofSeconds(1));

    assertThat(begin("r2")).isPresent();
  }

  @Test
  void aTurn_isTakenOverAtOnce_ifItsRunHasEnded() throws Exception {
    taken("r1");
    beginRun("r1");
    endRun("r1");

    assertThat(begin("r2")).isPresent();
  }

  @Test
  void aRunWhoseTurnWasTakenOver_canClaimNothing_andMovesNoWindow() throws Exception {
    Turn late = taken("r1");
    beginRun("r1");
    ledger.admit("r1", ACME, List.of(failed("a"), failed("b")), RetryLedger.Round.FIRST);
    ledger.approve("r1");
    advance(SILENCE);
    Turn next = taken("r2");

    assertThat(ledger.claim("r1", ACME, RetryLedger.Grouping.ANY, 9, T0, LEASE)).isEmpty();
    assertThat(ledger.claimFirst("r1", ACME, RetryLedger.Grouping.ANY, 9, Set.of(), 9, T0, LEASE))
        .isEmpty();
    assertThat(catchUps.end(late, T0.plusSeconds(99))).isFalse();
    assertThat(catchUps.end(next, null)).isTrue();
    assertThat(taken("r3").completeUntil()).isEqualTo(T0);
  }

  @Test
  void whatFailedAgain_isDue_afterAPauseThatDoubles_andOnlyForSoManyTimes() throws Exception {
    Duration pause = Duration.ofMinutes(10);
    for (int sends = 1; sends < 8; sends++) {
      String run = "r" + sends;
      failAgain(run);
      advance(pause.minusSeconds(1));
      assertThat(oldestDue()).isNull();
      assertThat(admission("early-" + sends)).isEqualTo(Admission.FAILED_AGAIN_EARLIER);
      advance(Duration.ofSeconds(1));
      assertThat(oldestDue()).isEqualTo(T0.minusSeconds(60));
      pause = pause.multipliedBy(2);
    }
    failAgain("last");
    advance(Duration.ofDays(365));

    assertThat(oldestDue()).isNull();
    assertThat(admission("late")).isEqualTo(Admission.FAILED_AGAIN_EARLIER);
  }

  @Test
  void whatIsSentAgainByHand_isNotDueAsWell() throws Exception {
    failAgain("r1");
    ledger.admin().resolve(failed("a").key(), LedgerAdmin.Resolution.SEND_AGAIN);
    advance(Duration.ofHours(1));

    assertThat(oldestDue()).isNull();
  }

  private @Nullable Instant oldestDue() {
    Turn turn = taken("due-" + clock.instant());
    catchUps.end(turn, null);
    return turn.oldestDue();
  }

  private Admission admission(String run) {
    return ledger
        .preview(ACME, List.of(failed("a")), RetryLedger.Round.WHEN_DUE, lineage -> true)
        .get(0);
  }

  /** Sends a delivery, as far as it may be sent, and it fails again. */
  private void failAgain(String run) {
    beginRun(run);
    assertThat(ledger.admit(run, ACME, List.of(failed("a")), RetryLedger.Round.WHEN_DUE))
        .containsExactly(Admission.ADMITTED);
    ledger.approve(run);
    List<LedgerEntry> claimed =
        ledger.claim(run, ACME, RetryLedger.Grouping.ANY, 9, clock.instant(), LEASE);
    assertThat(claimed).hasSize(1);
    List<RetryResult> results =
        claimed.stream()
            .map(entry -> RetryResult.accepted(entry.delivery(), null, clock.instant()))
            .toList();
    ledger.record(run, claimed, results);
    List<LedgerEntry> open = ledger.unsettled(run, ACME, 0, 9);
    ledger.settle(
        run,
        open,
        List.of(RetryOutcome.of(open.get(0).toResult(), attempt("a-" + run, clock.instant()))),
        clock.instant());
    endRun(run);
  }

  private static FailedDelivery failed(String event) {
    return FailedDelivery.of(attempt(event, T0.minusSeconds(60)));
  }

  private static WebhookLog attempt(String log, Instant at) {
    return WebhookLog.builder(new DeliveryKey("listed", "acme", log), DeliveryStatus.FAILED)
        .lineage("event-" + log.charAt(0))
        .webhook("hook", null, "https://example.com/hooks")
        .event(log, "Message")
        .httpStatus(503)
        .createdAt(at)
        .build();
  }

  @Test
  void windows_tellHowFarEachAccountIs_andWhichRunIsAtIt() throws Exception {
    catchUps.end(taken("r1"), T0);
    catchUps.begin(OTHER, "types=[A]", "r2", T0.minusSeconds(60), SILENCE);
    advance(Duration.ofMinutes(3));

    assertThat(opened().catchUps().windows())
        .containsExactly(
            new CatchUps.Window(ACME, "", T0, Duration.ofMinutes(3), null),
            new CatchUps.Window(
                OTHER, "types=[A]", T0.minusSeconds(60), Duration.ofMinutes(4), "r2"));
  }

  @Test
  void aBrokenWebhook_rests_twiceAsLongEachTime_upToAnHour_untilItWorks() throws Exception {
    for (int minutes : new int[] {5, 10, 20, 40, 60, 60}) {
      catchUps.broken(ACME, "hook");
      assertThat(opened().catchUps().resting(ACME))
          .containsExactly(Map.entry("hook", Duration.ofMinutes(minutes)));
      assertThat(catchUps.resting(OTHER)).isEmpty();
      advance(Duration.ofMinutes(minutes));
      assertThat(catchUps.resting(ACME)).isEmpty();
    }
    catchUps.works(ACME, "hook");
    catchUps.works(ACME, "never broken");
    catchUps.broken(ACME, "hook");
    catchUps.broken(ACME, "");

    assertThat(catchUps.resting(ACME))
        .containsOnly(
            Map.entry("hook", Duration.ofMinutes(5)), Map.entry("", Duration.ofMinutes(5)));
  }

  @Test
  void odd_names_areKept() throws Exception {
    String odd = "\u0000\ud800" + "x".repeat(5_000);
    catchUps.broken(ACME, odd);
    assertThat(catchUps.resting(ACME)).containsOnlyKeys(odd);
    Turn turn = catchUps.begin(ACME, odd, "r1", null, SILENCE).orElseThrow();
    assertThat(catchUps.begin(ACME, odd, "r2", null, SILENCE)).isEmpty();
    assertThat(catchUps.end(turn, T0)).isTrue();
    assertThat(catchUps.begin(ACME, odd, "r2", null, SILENCE)).isPresent();
  }
}
