package dev.redrive.recovery.ledger;

import static dev.redrive.recovery.ledger.DeliveryState.ACCEPTED;
import static dev.redrive.recovery.ledger.DeliveryState.DELIVERED;
import static dev.redrive.recovery.ledger.DeliveryState.FAILED_AGAIN;
import static dev.redrive.recovery.ledger.DeliveryState.FOUND;
import static dev.redrive.recovery.ledger.DeliveryState.REJECTED;
import static dev.redrive.recovery.ledger.DeliveryState.SENDING;
import static dev.redrive.recovery.ledger.DeliveryState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.JsonText;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Holder;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link RetryLedger} does; each implementation's tests extend it. */
public abstract class RetryLedgerContract {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  protected static final Duration LEASE = Duration.ofMinutes(1);
  protected static final Duration SILENCE = Duration.ofSeconds(15);

  /** More than any test takes between two calls. */
  private static final Duration A_MOMENT = Duration.ofSeconds(12);

  protected static final Account ACME = new Account("chatt2me", "acme");

  protected RetryLedger ledger;

  /** A ledger without anything in it. */
  protected abstract RetryLedger emptyLedger() throws Exception;

  /** Lets time go by on the ledger's clock. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void openLedger() throws Exception {
    ledger = emptyLedger();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  // Building blocks

  protected static Instant at(long seconds) {
    return T0.plusSeconds(seconds);
  }

  protected static WebhookLog.Builder log(Account account, String id, DeliveryStatus status) {
    return WebhookLog.builder(new DeliveryKey(account.provider(), account.name(), id), status)
        .webhook("hook-1", null, "https://example.com/hooks")
        .event("event-of-" + id, "Message")
        .httpStatus(status == DeliveryStatus.SUCCEEDED ? 200 : 503);
  }

  /** A failed log that was recorded {@code minute} minutes after the first. */
  protected static FailedDelivery failed(String id, int minute) {
    return FailedDelivery.of(
        log(ACME, id, DeliveryStatus.FAILED).createdAt(T0.plusSeconds(60L * minute)).build());
  }

  protected static List<FailedDelivery> failures(int count) {
    return IntStream.range(0, count).mapToObj(i -> failed("log-" + i, i)).toList();
  }

  protected void begin(String run, Instant now) {
    ledger.begin(new LedgerRun(run, List.of(ACME), now));
  }

  protected long takeUp(String run, Instant now) {
    return ledger.takeUp(run, ACME, now, SILENCE);
  }

  protected static DeliveryCounts noCounts() {
    return new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0);
  }

  protected void finish(String run, Instant now) {
    ledger.finish(run, now, RecoveryReport.End.FINISHED, noCounts());
  }

  protected List<Admission> admit(String run, FailedDelivery... found) {
    return ledger.admit(run, ACME, List.of(found), Round.FIRST);
  }

  protected List<Admission> preview(List<FailedDelivery> found, Round round) {
    var names = new HashSet<String>();
    return ledger.preview(ACME, found, round, names::add);
  }

  protected List<LedgerEntry> claim(String run, int most) {
    return ledger.claim(run, ACME, Grouping.ANY, most, T0, LEASE);
  }

  protected static RetryResult accepted(LedgerEntry entry, String newLogId) {
    return RetryResult.accepted(entry.delivery(), newLogId, at(1));
  }

  protected void recordAccepted(String run, LedgerEntry entry, String newLogId) {
    ledger.record(run, List.of(entry), List.of(accepted(entry, newLogId)));
  }

  protected void settle(String run, LedgerEntry entry, RetryOutcome outcome) {
    ledger.settle(run, List.of(entry), List.of(outcome), at(2));
  }

  protected static RetryOutcome outcome(LedgerEntry entry, WebhookLog log) {
    return RetryOutcome.of(entry.toResult(), log);
  }

  protected static RetryOutcome outcome(
      LedgerEntry entry, RetryOutcome.Status status, String reason) {
    return RetryOutcome.of(entry.toResult(), status, reason);
  }

  protected LedgerEntry unsettledEntry(String run) {
    List<LedgerEntry> entries = ledger.unsettled(run, ACME, 0, 10);
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  /** Where the deliveries stand that are in a run's own hands. */
  protected Map<DeliveryState, Long> own(String run) {
    return ledger.standing(run, ACME).own();
  }

  /** Where those stand that another run has claimed. */
  protected Map<DeliveryState, Long> withOthers(String run) {
    return ledger.standing(run, ACME).others();
  }

  protected List<LedgerEntry> entries(String run) {
    var entries = new ArrayList<LedgerEntry>();
    ledger.entries(run, entries::add);
    return entries;
  }

  protected LedgerEntry entry(String run, String keyId) {
    return entries(run).stream().filter(e -> e.key().id().equals(keyId)).findFirst().orElseThrow();
  }

  /** Takes a delivery that is not known yet through a run of its own to its end. */
  protected void recover(String run, String id, DeliveryStatus ending, String newLogId) {
    begin(run, T0);
    assertThat(admit(run, failed(id, 0))).containsExactly(Admission.ADMITTED);
    recordAccepted(run, claim(run, 1).get(0), newLogId);
    LedgerEntry sent = unsettledEntry(run);
    settle(run, sent, outcome(sent, log(ACME, newLogId, ending).createdAt(at(600)).build()));
    finish(run, at(3));
  }

  // Admission

  @Test
  void admit_whenUnknown_addsAsFoundWithoutAnythingThatCouldHoldASecret() {
    begin("r1", T0);
    FailedDelivery found =
        new FailedDelivery(
            WebhookLog.builder(new DeliveryKey("baanx", "eu", "e1/w1"), DeliveryStatus.FAILED)
                .logId("attempt-3")
                .lineage("lineage-1")
                .webhook("w1", "the webhook", "https://user:pw@example.com/hooks?token=s3cret")
                .event("e1", "kyc.changed")
                .httpStatus(502)
                .attemptNumber(3)
                .createdAt(at(1))
                .attemptedAt(at(2))
                .error("error s3cret")
                .responseBody("body s3cret")
                .json(JsonText.of("{\"payload\":\"s3cret\"}"))
                .build(),
            FailureCause.SERVER_ERROR);

    Account eu = new Account("baanx", "eu");
    assertThat(ledger.admit("r1", eu, List.of(found), Round.FIRST))
        .containsExactly(Admission.ADMITTED);

    LedgerEntry entry = entries("r1").get(0);
    assertThat(entry.account()).isEqualTo(eu);
    assertThat(entry.key()).isEqualTo(found.key());
    assertThat(entry.first()).isEqualTo(new FirstFailure(at(1), FailureCause.SERVER_ERROR, 502));
    assertThat(entry.state()).isEqualTo(FOUND);
    assertThat(entry.sends()).isZero();
    assertThat(entry.newLogId()).isNull();
    assertThat(entry.reason()).isNull();
    assertThat(entry.requestedAt()).isNull();
    assertThat(entry.settledAt()).isNull();
    assertThat(entry.delivery())
        .isEqualTo(
            new FailedDelivery(
                WebhookLog.builder(found.key(), DeliveryStatus.FAILED)
                    .logId("attempt-3")
                    .lineage("lineage-1")
                    .webhook("w1", null, "https://example.com/hooks")
                    .event("e1", "kyc.changed")
                    .httpStatus(502)
                    .attemptNumber(3)
                    .createdAt(at(1))
                    .attemptedAt(at(2))
                    .build(),
                FailureCause.SERVER_ERROR));
  }

  @Test
  void admit_whenOnlyTheNecessaryIsTold_keepsTheRestNull() {
    begin("r1", T0);
    FailedDelivery bare =
        new FailedDelivery(
            WebhookLog.builder(new DeliveryKey("voiso", "x", "f1"), DeliveryStatus.FAILED).build(),
            FailureCause.UNKNOWN);

    ledger.admit("r1", new Account("voiso", "x"), List.of(bare), Round.FIRST);

    assertThat(entries("r1").get(0).delivery()).isEqualTo(bare);
  }

  @Test
  void admit_whenNothingIsFound_doesNothing() {
    begin("r1", T0);

    assertThat(ledger.admit("r1", ACME, List.of(), Round.FIRST)).isEmpty();
    assertThat(own("r1")).isEmpty();
  }

  @Test
  void admit_whenTextIsOdd_keepsItWordForWord() {
    begin("r1", T0);
    String odd = "it's \"quoted\" \\ ünïcödé 漢字 🎉 {0} ? :name";
    FailedDelivery found =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("voiso", odd, odd), DeliveryStatus.FAILED)
                .event(odd, odd)
                .build());

    Account account = new Account("voiso", odd);
    ledger.admit("r1", account, List.of(found), Round.FIRST);

    assertThat(ledger.admit("r1", account, List.of(found), Round.FIRST))
        .containsExactly(Admission.IN_THIS_RUN);
    assertThat(entries("r1").get(0).delivery()).isEqualTo(found);
  }

  @Test
  void admit_whenIdIsVeryLong_knowsItAgain() {
    begin("r1", T0);
    String longId = "x".repeat(20_000);

    assertThat(admit("r1", failed(longId + "1", 1), failed(longId + "2", 2)))
        .containsExactly(Admission.ADMITTED, Admission.ADMITTED);
    assertThat(admit("r1", failed(longId + "2", 2))).containsExactly(Admission.IN_THIS_RUN);
    assertThat(entries("r1").get(0).delivery()).isEqualTo(failed(longId + "1", 1));
  }

  @Test
  void admit_whenSameIdBelongsToOtherAccountOrProvider_addsEach() {
    begin("r1", T0);
    for (Account account :
        List.of(ACME, new Account("chatt2me", "other"), new Account("voiso", "acme"))) {
      FailedDelivery found =
          FailedDelivery.of(log(account, "7", DeliveryStatus.FAILED).createdAt(T0).build());
      assertThat(ledger.admit("r1", account, List.of(found), Round.FIRST))
          .containsExactly(Admission.ADMITTED);
    }

    assertThat(entries("r1")).hasSize(3);
    assertThat(own("r1")).isEqualTo(Map.of(FOUND, 1L));
  }

  @Test
  void admit_whenThisRunHasIt_saysSo() {
    begin("r1", T0);
    admit("r1", failed("a", 0));

    assertThat(admit("r1", failed("a", 0))).containsExactly(Admission.IN_THIS_RUN);

    claim("r1", 1);
    assertThat(admit("r1", failed("a", 0))).containsExactly(Admission.IN_THIS_RUN);
    assertThat(entries("r1")).hasSize(1);
  }

  @Test
  void admit_whenLineageComesTwiceInOneCall_addsOneAndKeepsTheNewerAttempt() {
    begin("r1", T0);
    FailedDelivery older = attempt("log-1", "lineage-x", 1);
    FailedDelivery newer = attempt("log-2", "lineage-x", 2);
    FailedDelivery oldest = attempt("log-0", "lineage-x", 0);

    assertThat(ledger.admit("r1", ACME, List.of(older, newer, oldest), Round.FIRST))
        .containsExactly(Admission.ADMITTED, Admission.EARLIER_ATTEMPT, Admission.EARLIER_ATTEMPT);
    assertThat(ledger.admit("r1", ACME, List.of(older, newer), Round.FIRST))
        .containsExactly(Admission.IN_THIS_RUN, Admission.EARLIER_ATTEMPT);

    LedgerEntry entry = claim("r1", 10).get(0);
    assertThat(entry.key().id()).isEqualTo("log-1");
    assertThat(entry.delivery()).isEqualTo(newer);
  }

  @Test
  void admit_whenNewerAttemptComesLater_keepsTheNewerUntilClaimed() {
    begin("r1", T0);
    admit("r1", attempt("log-1", "lineage-x", 1));
    admit("r1", attempt("log-3", "lineage-x", 3));
    admit("r1", attempt("log-2", "lineage-x", 2));
    LedgerEntry claimed = claim("r1", 1).get(0);

    admit("r1", attempt("log-4", "lineage-x", 4));

    assertThat(claimed.delivery().latest().logId()).isEqualTo("log-3");
    assertThat(entries("r1").get(0).delivery()).isEqualTo(claimed.delivery());
  }

  @Test
  void admit_whenCreationIsTheSame_judgesByTimeOfAttemptThenByNumber() {
    begin("r1", T0);
    WebhookLog.Builder log = log(ACME, "f1", DeliveryStatus.FAILED).createdAt(T0);

    admit("r1", FailedDelivery.of(log.attemptedAt(at(5)).attemptNumber(5).build()));
    admit("r1", FailedDelivery.of(log.attemptedAt(at(6)).attemptNumber(1).build()));
    assertThat(entries("r1").get(0).delivery().latest().attemptedAt()).isEqualTo(at(6));

    admit("r1", FailedDelivery.of(log.attemptedAt(at(6)).attemptNumber(2).build()));
    assertThat(entries("r1").get(0).delivery().latest().attemptNumber()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Round.class)
  void admit_whenDeliveredEarlier_skipsInEveryRound(Round round) {
    recover("r1", "a", DeliveryStatus.SUCCEEDED, "a2");
    begin("r2", at(4));

    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), round))
        .containsExactly(Admission.ALREADY_DELIVERED);
    assertThat(entries("r2")).isEmpty();
  }

  @Test
  void admit_whenFailedAgainEarlier_skipsInTheFirstRoundWhicheverLogIsListed() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(4));

    assertThat(admit("r2", failed("a", 0), failed("a2", 10)))
        .containsExactly(Admission.FAILED_AGAIN_EARLIER, Admission.PART_OF_LINEAGE);
    assertThat(admit("r2", failed("a2", 10), failed("a", 0)))
        .containsExactly(Admission.FAILED_AGAIN_EARLIER, Admission.EARLIER_ATTEMPT);
    assertThat(claim("r2", 10)).isEmpty();
  }

  @Test
  void admit_whenFailedAgainEarlierAndAnotherRound_sendsTheNewestAttemptOnce() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(4));

    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0), failed("a2", 10)), Round.ANOTHER))
        .containsExactly(Admission.ADMITTED, Admission.PART_OF_LINEAGE);

    List<LedgerEntry> claimed = ledger.claim("r2", ACME, Grouping.ANY, 10, at(4), LEASE);
    assertThat(claimed).hasSize(1);
    assertThat(claimed.get(0).key().id()).isEqualTo("a");
    assertThat(claimed.get(0).delivery().key().id()).isEqualTo("a2");
    assertThat(claimed.get(0).sends()).isEqualTo(2);
    assertThat(claimed.get(0).newLogId()).isNull();
    assertThat(claimed.get(0).settledAt()).isNull();
    assertThat(withOthers("r1")).isEqualTo(Map.of(SENDING, 1L));
  }

  @Test
  void admit_whileAnotherRoundIsUnderWayOrOver_knowsTheLogsOfTheFirst() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(4));
    ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER);
    LedgerEntry claimed = claim("r2", 1).get(0);
    begin("r3", at(5));

    assertThat(ledger.preview(ACME, List.of(failed("a2", 10)), Round.ANOTHER, name -> true))
        .containsExactly(Admission.UNDER_WAY);
    recordAccepted("r2", claimed, "a3");
    LedgerEntry sent = unsettledEntry("r2");
    settle("r2", sent, outcome(sent, log(ACME, "a3", DeliveryStatus.SUCCEEDED).build()));

    assertThat(admit("r3", failed("a2", 10), failed("a3", 11), failed("a", 0)))
        .containsExactly(
            Admission.PART_OF_LINEAGE, Admission.PART_OF_LINEAGE, Admission.ALREADY_DELIVERED);
  }

  @Test
  void admit_whenOnlyTheNewAttemptIsListedInAnotherRound_sendsItOnce() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(4));

    assertThat(ledger.admit("r2", ACME, List.of(failed("a2", 10), failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.ADMITTED, Admission.EARLIER_ATTEMPT);
    assertThat(own("r2")).isEqualTo(Map.of(FOUND, 1L));
  }

  @Test
  void admit_whenFailedAgainInThisRun_doesNotSendItOnceMoreInAnotherRound() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    recordAccepted("r1", claim("r1", 1).get(0), "a2");
    LedgerEntry sent = unsettledEntry("r1");
    settle("r1", sent, outcome(sent, log(ACME, "a2", DeliveryStatus.FAILED).build()));

    assertThat(ledger.admit("r1", ACME, List.of(failed("a", 0), failed("a2", 1)), Round.ANOTHER))
        .containsExactly(Admission.IN_THIS_RUN, Admission.PART_OF_LINEAGE);
    assertThat(claim("r1", 10)).isEmpty();
  }

  @Test
  void admit_whenFailedAgainInAnotherRunThatIsAlive_sendsItInAnotherRoundOnly() {
    begin("r1", T0);
    begin("r2", T0);
    admit("r1", failed("a", 0));
    recordAccepted("r1", claim("r1", 1).get(0), "a2");
    LedgerEntry sent = unsettledEntry("r1");
    settle("r1", sent, outcome(sent, log(ACME, "a2", DeliveryStatus.FAILED).build()));

    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.FIRST))
        .containsExactly(Admission.FAILED_AGAIN_EARLIER);
    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.ADMITTED);
    assertThat(claim("r1", 1)).isEmpty();
    assertThat(claim("r2", 1)).hasSize(1);
  }

  @Test
  void admit_whenRejectedEarlier_sendsItInAnotherRoundOnly() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    ledger.record(
        "r1",
        List.of(claimed),
        List.of(RetryResult.rejected(claimed.delivery(), "not failed", at(1))));
    finish("r1", at(2));
    begin("r2", at(3));

    assertThat(admit("r2", failed("a", 0))).containsExactly(Admission.REJECTED_EARLIER);
    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.ADMITTED);
    assertThat(entry("r2", "a").state()).isEqualTo(FOUND);
    assertThat(entry("r2", "a").reason()).isNull();
    assertThat(entry("r2", "a").settledAt()).isNull();
  }

  @Test
  void admit_whenItWaitsInALivingRun_givesItToBothAndOneClaimsIt() {
    begin("r1", T0);
    admit("r1", failed("a", 0), failed("b", 1));
    begin("r2", T0);

    assertThat(admit("r2", failed("a", 0), failed("b", 1)))
        .containsExactly(Admission.ADMITTED, Admission.ADMITTED);

    assertThat(claim("r2", 1)).extracting(e -> e.key().id()).containsExactly("a");
    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
    assertThat(claim("r2", 9)).isEmpty();
    assertThat(own("r1")).isEqualTo(Map.of(SENDING, 1L));
    assertThat(withOthers("r1")).isEqualTo(Map.of(SENDING, 1L));
    assertThat(entries("r1")).isEqualTo(entries("r2"));
  }

  @Test
  void claim_givesARunNothingThatItWasNotGiven() {
    begin("r1", T0);
    admit("r1", failed("a", 0), failed("b", 1));
    ledger.approve("r1");
    begin("r2", T0);
    admit("r2", failed("b", 1));

    assertThat(claim("r2", 9)).extracting(e -> e.key().id()).containsExactly("b");
  }

  @ParameterizedTest
  @EnumSource(
      value = DeliveryState.class,
      names = {"SENDING", "ACCEPTED", "UNKNOWN"})
  void admit_whenUnderWayInAnotherRun_showsHowItEnds(DeliveryState state) {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    if (state == ACCEPTED) {
      recordAccepted("r1", claimed, "a2");
    } else if (state == UNKNOWN) {
      ledger.record(
          "r1", List.of(claimed), List.of(RetryResult.unknown(claimed.delivery(), "lost", at(1))));
    }
    begin("r2", T0);

    assertThat(ledger.remaining("r2", ACME)).isEqualTo(new RetryLedger.Remaining(0, 0));
    assertThat(preview(List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.UNDER_WAY);
    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.UNDER_WAY);
    assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.IN_THIS_RUN);
    assertThat(claim("r2", 1)).isEmpty();
    assertThat(withOthers("r2")).isEqualTo(Map.of(state, 1L));
    assertThat(ledger.remaining("r2", ACME)).isEqualTo(new RetryLedger.Remaining(0, 1));
    assertThat(ledger.remaining("r1", ACME)).isEqualTo(new RetryLedger.Remaining(0, 0));
  }

  @Test
  void admit_whenItsRunIsFinished_takesWhatWaits() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    finish("r1", at(1));
    begin("r2", at(2));

    assertThat(admit("r2", failed("a", 0))).containsExactly(Admission.ADMITTED);
    assertThat(ledger.remaining("r2", ACME)).isEqualTo(new RetryLedger.Remaining(1, 0));
    assertThat(claim("r2", 10)).hasSize(1);
  }

  @Test
  void admit_whenRunNeverBegan_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> admit("nobody", failed("a", 0)))
        .withMessageContaining("nobody");
  }

  private static FailedDelivery attempt(String id, String lineage, int minute) {
    return FailedDelivery.of(
        log(ACME, id, DeliveryStatus.FAILED)
            .lineage(lineage)
            .createdAt(T0.plusSeconds(60L * minute))
            .build());
  }

  // Preview

  @Test
  void preview_tellsWhatANewRunWouldDoAndWritesNothing() {
    recover("r1", "delivered", DeliveryStatus.SUCCEEDED, "delivered-2");
    recover("r2", "failed", DeliveryStatus.FAILED, "failed-2");
    begin("r3", T0);
    admit("r3", failed("waiting", 0));
    List<FailedDelivery> found =
        Stream.of("new", "delivered", "failed", "failed-2", "waiting", "new")
            .map(id -> failed(id, 0))
            .toList();

    assertThat(preview(found, Round.FIRST))
        .containsExactly(
            Admission.ADMITTED,
            Admission.ALREADY_DELIVERED,
            Admission.FAILED_AGAIN_EARLIER,
            Admission.PART_OF_LINEAGE,
            Admission.ADMITTED,
            Admission.EARLIER_ATTEMPT);
    assertThat(preview(found, Round.ANOTHER))
        .containsExactly(
            Admission.ADMITTED,
            Admission.ALREADY_DELIVERED,
            Admission.ADMITTED,
            Admission.PART_OF_LINEAGE,
            Admission.ADMITTED,
            Admission.EARLIER_ATTEMPT);
    assertThat(preview(List.of(), Round.FIRST)).isEmpty();

    assertThat(own("r1")).isEqualTo(Map.of(DELIVERED, 1L));
    assertThat(own("r2")).isEqualTo(Map.of(FAILED_AGAIN, 1L));
    assertThat(own("r3")).isEqualTo(Map.of(FOUND, 1L));
  }

  @ParameterizedTest
  @EnumSource(Round.class)
  void preview_answersWhatAdmitWouldOverSeveralCalls(Round round) {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    recover("r2", "b", DeliveryStatus.FAILED, "b2");
    finish("r2", at(3));
    List<FailedDelivery> first =
        List.of(failed("a2", 9), attempt("log-1", "lineage-x", 1), failed("b", 0), failed("c", 0));
    List<FailedDelivery> second =
        List.of(failed("b2", 9), attempt("log-2", "lineage-x", 2), failed("a", 0), failed("d", 0));
    var names = new HashSet<String>();

    List<List<Admission>> previewed =
        List.of(
            ledger.preview(ACME, first, round, names::add),
            ledger.preview(ACME, second, round, names::add));

    begin("r3", at(4));
    var ended = new HashSet<String>();
    assertThat(previewed)
        .containsExactly(
            ledger.admit("r3", ACME, first, round, ended::add),
            ledger.admit("r3", ACME, second, round, ended::add));
  }

  // What earlier runs left

  private List<String> leftQueued() {
    var ids = new ArrayList<String>();
    ledger.leftQueued(
        null, ACME, page -> ids.addAll(page.stream().map(entry -> entry.key().id()).toList()));
    return ids;
  }

  @Test
  void leftQueued_whenADeclinedRunFoundThatAClaimNeverWentOut_tellsIt() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    ledger.approve("r1");
    claim("r1", 1);
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    begin("r2", later);
    takeUp("r2", later);
    LedgerEntry lost = unsettledEntry("r2");
    settle("r2", lost, outcome(lost, RetryOutcome.Status.NOT_SENT, "no new attempt"));
    finish("r2", later);

    assertThat(leftQueued()).containsExactly("a");
  }

  @Test
  void leftQueued_tellsWhatWaitsForApprovedRuns_livingOrNot() {
    begin("r1", T0);
    admit("r1", failed("a", 0), failed("b", 1), failed("c", 2));
    assertThat(leftQueued()).isEmpty();
    ledger.approve("r1");
    assertThat(leftQueued()).containsExactly("a", "b", "c");
    recordAccepted("r1", claim("r1", 1).get(0), "a2");

    assertThat(leftQueued()).containsExactly("b", "c");
    finish("r1", at(1));
    assertThat(leftQueued()).containsExactly("b", "c");
    begin("r2", at(2));
    admit("r2", failed("b", 1));
    var left = new ArrayList<LedgerEntry>();
    ledger.leftQueued("r2", ACME, left::addAll);
    assertThat(left).extracting(e -> e.key().id()).containsExactly("c");
  }

  @Test
  void leftQueued_whenTheRunWasNeverApproved_forgetsIt() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    finish("r1", at(1));

    assertThat(leftQueued()).isEmpty();
    begin("r2", at(2));
    assertThat(admit("r2", failed("a", 0))).containsExactly(Admission.ADMITTED);
  }

  @Test
  void leftQueued_whenARunThatTookItAlongWasDeclined_stillTellsIt() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    ledger.approve("r1");
    finish("r1", at(1));
    begin("r2", at(2));
    admit("r2", failed("a", 0), failed("b", 1));
    finish("r2", at(3));

    assertThat(leftQueued()).containsExactly("a");
  }

  @Test
  void leftQueued_isReadInPages_whileItsReaderAdmits() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(4_500), Round.FIRST);
    ledger.approve("r1");
    finish("r1", at(1));
    begin("r2", at(2));
    var pages = new ArrayList<Integer>();

    ledger.leftQueued(
        "r2",
        ACME,
        page -> {
          pages.add(page.size());
          List<FailedDelivery> left = page.stream().map(LedgerEntry::delivery).toList();
          return ledger.admit("r2", ACME, left, Round.FIRST).stream()
              .allMatch(Admission.ADMITTED::equals);
        });

    assertThat(pages).hasSizeGreaterThan(1);
    assertThat(own("r2")).isEqualTo(Map.of(FOUND, 4_500L));
  }

  @Test
  void admit_whenAnotherRoundWasNeverApproved_isStillKnownAsFailedAgain() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(4));
    ledger.admit("r2", ACME, List.of(failed("a", 0)), Round.ANOTHER);
    finish("r2", at(5));
    begin("r3", at(6));

    assertThat(leftQueued()).isEmpty();
    assertThat(admit("r3", failed("a", 0))).containsExactly(Admission.FAILED_AGAIN_EARLIER);
    assertThat(ledger.admit("r3", ACME, List.of(failed("a", 0)), Round.ANOTHER))
        .containsExactly(Admission.ADMITTED);
  }

  @Test
  void admit_whenTakenUp_countsTheFirstOfItsLogsAsThatAndTheOthersAsAttempts() {
    begin("r1", T0);
    admit("r1", attempt("log-1", "lineage-x", 1), attempt("log-2", "lineage-x", 2));
    claim("r1", 1);
    pass(LEASE);
    begin("r2", T0.plus(LEASE));
    takeUp("r2", T0.plus(LEASE));

    assertThat(admit("r2", attempt("log-2", "lineage-x", 2), attempt("log-1", "lineage-x", 1)))
        .containsExactly(Admission.IN_THIS_RUN, Admission.EARLIER_ATTEMPT);
    assertThat(admit("r2", attempt("log-2", "lineage-x", 2)))
        .containsExactly(Admission.IN_THIS_RUN);
  }

  @Test
  void holders_tellsRunsThatHaveAnythingUnderWay() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    assertThat(ledger.holders(ACME)).isEmpty();
    claim("r1", 1);

    pass(Duration.ofMinutes(7));
    assertThat(ledger.holders(ACME)).extracting(RetryLedger.Holder::run).containsExactly("r1");
    assertThat(ledger.holders(ACME).get(0).silence())
        .isBetween(Duration.ofMinutes(7), Duration.ofMinutes(8));
    ledger.alive("r1");
    assertThat(ledger.holders(ACME).get(0).silence()).isLessThan(Duration.ofMinutes(1));
    assertThat(ledger.holders(new Account("voiso", "other"))).isEmpty();
  }

  // Claims

  @Test
  void claim_takesTheOldestFirstAndUnknownTimesBeforeAll() {
    begin("r1", T0);
    admit("r1", failed("c", 3), failed("a", 1));
    admit("r1", failed("b", 2), failed("a-too", 1));
    ledger.admit(
        "r1",
        ACME,
        List.of(FailedDelivery.of(log(ACME, "timeless", DeliveryStatus.FAILED).build())),
        Round.FIRST);

    assertThat(claim("r1", 2)).extracting(e -> e.key().id()).containsExactly("timeless", "a");
    assertThat(claim("r1", 2)).extracting(e -> e.key().id()).containsExactly("a-too", "b");
    assertThat(claim("r1", 2)).extracting(e -> e.key().id()).containsExactly("c");
    assertThat(claim("r1", 2)).isEmpty();
  }

  @Test
  void claim_whenSomethingOlderJoinsTheQueue_takesItBeforeTheRest() {
    begin("r1", T0);
    admit("r1", failed("b", 2), failed("c", 3), failed("d", 4), failed("e", 5));
    LedgerEntry refused = claim("r1", 1).get(0);
    assertThat(claim("r1", 1)).extracting(e -> e.key().id()).containsExactly("c");

    ledger.record(
        "r1", List.of(refused), List.of(RetryResult.notSent(refused.delivery(), "refused", at(1))));
    assertThat(claim("r1", 1)).extracting(e -> e.key().id()).containsExactly("b");

    admit("r1", failed("a", 1));
    assertThat(claim("r1", 3)).extracting(e -> e.key().id()).containsExactly("a", "d", "e");
  }

  @Test
  void claim_marksAsSendingAndCountsTheSend() {
    begin("r1", T0);
    admit("r1", failed("a", 0));

    LedgerEntry claimed = ledger.claim("r1", ACME, Grouping.ANY, 5, at(7), LEASE).get(0);

    assertThat(claimed.state()).isEqualTo(SENDING);
    assertThat(claimed.sends()).isEqualTo(1);
    assertThat(claimed.requestedAt()).isEqualTo(at(7));
    assertThat(claimed.delivery()).isEqualTo(failed("a", 0));
    assertThat(entries("r1")).containsExactly(claimed);
  }

  @Test
  void claim_keepsAccountsApart() {
    begin("r1", T0);
    Account other = new Account("chatt2me", "other");
    admit("r1", failed("a", 0));
    ledger.admit(
        "r1",
        other,
        List.of(FailedDelivery.of(log(other, "b", DeliveryStatus.FAILED).build())),
        Round.FIRST);

    assertThat(claim("r1", 10)).extracting(e -> e.key().id()).containsExactly("a");
    assertThat(ledger.claim("r1", other, Grouping.ANY, 10, T0, LEASE))
        .extracting(e -> e.key().id())
        .containsExactly("b");
    assertThat(ledger.claim("r1", new Account("voiso", "never seen"), Grouping.ANY, 10, T0, LEASE))
        .isEmpty();
  }

  @Test
  void claim_whenOneWebhookIsAskedFor_takesThoseOfTheOldest() {
    begin("r1", T0);
    admit("r1", ofWebhook("a", "x", 1), ofWebhook("b", "y", 2), ofWebhook("c", "x", 3));
    admit("r1", ofWebhook("d", "y", 4), ofWebhook("e", "x", 5), ofWebhook("f", null, 6));

    assertThat(claimOneWebhook("r1", 2)).containsExactly("a", "c");
    assertThat(claimOneWebhook("r1", 9)).containsExactly("b", "d");
    assertThat(claimOneWebhook("r1", 9)).containsExactly("e");
    assertThat(claimOneWebhook("r1", 9)).containsExactly("f");
  }

  private List<String> claimOneWebhook(String run, int most) {
    return ledger.claim(run, ACME, Grouping.ONE_WEBHOOK, most, T0, LEASE).stream()
        .map(entry -> entry.key().id())
        .toList();
  }

  private static FailedDelivery ofWebhook(String id, String webhook, int minute) {
    return FailedDelivery.of(
        log(ACME, id, DeliveryStatus.FAILED)
            .webhook(webhook, null, null)
            .createdAt(at(60L * minute))
            .build());
  }

  @Test
  void claimFirst_takesTheOldestFewOfEachWebhook_orOfOne() {
    begin("r1", T0);
    admit("r1", ofWebhook("a", "x", 1), ofWebhook("b", "y", 2), ofWebhook("c", "x", 3));
    admit("r1", ofWebhook("d", "x", 4), ofWebhook("e", null, 5), ofWebhook("f", "y", 6));

    assertThat(claimFirst(Grouping.ONE_WEBHOOK, 2, Set.of("y"))).containsExactly("a", "c");
    assertThat(claimFirst(Grouping.ANY, 1, Set.of("x"))).containsExactly("b", "e");
    assertThat(claimFirst(Grouping.ANY, 2, Set.of(""))).containsExactly("d", "f");
    assertThat(claimFirst(Grouping.ANY, 2, Set.of())).isEmpty();
    assertThat(own("r1")).isEqualTo(Map.of(SENDING, 6L));
  }

  private List<String> claimFirst(Grouping grouping, int each, Set<String> except) {
    return ledger.claimFirst("r1", ACME, grouping, each, except, 100, T0, LEASE).stream()
        .map(entry -> entry.key().id())
        .toList();
  }

  @Test
  void claimFirst_ofSiblings_takesOne() {
    begin("r1", T0);
    admit("r1", sibling("a", 1), sibling("b", 2), failed("c", 3));

    assertThat(claimFirst(Grouping.ANY, 3, Set.of())).containsExactly("a", "c");
    assertThat(claimFirst(Grouping.ANY, 3, Set.of())).isEmpty();
  }

  @Test
  void holdBack_keepsThatRunFromSendingToAWebhook_andNoOther() {
    begin("r1", T0);
    begin("r2", T0);
    admit("r1", ofWebhook("a", "x", 1), ofWebhook("b", "y", 2), ofWebhook("c", "x", 3));
    admit("r2", ofWebhook("a", "x", 1), ofWebhook("c", "x", 3));
    LedgerEntry sent = claim("r1", 1).get(0);

    ledger.holdBack("r1", ACME, "x");
    ledger.record(
        "r1", List.of(sent), List.of(RetryResult.notSent(sent.delivery(), "refused", at(1))));

    assertThat(ledger.remaining("r1", ACME)).isEqualTo(new RetryLedger.Remaining(1, 0));
    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
    assertThat(claimFirst(Grouping.ANY, 9, Set.of())).isEmpty();
    assertThat(own("r1")).isEqualTo(Map.of(SENDING, 1L, FOUND, 2L));
    assertThat(claim("r2", 9)).extracting(e -> e.key().id()).containsExactly("a", "c");
  }

  @Test
  void claim_whenManyOfAnotherWebhookComeBetween_stillFillsUp() {
    begin("r1", T0);
    var found = new ArrayList<FailedDelivery>();
    found.add(ofWebhook("first", "x", 0));
    IntStream.range(1, 3000).forEach(i -> found.add(ofWebhook("other-" + i, "y", i)));
    found.add(ofWebhook("last", "x", 3000));
    ledger.admit("r1", ACME, found, Round.FIRST);

    assertThat(claimOneWebhook("r1", 5)).containsExactly("first", "last");
  }

  @Test
  void claim_whenSiblingsWaitTogether_takesThemTogether() {
    begin("r1", T0);
    admit("r1", sibling("a", 1), sibling("b", 2));

    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("a", "b");
  }

  @Test
  void claim_whileSiblingIsOut_leavesTheOthersWaiting() {
    begin("r1", T0);
    admit("r1", sibling("a", 1), sibling("b", 2), failed("c", 3));
    LedgerEntry first = claim("r1", 1).get(0);

    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("c");
    ledger.record(
        "r1", List.of(first), List.of(RetryResult.unknown(first.delivery(), "lost", at(1))));
    assertThat(claim("r1", 9)).isEmpty();
    LedgerEntry unknown = unsettledEntry("r1");
    settle("r1", unknown, outcome(unknown, RetryOutcome.Status.UNKNOWN, "no evidence"));
    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
  }

  @Test
  void claim_whenSiblingsRetryIsAccepted_letsTheOthersGo() {
    begin("r1", T0);
    admit("r1", sibling("a", 1), sibling("b", 2));
    recordAccepted("r1", claim("r1", 1).get(0), "a2");

    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
  }

  @Test
  void claim_whileSiblingIsOutInAnotherRun_leavesItWaiting() {
    begin("r1", T0);
    begin("r2", T0);
    admit("r1", sibling("a", 1));
    admit("r2", sibling("b", 2));
    LedgerEntry other = claim("r1", 1).get(0);

    assertThat(claim("r2", 9)).isEmpty();
    recordAccepted("r1", other, "a2");
    assertThat(claim("r2", 9)).hasSize(1);
  }

  @Test
  void admit_whileSiblingIsOut_leavesItToALaterRun() {
    begin("r1", T0);
    begin("r2", T0);
    admit("r1", sibling("a", 1));
    LedgerEntry claimed = claim("r1", 1).get(0);

    assertThat(preview(List.of(sibling("a2", 2)), Round.FIRST))
        .containsExactly(Admission.MAY_BE_RETRY);
    assertThat(admit("r2", sibling("a2", 2), failed("b", 3), sibling("c", 4, "lineage-c")))
        .containsExactly(Admission.MAY_BE_RETRY, Admission.ADMITTED, Admission.ADMITTED);

    recordAccepted("r1", claimed, "a2");
    assertThat(admit("r2", sibling("a2", 2), sibling("d", 5)))
        .containsExactly(Admission.UNDER_WAY, Admission.ADMITTED);
  }

  @Test
  void admit_whenARunDiedWithoutNamingItsRetrysLog_doesNotSendThatLogBesideIt() {
    begin("r1", T0);
    admit("r1", sibling("a", 1));
    claim("r1", 1);
    begin("r2", at(1));
    assertThat(takeUp("r2", at(1))).isZero();

    List<Admission> withinTheLease =
        ledger.admit("r2", ACME, List.of(sibling("a2", 2)), Round.FIRST);

    Instant later = T0.plus(LEASE);
    finish("r2", later);
    pass(LEASE);
    begin("r3", later);
    assertThat(takeUp("r3", later)).isEqualTo(1);
    LedgerEntry unknown = unsettledEntry("r3");
    assertThat(ledger.admit("r3", ACME, List.of(sibling("a2", 2)), Round.FIRST))
        .containsExactly(Admission.MAY_BE_RETRY);
    assertThat(ledger.logsOfSiblings(List.of(unknown))).isEmpty();
    ledger.settle(
        "r3",
        List.of(unknown),
        List.of(outcome(unknown, sibling("a2", 2).latest())),
        later.plusSeconds(1));
    assertThat(withinTheLease).containsExactly(Admission.MAY_BE_RETRY);
    assertThat(ledger.admit("r3", ACME, List.of(sibling("a2", 2)), Round.FIRST))
        .containsExactly(Admission.PART_OF_LINEAGE);
    assertThat(ledger.claim("r3", ACME, Grouping.ANY, 10, later, LEASE)).isEmpty();
  }

  @Test
  void claim_whenTheProviderTellsTheLineage_knowsNoSiblings() {
    begin("r1", T0);
    admit("r1", sibling("a", 1, "lineage-a"), sibling("b", 2, "lineage-b"));
    LedgerEntry first = claim("r1", 1).get(0);

    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
    assertThat(ledger.logsOfSiblings(List.of(first))).isEmpty();
  }

  @Test
  void logsOfSiblings_tellsTheirOwnAndThoseOfTheirRetries() {
    begin("r1", T0);
    admit("r1", sibling("a", 1), sibling("b", 2), failed("c", 3));
    List<LedgerEntry> claimed = claim("r1", 9);
    recordAccepted("r1", claimed.get(0), "a2");
    LedgerEntry sent = unsettledEntry("r1");
    Map<Long, List<String>> whileOpen = ledger.logsOfSiblings(claimed.subList(1, 3));
    settle("r1", sent, outcome(sent, sibling("a2", 9).latest()));

    assertThat(ledger.logsOfSiblings(claimed.subList(0, 1)))
        .isEqualTo(Map.of(claimed.get(0).id(), List.of("b")));
    Map<Long, List<String>> logs = ledger.logsOfSiblings(claimed.subList(1, 3));
    assertThat(logs).containsOnlyKeys(claimed.get(1).id());
    assertThat(logs.get(claimed.get(1).id())).containsExactlyInAnyOrder("a", "a2");
    assertThat(whileOpen).containsOnlyKeys(claimed.get(1).id());
    assertThat(whileOpen.get(claimed.get(1).id())).containsExactlyInAnyOrder("a", "a2");
    assertThat(ledger.logsOfSiblings(claimed)).isEmpty();
    assertThat(ledger.logsOfSiblings(List.of())).isEmpty();
  }

  private static FailedDelivery sibling(String id, int minute) {
    return sibling(id, minute, id);
  }

  private static FailedDelivery sibling(String id, int minute, String lineage) {
    return FailedDelivery.of(
        log(ACME, id, DeliveryStatus.FAILED)
            .event("one message", "MessageStatus")
            .lineage(lineage)
            .createdAt(at(60L * minute))
            .build());
  }

  @Test
  void claim_whenEightThreadsClaim_givesEachDeliveryOnce() throws Exception {
    begin("r1", T0);
    int deliveries = 600;
    ledger.admit("r1", ACME, failures(deliveries), Round.FIRST);

    List<Long> claimed = Collections.synchronizedList(new ArrayList<>());
    inEightThreads(
        thread -> {
          while (true) {
            List<LedgerEntry> entries = claim("r1", 1 + thread);
            if (entries.isEmpty()) {
              return null;
            }
            entries.forEach(entry -> claimed.add(entry.id()));
            ledger.record(
                "r1", entries, entries.stream().map(e -> accepted(e, "new-of-" + e.id())).toList());
          }
        });

    assertThat(claimed).hasSize(deliveries).doesNotHaveDuplicates();
    assertThat(own("r1")).isEqualTo(Map.of(ACCEPTED, (long) deliveries));
  }

  @Test
  void claim_whenEightRunsWereGivenTheSame_givesEachDeliveryToOne() throws Exception {
    int deliveries = 400;
    List<FailedDelivery> found = failures(deliveries);
    for (int i = 0; i < 8; i++) {
      begin("r" + i, T0);
    }

    List<Long> claimed = Collections.synchronizedList(new ArrayList<>());
    inEightThreads(
        thread -> {
          var rotated = new ArrayList<>(found);
          Collections.rotate(rotated, thread * 50);
          for (int i = 0; i < deliveries; i += 20) {
            ledger.admit("r" + thread, ACME, rotated.subList(i, i + 20), Round.FIRST);
            claim("r" + thread, 3).forEach(entry -> claimed.add(entry.id()));
          }
          return null;
        });
    for (int i = 0; i < 8; i++) {
      claim("r" + i, deliveries).forEach(entry -> claimed.add(entry.id()));
    }

    assertThat(claimed).hasSize(deliveries).doesNotHaveDuplicates();
    long own = 0;
    for (int i = 0; i < 8; i++) {
      own += own("r" + i).getOrDefault(SENDING, 0L);
      assertThat(entries("r" + i)).hasSize(deliveries);
    }
    assertThat(own).isEqualTo(deliveries);
  }

  private interface ThreadWork {
    Void run(int thread) throws Exception;
  }

  private static void inEightThreads(ThreadWork work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      var start = new CountDownLatch(1);
      List<Future<Void>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int thread = i;
        Callable<Void> task =
            () -> {
              start.await();
              return work.run(thread);
            };
        done.add(threads.submit(task));
      }
      start.countDown();
      for (Future<Void> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  // Results

  @Test
  void record_keepsWhatCameOfEachRequest() {
    begin("r1", T0);
    admit("r1", failed("a", 0), failed("b", 1), failed("c", 2), failed("d", 3), failed("e", 4));
    List<LedgerEntry> claimed = claim("r1", 5);
    List<FailedDelivery> deliveries = claimed.stream().map(LedgerEntry::delivery).toList();

    ledger.record(
        "r1",
        claimed,
        List.of(
            RetryResult.accepted(deliveries.get(0), "a2", at(1)),
            RetryResult.accepted(deliveries.get(1), null, at(2)),
            RetryResult.rejected(deliveries.get(2), "not failed", at(3)),
            RetryResult.notSent(deliveries.get(3), "refused", at(4)),
            RetryResult.unknown(deliveries.get(4), "no answer", at(5))));

    assertEntry("a", ACCEPTED, "a2", null, at(1), null);
    assertEntry("b", ACCEPTED, null, null, at(2), null);
    assertEntry("c", REJECTED, null, "not failed", at(3), at(3));
    assertEntry("d", FOUND, null, "refused", at(4), null);
    assertEntry("e", UNKNOWN, null, "no answer", at(5), null);
    assertThat(own("r1")).isEqualTo(Map.of(ACCEPTED, 2L, REJECTED, 1L, FOUND, 1L, UNKNOWN, 1L));
  }

  @Test
  void record_whenNotSent_letsItBeClaimedAgain() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    RetryResult notSent = RetryResult.notSent(claimed.delivery(), "refused", at(1));
    ledger.record("r1", List.of(claimed), List.of(notSent));

    LedgerEntry again = ledger.claim("r1", ACME, Grouping.ANY, 1, at(9), LEASE).get(0);

    assertThat(again.sends()).isEqualTo(2);
    assertThat(again.reason()).isNull();
    assertThat(again.requestedAt()).isEqualTo(at(9));
    ledger.record("r1", List.of(claimed), List.of(notSent));
    assertThat(entry("r1", "a")).isEqualTo(again);
  }

  @Test
  void record_whenDoneTwice_changesNothing() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    recordAccepted("r1", claimed, "a2");
    LedgerEntry recorded = entry("r1", "a");

    recordAccepted("r1", claimed, "a2");
    ledger.record(
        "r1", List.of(claimed), List.of(RetryResult.rejected(claimed.delivery(), "no", at(9))));

    assertThat(entry("r1", "a")).isEqualTo(recorded);
  }

  @Test
  void record_whenNewLogWasClaimedAlready_leavesThatClaim() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    admit("r1", failed("a2", 1));
    claim("r1", 1);

    recordAccepted("r1", claimed, "a2");

    assertThat(entry("r1", "a2").state()).isEqualTo(SENDING);
    assertThat(entry("r1", "a").newLogId()).isEqualTo("a2");
  }

  @Test
  void record_whenTheProviderRetriesTheSameLog_doesNotJoinItToItself() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    recordAccepted("r1", claim("r1", 1).get(0), "a");

    assertThat(entry("r1", "a").state()).isEqualTo(ACCEPTED);
    assertThat(admit("r1", failed("a", 0))).containsExactly(Admission.IN_THIS_RUN);
  }

  @Test
  void record_whenSizesDiffer_isRefused() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    List<LedgerEntry> claimed = claim("r1", 1);

    assertThatIllegalArgumentException().isThrownBy(() -> ledger.record("r1", claimed, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ledger.settle("r1", claimed, List.of(), T0));
  }

  private void assertEntry(
      String id,
      DeliveryState state,
      String newLogId,
      String reason,
      Instant requestedAt,
      Instant settledAt) {
    LedgerEntry entry = entry("r1", id);
    assertThat(entry.state()).isEqualTo(state);
    assertThat(entry.newLogId()).isEqualTo(newLogId);
    assertThat(entry.reason()).isEqualTo(reason);
    assertThat(entry.requestedAt()).isEqualTo(requestedAt);
    assertThat(entry.settledAt()).isEqualTo(settledAt);
    assertThat(entry.sends()).isEqualTo(1);
  }

  // Outcomes

  @Test
  void settle_whenDelivered_endsIt() {
    LedgerEntry sent = sent("a", null);

    settle("r1", sent, outcome(sent, log(ACME, "a2", DeliveryStatus.SUCCEEDED).build()));

    assertEntry("a", DELIVERED, "a2", null, at(1), at(2));
    assertThat(entry("r1", "a").delivery()).isEqualTo(failed("a", 0));
    assertThat(ledger.unsettled("r1", ACME, 0, 10)).isEmpty();
    assertThat(admit("r1", failed("a2", 1))).containsExactly(Admission.PART_OF_LINEAGE);
  }

  @Test
  void settle_whenFailedAgain_makesTheNewAttemptTheDelivery() {
    LedgerEntry sent = sent("a", "a2");
    WebhookLog newAttempt =
        log(ACME, "a2", DeliveryStatus.FAILED)
            .httpStatus(404)
            .createdAt(at(100))
            .attemptedAt(at(101))
            .attemptNumber(2)
            .build();

    settle("r1", sent, outcome(sent, newAttempt));

    assertEntry("a", FAILED_AGAIN, "a2", null, at(1), at(2));
    assertThat(entry("r1", "a").delivery())
        .isEqualTo(new FailedDelivery(newAttempt, FailureCause.NOT_FOUND));
  }

  @Test
  void settle_whenProviderTellsNoStatus_keepsTheCause() {
    begin("r1", T0);
    WebhookLog.Builder silent = log(ACME, "a", DeliveryStatus.FAILED).httpStatus(null);
    ledger.admit(
        "r1", ACME, List.of(new FailedDelivery(silent.build(), FailureCause.UNKNOWN)), Round.FIRST);
    recordAccepted("r1", claim("r1", 1).get(0), null);
    LedgerEntry sent = unsettledEntry("r1");

    settle("r1", sent, outcome(sent, silent.attemptedAt(at(9)).build()));

    assertThat(entry("r1", "a").delivery().cause()).isEqualTo(FailureCause.UNKNOWN);
    assertThat(entry("r1", "a").delivery().latest().attemptedAt()).isEqualTo(at(9));
  }

  @Test
  void settle_whenNotSent_putsItBack() {
    LedgerEntry sent = sent("a", null);

    settle("r1", sent, outcome(sent, RetryOutcome.Status.NOT_SENT, "no new attempt"));

    assertEntry("a", FOUND, null, "no new attempt", at(1), null);
    assertThat(claim("r1", 1)).hasSize(1);
  }

  @Test
  void settle_whenPending_changesTheReasonAlone() {
    LedgerEntry sent = sent("a", null);
    RetryOutcome pending =
        new RetryOutcome(
            sent.toResult(),
            RetryOutcome.Status.PENDING,
            log(ACME, "a2", DeliveryStatus.PENDING).build(),
            "under way");

    settle("r1", sent, pending);

    assertEntry("a", ACCEPTED, null, "under way", at(1), null);
    LedgerEntry again = unsettledEntry("r1");
    settle("r1", again, outcome(again, log(ACME, "a2", DeliveryStatus.SUCCEEDED).build()));
    assertEntry("a", DELIVERED, "a2", null, at(1), at(2));
  }

  @Test
  void settle_whenUnknown_staysWithItsRunAndIsNeverSentAgain() {
    LedgerEntry sent = sent("a", "a2");

    settle("r1", sent, outcome(sent, RetryOutcome.Status.UNKNOWN, "two candidates"));

    assertEntry("a", UNKNOWN, "a2", "two candidates", at(1), at(2));
    assertThat(ledger.unsettled("r1", ACME, 0, 10)).isEmpty();
    finish("r1", at(3));
    begin("r2", at(4));
    assertThat(takeUp("r2", at(4))).isZero();
    for (Round round : Round.values()) {
      assertThat(preview(List.of(failed("a", 0)), round))
          .containsExactly(Admission.UNKNOWN_EARLIER);
      assertThat(ledger.admit("r2", ACME, List.of(failed("a", 0), failed("a2", 9)), round))
          .containsExactly(Admission.UNKNOWN_EARLIER, Admission.PART_OF_LINEAGE);
    }
    assertThat(ledger.claim("r2", ACME, Grouping.ANY, 10, at(4), LEASE)).isEmpty();
    assertThat(own("r2")).isEmpty();
    assertThat(own("r1")).isEqualTo(Map.of(UNKNOWN, 1L));
  }

  @Test
  void settle_whenDoneTwice_changesNothing() {
    LedgerEntry sent = sent("a", "a2");
    settle("r1", sent, outcome(sent, log(ACME, "a2", DeliveryStatus.SUCCEEDED).build()));
    LedgerEntry settled = entry("r1", "a");

    ledger.settle(
        "r1", List.of(sent), List.of(outcome(sent, RetryOutcome.Status.NOT_SENT, "stale")), at(99));

    assertThat(entry("r1", "a")).isEqualTo(settled);
  }

  @Test
  void settle_whenNotUnsettled_changesNothing() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    RetryResult result = accepted(claimed, null);

    settle("r1", claimed, RetryOutcome.of(result, RetryOutcome.Status.NOT_SENT, "early"));

    assertThat(entry("r1", "a")).isEqualTo(claimed);
  }

  /** An entry of run r1 that the provider accepted. */
  private LedgerEntry sent(String id, String newLogId) {
    begin("r1", T0);
    admit("r1", failed(id, 0));
    recordAccepted("r1", claim("r1", 1).get(0), newLogId);
    return unsettledEntry("r1");
  }

  @Test
  void unsettled_givesPagesById() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(25), Round.FIRST);
    List<LedgerEntry> claimed = claim("r1", 20);
    var results = new ArrayList<RetryResult>();
    for (int i = 0; i < 20; i++) {
      FailedDelivery delivery = claimed.get(i).delivery();
      results.add(
          i % 2 == 0
              ? RetryResult.accepted(delivery, "new-" + i, at(1))
              : RetryResult.unknown(delivery, "lost", at(1)));
    }
    ledger.record("r1", claimed.subList(0, 18), results.subList(0, 18));

    var ids = new ArrayList<Long>();
    long after = 0;
    List<LedgerEntry> page;
    do {
      page = ledger.unsettled("r1", ACME, after, 7);
      page.forEach(entry -> ids.add(entry.id()));
      after = ids.get(ids.size() - 1);
    } while (page.size() == 7);

    assertThat(ids).hasSize(18).isSorted().doesNotHaveDuplicates();
    assertThat(ledger.unsettled("r1", new Account("chatt2me", "other"), 0, 10)).isEmpty();
  }

  // Runs that died

  @Test
  void begin_whenTwice_isRefused() {
    begin("r1", T0);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> begin("r1", T0))
        .withMessageContaining("r1");
  }

  @Test
  void takeUp_whenARunIsSilentAndItsLeasesHavePassed_makesItsClaimsUnknown() {
    begin("r1", T0);
    admit("r1", failed("claimed", 0), failed("accepted", 1), failed("waiting", 2));
    List<LedgerEntry> claimed = claim("r1", 2);
    recordAccepted("r1", claimed.get(1), "accepted-2");
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    begin("r2", later);

    assertThat(takeUp("r2", later)).isEqualTo(2);

    assertThat(own("r2")).isEqualTo(Map.of(UNKNOWN, 1L, ACCEPTED, 1L));
    assertThat(own("r1")).isEqualTo(Map.of(FOUND, 1L));
    assertThat(withOthers("r1")).isEqualTo(Map.of(UNKNOWN, 1L, ACCEPTED, 1L));
    LedgerEntry unknown = entry("r2", "claimed");
    assertThat(unknown.requestedAt()).isEqualTo(claimed.get(0).requestedAt());
    assertThat(unknown.lostAt()).isEqualTo(later);
    assertThat(unknown.toResult().startedAt()).isEqualTo(claimed.get(0).requestedAt());
    assertThat(unknown.toResult().requestedAt()).isEqualTo(later);
    assertThat(unknown.sends()).isEqualTo(1);
    assertThat(unknown.reason()).isNotBlank();
    assertThat(entry("r2", "accepted").requestedAt()).isEqualTo(at(1));
    assertThat(ledger.unsettled("r2", ACME, 0, 10)).hasSize(2);
    assertThat(ledger.unsettled("r1", ACME, 0, 10)).isEmpty();
    assertThat(takeUp("r2", later)).isZero();
  }

  @Test
  void takeUp_whileALeaseLasts_leavesThatClaimAlone() {
    begin("r1", T0);
    admit("r1", failed("claimed", 0), failed("accepted", 1));
    List<LedgerEntry> claimed = claim("r1", 2);
    recordAccepted("r1", claimed.get(1), null);
    begin("r2", T0);

    pass(SILENCE.minus(A_MOMENT));
    assertThat(takeUp("r2", T0)).isZero();
    pass(A_MOMENT);
    assertThat(takeUp("r2", T0)).isEqualTo(1);
    assertThat(own("r2")).isEqualTo(Map.of(ACCEPTED, 1L));
    pass(LEASE.minus(SILENCE).minus(A_MOMENT));
    assertThat(takeUp("r2", T0)).isZero();
    pass(A_MOMENT);
    assertThat(takeUp("r2", T0)).isEqualTo(1);
    assertThat(own("r2")).isEqualTo(Map.of(ACCEPTED, 1L, UNKNOWN, 1L));
  }

  @Test
  void takeUp_whileARunShowsThatItLives_leavesEverythingToIt() {
    begin("r1", T0);
    admit("r1", failed("claimed", 0), failed("accepted", 1));
    recordAccepted("r1", claim("r1", 2).get(1), null);
    pass(LEASE);
    ledger.alive("r1");
    begin("r2", T0);

    pass(SILENCE.minus(A_MOMENT));
    assertThat(takeUp("r2", T0)).isZero();
    assertThat(ledger.takeUp("r2", new Account("voiso", "x"), T0, SILENCE)).isZero();
    assertThat(own("r1")).isEqualTo(Map.of(SENDING, 1L, ACCEPTED, 1L));
    pass(A_MOMENT);
    assertThat(takeUp("r2", T0)).isEqualTo(2);
  }

  @Test
  void takeUp_whenARunHasEnded_takesWhatIsOpenAtOnce() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    recordAccepted("r1", claim("r1", 1).get(0), null);
    finish("r1", at(2));
    begin("r2", at(3));
    admit("r2", failed("a", 0));

    // It was given to the run when it was listed.
    assertThat(takeUp("r2", at(3))).isZero();
    assertThat(ledger.unsettled("r2", ACME, 0, 10)).hasSize(1);
    assertThat(own("r2")).isEqualTo(Map.of(ACCEPTED, 1L));
  }

  @Test
  void takeUp_whenItTurnsOutNotSent_letsTheRunSendIt() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    claim("r1", 1);
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    begin("r2", later);
    takeUp("r2", later);
    LedgerEntry lost = unsettledEntry("r2");

    settle("r2", lost, outcome(lost, RetryOutcome.Status.NOT_SENT, "no new attempt"));

    assertThat(ledger.remaining("r2", ACME)).isEqualTo(new RetryLedger.Remaining(1, 0));
    assertThat(ledger.remaining("r1", ACME)).isEqualTo(new RetryLedger.Remaining(1, 0));
    assertThat(ledger.claim("r2", ACME, Grouping.ANY, 9, later, LEASE)).hasSize(1);
  }

  @Test
  void takeUp_neverTakesFromTheRunItself() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    claim("r1", 1);
    pass(LEASE);

    assertThat(takeUp("r1", T0.plus(LEASE))).isZero();
    assertThat(own("r1")).isEqualTo(Map.of(SENDING, 1L));
  }

  @Test
  void record_whenTakenUp_leavesTheEntryButKnowsTheLog() {
    begin("r1", T0);
    admit("r1", failed("a", 0));
    LedgerEntry claimed = claim("r1", 1).get(0);
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    begin("r2", later);
    takeUp("r2", later);
    LedgerEntry taken = entry("r2", "a");

    recordAccepted("r1", claimed, "a2");

    assertThat(entry("r2", "a")).isEqualTo(taken);
    assertThat(admit("r2", failed("a2", 1))).containsExactly(Admission.PART_OF_LINEAGE);
  }

  @Test
  void settle_whenTakenUp_leavesTheEntry() {
    LedgerEntry sent = sent("a", "a2");
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    begin("r2", later);
    takeUp("r2", later);
    LedgerEntry taken = entry("r2", "a");

    settle("r1", sent, outcome(sent, RetryOutcome.Status.NOT_SENT, "nothing there"));

    assertThat(entry("r2", "a")).isEqualTo(taken);
    assertThat(ledger.claim("r2", ACME, Grouping.ANY, 1, later, LEASE)).isEmpty();
  }

  @Test
  void takeUp_whenEightRunsRace_givesEachDeliveryToOne() throws Exception {
    begin("dead", T0);
    ledger.admit("dead", ACME, failures(200), Round.FIRST);
    claim("dead", 200);
    Instant later = T0.plus(LEASE);
    pass(LEASE);
    for (int i = 0; i < 8; i++) {
      begin("r" + i, later);
    }

    List<Long> taken = Collections.synchronizedList(new ArrayList<>());
    inEightThreads(
        thread -> {
          taken.add(takeUp("r" + thread, later));
          return null;
        });

    assertThat(taken.stream().mapToLong(Long::longValue).sum()).isEqualTo(200);
    assertThat(IntStream.range(0, 8).mapToLong(i -> own("r" + i).getOrDefault(UNKNOWN, 0L)).sum())
        .isEqualTo(200);
    assertThat(own("dead")).isEmpty();
    assertThat(withOthers("dead")).isEqualTo(Map.of(UNKNOWN, 200L));
  }

  @Test
  void claimsOfOthers_tellsOpenClaimsWhoseLeaseLasts() {
    begin("r1", T0);
    begin("r2", T0);
    assertThat(ledger.claimsOfOthers("r2", ACME)).isEmpty();
    admit("r1", failed("a", 0), failed("b", 1), failed("c", 2));
    List<LedgerEntry> claimed = claim("r1", 2);

    assertThat(ledger.claimsOfOthers("r2", ACME))
        .containsExactlyInAnyOrder(claimed.get(0).id(), claimed.get(1).id());
    assertThat(ledger.claimsOfOthers("r1", ACME)).isEmpty();
    assertThat(ledger.claimsOfOthers("r2", new Account("voiso", "x"))).isEmpty();
    recordAccepted("r1", claimed.get(0), null);
    assertThat(ledger.claimsOfOthers("r2", ACME)).containsExactly(claimed.get(1).id());
    pass(LEASE);
    assertThat(ledger.claimsOfOthers("r2", ACME)).isEmpty();
  }

  // One delivery under several names of its account

  private static final Account SALES = new Account("baanx", "sales", Account.Identity.AT_PROVIDER);
  private static final Account HOST =
      new Account("baanx", "api.example.com", Account.Identity.AT_PROVIDER);

  private static FailedDelivery failed(Account account, String id) {
    return FailedDelivery.of(log(account, id, DeliveryStatus.FAILED).createdAt(T0).build());
  }

  private List<Admission> admit(String run, Account account, String... ids) {
    List<FailedDelivery> found = Stream.of(ids).map(id -> failed(account, id)).toList();
    return ledger.admit(run, account, found, Round.FIRST);
  }

  @Test
  void admit_whenIdsAreUnique_knowsADeliveryByWhateverNameOfItsAccount() {
    ledger.begin(new LedgerRun("r1", List.of(SALES), T0));
    admit("r1", SALES, "a", "b", "c", "d");
    ledger.approve("r1");
    List<LedgerEntry> claimed = ledger.claim("r1", SALES, Grouping.ANY, 2, T0, LEASE);
    ledger.record(
        "r1", claimed, List.of(accepted(claimed.get(0), "a2"), accepted(claimed.get(1), "b2")));
    ledger.settle(
        "r1",
        ledger.unsettled("r1", SALES, 0, 1),
        List.of(
            outcome(
                ledger.unsettled("r1", SALES, 0, 1).get(0),
                log(SALES, "a2", DeliveryStatus.FAILED).build())),
        at(2));

    assertThat(
            ledger.preview(
                HOST, List.of(failed(HOST, "a"), failed(HOST, "c")), Round.FIRST, n -> true))
        .containsExactly(Admission.FAILED_AGAIN_EARLIER, Admission.ADMITTED);
    ledger.begin(new LedgerRun("r2", List.of(HOST), T0));
    assertThat(admit("r2", HOST, "a", "a2", "b", "b2", "c"))
        .containsExactly(
            Admission.FAILED_AGAIN_EARLIER,
            Admission.PART_OF_LINEAGE,
            Admission.UNDER_WAY,
            Admission.PART_OF_LINEAGE,
            Admission.ADMITTED);

    assertThat(ledger.standing("r2", HOST).own()).isEqualTo(Map.of(FOUND, 1L));
    assertThat(ledger.standing("r2", HOST).others()).isEqualTo(Map.of(ACCEPTED, 1L));
    assertThat(ledger.remaining("r2", HOST)).isEqualTo(new RetryLedger.Remaining(1, 1));
    List<LedgerEntry> byHost = ledger.claim("r2", HOST, Grouping.ANY, 9, T0, LEASE);
    assertThat(byHost).extracting(LedgerEntry::delivery).containsExactly(failed(HOST, "c"));
    assertThat(ledger.claim("r1", SALES, Grouping.ANY, 9, T0, LEASE))
        .extracting(e -> e.key().id())
        .containsExactly("d");
    assertThat(ledger.unsettled("r1", SALES, 0, 9))
        .extracting(LedgerEntry::delivery)
        .containsExactly(failed(SALES, "b"));
    assertThat(ledger.standing("r1", SALES).own())
        .isEqualTo(Map.of(FAILED_AGAIN, 1L, ACCEPTED, 1L, SENDING, 1L));
    assertThat(ledger.standing("r1", SALES).others()).isEqualTo(Map.of(SENDING, 1L));
  }

  @Test
  void takeUp_takesWhatWasListedForTheAccountLast() {
    ledger.begin(new LedgerRun("r1", List.of(SALES), T0));
    admit("r1", SALES, "a", "b");
    ledger.approve("r1");
    List<LedgerEntry> claimed = ledger.claim("r1", SALES, Grouping.ANY, 2, T0, LEASE);
    ledger.record(
        "r1", claimed, List.of(accepted(claimed.get(0), "a2"), accepted(claimed.get(1), "b2")));
    ledger.begin(new LedgerRun("r2", List.of(HOST), T0));
    admit("r2", HOST, "b");
    pass(LEASE);

    assertThat(ledger.takeUp("r2", HOST, T0, SILENCE)).isZero();
    assertThat(ledger.unsettled("r2", HOST, 0, 9))
        .extracting(LedgerEntry::delivery)
        .containsExactly(failed(HOST, "b"));
    assertThat(ledger.holders(SALES)).extracting(RetryLedger.Holder::run).containsExactly("r1");
  }

  @Test
  void about_tellsHowMuchIsRemembered() {
    assertThat(ledger.about(ACME).deliveries()).isZero();
    begin("r1", T0);
    admit("r1", failed("a", 0), failed("b", 1));
    ledger.begin(new LedgerRun("r2", List.of(SALES), T0));
    admit("r2", SALES, "a");

    assertThat(ledger.about(ACME).deliveries()).isEqualTo(3);
    assertThat(ledger.about(ACME).ofProvider()).isEqualTo(2);
    assertThat(ledger.about(HOST).ofProvider()).isEqualTo(1);
    assertThat(ledger.about(ACME).name()).isNotBlank();
  }

  @Test
  void first_staysAsItWasFound() {
    begin("r1", T0);
    admit("r1", attempt("log-1", "lineage-x", 1));
    admit("r1", attempt("log-2", "lineage-x", 2));
    LedgerEntry claimed = claim("r1", 1).get(0);
    recordAccepted("r1", claimed, "log-3");
    LedgerEntry sent = unsettledEntry("r1");
    settle(
        "r1",
        sent,
        outcome(
            sent,
            log(ACME, "log-3", DeliveryStatus.FAILED).httpStatus(404).createdAt(at(600)).build()));

    LedgerEntry entry = entry("r1", "log-1");
    assertThat(entry.delivery().cause()).isEqualTo(FailureCause.NOT_FOUND);
    assertThat(entry.first()).isEqualTo(new FirstFailure(at(60), FailureCause.SERVER_ERROR, 503));
    assertThat(claimed.first()).isEqualTo(entry.first());
  }

  // History

  @Test
  void runs_tellsTheLatestFirstAndWhatTheyReported() {
    var counts =
        new DeliveryCounts(
            17,
            Map.of(SkipReason.ALREADY_DELIVERED, 2L, SkipReason.OTHER_RUN, 3L),
            1,
            1,
            2,
            3,
            4,
            1);
    Account other = new Account("voiso", "x");
    ledger.begin(new LedgerRun("r1", List.of(other, ACME), T0));
    ledger.finish("r1", at(9), RecoveryReport.End.STOPPED, counts);
    begin("r2", at(20));
    begin("r3", at(30));
    finish("r3", at(31));

    assertThat(ledger.runs(10))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("silence")
        .containsExactly(
            new LedgerRun(
                "r3", List.of(ACME), at(30), at(31), RecoveryReport.End.FINISHED, noCounts()),
            new LedgerRun("r2", List.of(ACME), at(20)),
            new LedgerRun(
                "r1", List.of(other, ACME), T0, at(9), RecoveryReport.End.STOPPED, counts));
    assertThat(ledger.runs(1)).extracting(LedgerRun::id).containsExactly("r3");
  }

  @Test
  void entries_givesAllThatARunWasGivenById() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(4_500), Round.FIRST);
    begin("r2", at(2));
    ledger.admit("r2", ACME, failures(1500).subList(700, 800), Round.FIRST);

    assertThat(entries("r1")).extracting(LedgerEntry::id).hasSize(4_500).isSorted();
    assertThat(entries("r2")).extracting(LedgerEntry::id).hasSize(100).isSorted();
    assertThat(entries("r2").get(0).delivery()).isEqualTo(failed("log-700", 700));
  }

  @Test
  void entries_whenTheReaderUsesTheLedger_works() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(3), Round.FIRST);
    var counts = new ArrayList<Map<DeliveryState, Long>>();

    ledger.entries("r1", entry -> counts.add(own("r1")));

    assertThat(counts).containsExactlyElementsOf(Collections.nCopies(3, Map.of(FOUND, 3L)));
  }

  // Texts

  static Stream<String> oddTexts() {
    return Stream.of(
        "zero\0in it",
        "\0",
        "half a pair \uD83D",
        "\uDE00 the other half",
        "\uDE00\uD83D",
        "a pair \uD83D\uDE00",
        "not a character \uFDD0",
        "like what is stored \uFDD00000",
        "long \uD83D".repeat(60));
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("oddTexts")
  void texts_ofAnyCharacters_comeBackAsTheyWere(String odd) {
    Account account = new Account("chatt2me", "account " + odd);
    String run = "run " + odd;
    FailedDelivery found =
        FailedDelivery.of(
            WebhookLog.builder(
                    new DeliveryKey(account.provider(), account.name(), "key " + odd),
                    DeliveryStatus.FAILED)
                .logId("log " + odd)
                .lineage("lineage " + odd)
                .webhook("webhook " + odd, null, null)
                .event("event " + odd, "type " + odd)
                .httpStatus(503)
                .build());
    ledger.begin(new LedgerRun(run, List.of(account), T0));
    ledger.approve(run);

    assertThat(ledger.admit(run, account, List.of(found), Round.FIRST))
        .containsExactly(Admission.ADMITTED);
    assertThat(ledger.runs(1))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("silence")
        .containsExactly(new LedgerRun(run, List.of(account), T0));
    assertThat(entries(run)).extracting(LedgerEntry::delivery).containsExactly(found);
    assertThat(
            ledger.claimFirst(
                run, account, Grouping.ANY, 1, Set.of("webhook " + odd), 1, T0, LEASE))
        .isEmpty();
    List<LedgerEntry> claimed = ledger.claim(run, account, Grouping.ANY, 1, T0, LEASE);
    assertThat(claimed).extracting(LedgerEntry::delivery).containsExactly(found);
    assertThat(ledger.holders(account)).extracting(Holder::run).containsExactly(run);

    RetryResult accepted = RetryResult.accepted(found, "retry " + odd, at(1));
    ledger.record(run, claimed, List.of(accepted));
    LedgerEntry sent = ledger.unsettled(run, account, 0, 10).get(0);
    assertThat(sent.newLogId()).isEqualTo("retry " + odd);
    FailedDelivery retry =
        FailedDelivery.of(
            WebhookLog.builder(
                    new DeliveryKey(account.provider(), account.name(), "retry " + odd),
                    DeliveryStatus.FAILED)
                .build());
    assertThat(ledger.admit(run, account, List.of(retry), Round.FIRST))
        .containsExactly(Admission.PART_OF_LINEAGE);
    RetryOutcome rejected = outcome(sent, RetryOutcome.Status.REJECTED, "reason " + odd);
    ledger.settle(run, List.of(sent), List.of(rejected), at(2));

    assertThat(entries(run))
        .extracting(LedgerEntry::reason)
        .containsExactly(sent.settled(rejected, at(2)).reason());
    ledger.begin(new LedgerRun("next", List.of(account), at(9)));
    assertThat(ledger.admit("next", account, List.of(found, retry), Round.FIRST))
        .containsExactly(Admission.REJECTED_EARLIER, Admission.PART_OF_LINEAGE);
  }

  @Test
  void texts_thatDifferInAnOddCharacterOnly_areTwoDeliveries() {
    begin("r1", T0);

    assertThat(
            admit(
                "r1",
                failed("a\uD83D", 0),
                failed("a\uD83E", 1),
                failed("a\0", 2),
                failed("a\uFFFD", 3),
                failed("a?", 4),
                failed("a".repeat(300) + "\uD83D", 5),
                failed("a".repeat(300) + "\uD83E", 6)))
        .containsOnly(Admission.ADMITTED);
  }

  // Interrupts

  @Test
  void everything_whenInterrupted_isDoneAndTheFlagStays() {
    Thread.currentThread().interrupt();
    try {
      begin("r1", T0);
      admit("r1", failed("a", 0));
      recordAccepted("r1", claim("r1", 1).get(0), "a2");
      LedgerEntry sent = unsettledEntry("r1");
      settle("r1", sent, outcome(sent, log(ACME, "a2", DeliveryStatus.SUCCEEDED).build()));
      finish("r1", at(3));

      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(own("r1")).isEqualTo(Map.of(DELIVERED, 1L));
  }

  @Test
  void lineage_overThreeRunsWithTheEndpointDown_isSentOnce() {
    List<FailedDelivery> history = List.of(failed("a", 0), failed("a2", 1));
    for (int run = 1; run <= 3; run++) {
      String id = "r" + run;
      Instant now = at(100L * run);
      begin(id, now);
      takeUp(id, now);
      ledger.admit(id, ACME, history.subList(0, Math.min(run, 2)), Round.FIRST);
      for (LedgerEntry entry : ledger.claim(id, ACME, Grouping.ANY, 10, now, LEASE)) {
        String newLog = "a" + (run + 1);
        recordAccepted(id, entry, newLog);
        LedgerEntry sent = unsettledEntry(id);
        settle(id, sent, outcome(sent, log(ACME, newLog, DeliveryStatus.FAILED).build()));
      }
      finish(id, now.plusSeconds(1));
    }

    assertThat(entry("r1", "a").sends()).isEqualTo(1);
    assertThat(entries("r2")).isEmpty();
    assertThat(entries("r3")).isEmpty();
  }
}
