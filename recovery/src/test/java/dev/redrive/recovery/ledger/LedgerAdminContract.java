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
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.NetworkException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.LedgerAdmin.Purged;
import dev.redrive.recovery.ledger.LedgerAdmin.Resolution;
import dev.redrive.recovery.ledger.LedgerAdmin.Result;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the {@link LedgerAdmin} of every ledger does; each implementation's tests extend it. */
@Timeout(120)
public abstract class LedgerAdminContract {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Account ACME = new Account("chatt2me", "acme");
  private static final Account SALES = new Account("baanx", "sales", Account.Identity.AT_PROVIDER);

  protected RetryLedger ledger;

  /** A ledger without anything in it. */
  protected abstract RetryLedger emptyLedger() throws Exception;

  /** Lets time go by on the ledger's clock. */
  protected abstract void pass(Duration time);

  /** The time by the ledger's clock. */
  protected abstract Instant now();

  @BeforeEach
  void openLedger() throws Exception {
    ledger = emptyLedger();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  // Building blocks

  private static DeliveryKey key(String id) {
    return new DeliveryKey(ACME.provider(), ACME.name(), id);
  }

  private static WebhookLog.Builder log(DeliveryKey key, DeliveryStatus status) {
    return WebhookLog.builder(key, status)
        .webhook("hook", null, "https://example.com/hooks")
        .event("event", "Message")
        .createdAt(T0);
  }

  private static FailedDelivery failed(Account account, String id) {
    var key = new DeliveryKey(account.provider(), account.name(), id);
    return FailedDelivery.of(
        log(key, DeliveryStatus.FAILED).logId("log-of-" + id).lineage("lineage-of-" + id).build());
  }

  /** One whose lineage is not told: it shares event and webhook with others of its kind. */
  private static FailedDelivery sibling(String id) {
    return FailedDelivery.of(log(key(id), DeliveryStatus.FAILED).build());
  }

  private void begin(String run, Account... accounts) {
    ledger.begin(
        new LedgerRun(run, List.of(accounts.length == 0 ? new Account[] {ACME} : accounts), T0));
    ledger.approve(run);
  }

  private List<Admission> admit(String run, String... ids) {
    return ledger.admit(
        run, ACME, Stream.of(ids).map(id -> failed(ACME, id)).toList(), Round.FIRST);
  }

  private List<LedgerEntry> claim(String run, int most) {
    return ledger.claim(run, ACME, Grouping.ANY, most, T0, LEASE);
  }

  private void finish(String run) {
    ledger.finish(
        run, T0, RecoveryReport.End.FINISHED, new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0));
  }

  private Result resolve(String id, Resolution resolution) {
    return ledger.admin().resolve(key(id), resolution);
  }

  private LedgerEntry entry(String id) {
    return ledger.admin().find(key(id)).orElseThrow().entry();
  }

  private List<String> leftQueued(@Nullable String run) {
    var left = new ArrayList<String>();
    ledger.leftQueued(
        run,
        ACME,
        page -> {
          page.forEach(entry -> left.add(entry.key().id()));
          return true;
        });
    return left;
  }

  /** Has one delivery of a run end so. */
  private void end(String run, String id, RetryOutcome.Status status, Instant settledAt) {
    admit(run, id);
    LedgerEntry claimed = claim(run, 1).get(0);
    ledger.record(
        run,
        List.of(claimed),
        List.of(RetryResult.accepted(claimed.delivery(), id + "-retry", T0)));
    LedgerEntry sent = ledger.unsettled(run, ACME, 0, 1).get(0);
    DeliveryStatus logStatus =
        status == RetryOutcome.Status.DELIVERED ? DeliveryStatus.SUCCEEDED : DeliveryStatus.FAILED;
    RetryOutcome outcome =
        switch (status) {
          case DELIVERED, FAILED_AGAIN ->
              RetryOutcome.of(sent.toResult(), log(key(id + "-retry"), logStatus).build());
          default -> RetryOutcome.of(sent.toResult(), status, "told so");
        };
    ledger.settle(run, List.of(sent), List.of(outcome), settledAt);
  }

  private void end(String run, String id, RetryOutcome.Status status) {
    end(run, id, status, T0);
  }

  // Contents

  @Test
  void contents_countsDeliveriesByAccountAndState_andRuns() {
    assertThat(ledger.admin().contents().deliveriesInAll()).isZero();
    assertThat(ledger.admin().contents().oldest()).isNull();
    begin("r1");
    end("r1", "a", RetryOutcome.Status.DELIVERED);
    end("r1", "b", RetryOutcome.Status.UNKNOWN);
    begin("r2");
    admit("r2", "c", "d");

    LedgerAdmin.Contents contents = ledger.admin().contents();

    assertThat(contents.deliveries())
        .containsExactly(
            Map.entry(ACME, Map.of(DELIVERED, 1L, DeliveryState.UNKNOWN, 1L, FOUND, 2L)));
    assertThat(contents.deliveriesInAll()).isEqualTo(4);
    assertThat(contents.runs()).isEqualTo(2);
    assertThat(contents.oldest()).isEqualTo(T0);
  }

  // Find

  @Test
  void find_whenNothingIsKnown_isEmpty() {
    assertThat(ledger.admin().find(key("a"))).isEmpty();
    begin("r1");
    admit("r1", "a");

    assertThat(ledger.admin().find(key("b"))).isEmpty();
    assertThat(ledger.admin().find(new DeliveryKey("voiso", "acme", "a"))).isEmpty();
    assertThat(ledger.admin().find(new DeliveryKey("chatt2me", "other", "a"))).isEmpty();
  }

  @Test
  void find_knowsADelivery_byItsId_itsLineage_andEachOfItsLogs() {
    begin("r1");
    end("r1", "a", RetryOutcome.Status.FAILED_AGAIN);
    admit("r1", "x", "y");
    finish("r1");
    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.DONE);
    begin("r2");
    admit("r2", "a");
    LedgerEntry claimed =
        claim("r2", 9).stream().filter(e -> e.key().id().equals("a")).findFirst().orElseThrow();
    ledger.record(
        "r2", List.of(claimed), List.of(RetryResult.accepted(claimed.delivery(), "a-second", T0)));

    for (String id : List.of("a", "lineage-of-a", "a-retry", "a-second")) {
      History history = ledger.admin().find(key(id)).orElseThrow();
      assertThat(history.entry().key()).as(id).isEqualTo(key("a"));
      assertThat(history.entry().state()).isEqualTo(ACCEPTED);
      assertThat(history.runs()).extracting(LedgerRun::id).containsExactly("r2", "r1");
      assertThat(history.runs()).extracting(LedgerRun::isAlive).containsExactly(true, false);
    }
    assertThat(entry("log-of-x").key()).isEqualTo(key("x"));
    assertThat(ledger.admin().find(key("x")).orElseThrow().runs())
        .extracting(LedgerRun::id)
        .containsExactly("r1");
  }

  @Test
  void find_andResolve_whereIdsAreUnique_knowADeliveryByAnyNameOfItsAccount() {
    begin("r1", SALES);
    ledger.admit("r1", SALES, List.of(failed(SALES, "a")), Round.FIRST);
    var key = new DeliveryKey("baanx", "any", "a");

    assertThat(ledger.admin().find(key).orElseThrow().entry().account()).isEqualTo(SALES);
    assertThat(ledger.admin().resolve(key, Resolution.DELIVERED)).isEqualTo(Result.DONE);
    assertThat(ledger.admin().find(key).orElseThrow().entry().state()).isEqualTo(DELIVERED);
  }

  // Retries

  private static final RedriveException REFUSED =
      new NetworkException(
          new FailedCall("Chatt2.me", "retry", null, null, null, null),
          new ConnectException("refused"));

  private List<LedgerRetry> retries(String id) {
    return ledger.admin().find(key(id)).orElseThrow().retries();
  }

  private static LedgerRetry retry(String run, int minute, DeliveryState state) {
    return new LedgerRetry(run, at(minute), state, null, null, null, null, null);
  }

  private static Instant at(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private LedgerEntry claimAt(String run, int minute) {
    return ledger.claim(run, ACME, Grouping.ANY, 1, at(minute), LEASE).get(0);
  }

  /** A new run sends a delivery once more; the result is 1 minute later, the outcome 2. */
  private void sendAgain(String run, int minute, DeliveryStatus ending, int httpStatus) {
    begin(run);
    ledger.admit(run, ACME, List.of(failed(ACME, "a")), Round.ANOTHER);
    LedgerEntry claimed = claimAt(run, minute);
    String log = "log-of-" + run;
    ledger.record(
        run,
        List.of(claimed),
        List.of(RetryResult.accepted(claimed.delivery(), log, at(minute + 1))));
    LedgerEntry sent = ledger.unsettled(run, ACME, 0, 1).get(0);
    ledger.settle(
        run,
        List.of(sent),
        List.of(
            RetryOutcome.of(sent.toResult(), log(key(log), ending).httpStatus(httpStatus).build())),
        at(minute + 2));
    finish(run);
  }

  private void record(String run, LedgerEntry claimed, RetryResult result) {
    ledger.record(run, List.of(claimed), List.of(result));
  }

  private static LedgerRetry failedAgain(String run, int minute, FailureCause cause, int status) {
    return new LedgerRetry(
        run, at(minute + 1), FAILED_AGAIN, null, cause, status, "log-of-" + run, at(minute + 2));
  }

  @Test
  void retries_tellWhatEachRoundDid_oldestFirst() {
    sendAgain("r1", 10, DeliveryStatus.FAILED, 500);
    List<LedgerRetry> one = List.of(failedAgain("r1", 10, FailureCause.SERVER_ERROR, 500));
    assertThat(retries("a")).isEqualTo(one);

    sendAgain("r2", 20, DeliveryStatus.FAILED, 404);
    List<LedgerRetry> two = List.of(one.get(0), failedAgain("r2", 20, FailureCause.NOT_FOUND, 404));
    assertThat(retries("a")).isEqualTo(two);

    begin("declined");
    ledger.admit("declined", ACME, List.of(failed(ACME, "a")), Round.ANOTHER);
    assertThat(entry("a").state()).isEqualTo(FOUND);
    assertThat(retries("a")).isEqualTo(two);

    sendAgain("r3", 30, DeliveryStatus.SUCCEEDED, 200);
    assertThat(retries("a"))
        .containsExactly(
            two.get(0),
            two.get(1),
            new LedgerRetry("r3", at(31), DELIVERED, null, null, null, "log-of-r3", at(32)));
    assertThat(entry("a").first().httpStatus()).isNull();
  }

  @Test
  void retries_ofSeveralDeliveries_areToldById() {
    begin("r1");
    admit("r1", "a", "b", "c");
    LedgerEntry first = claimAt("r1", 1);
    LedgerEntry second = claimAt("r1", 2);
    record("r1", second, RetryResult.rejected(second.delivery(), "no", at(3)));
    var all = new ArrayList<LedgerEntry>();
    ledger.entries("r1", all::add);

    assertThat(ledger.admin().retries(all))
        .isEqualTo(
            Map.of(
                first.id(),
                List.of(retry("r1", 1, SENDING)),
                second.id(),
                List.of(new LedgerRetry("r1", at(3), REJECTED, "no", null, null, null, at(3)))));
    assertThat(ledger.admin().retries(List.of(second))).containsOnlyKeys(second.id());
    assertThat(ledger.admin().retries(List.of())).isEmpty();
  }

  @Test
  void retries_includeRequestsThatWereNotSent_butNoClaimWithoutARequest() {
    begin("r1");
    admit("r1", "a");
    LedgerEntry claimed = claimAt("r1", 1);
    record("r1", claimed, RetryResult.notSent(claimed.delivery(), "the run stopped", at(2)));
    assertThat(retries("a")).isEmpty();

    claimed = claimAt("r1", 3);
    RetryResult refused =
        RetryResult.notSent(claimed.delivery(), "refused", at(4)).because(REFUSED);
    record("r1", claimed, refused);
    record("r1", claimed, refused);
    var kept = new LedgerRetry("r1", at(4), FOUND, "refused", null, null, null, null);
    assertThat(retries("a")).containsExactly(kept);

    begin("r2");
    admit("r2", "a");
    claimed = claimAt("r2", 5);
    assertThat(retries("a")).containsExactly(kept, retry("r2", 5, SENDING));
    record("r1", claimed, refused);
    assertThat(retries("a")).containsExactly(kept, retry("r2", 5, SENDING));
  }

  @Test
  void retries_thatAnotherRunTookUp_areOfTheRunThatSentThem() {
    begin("r1");
    admit("r1", "a", "b");
    LedgerEntry accepted = claimAt("r1", 1);
    record("r1", accepted, RetryResult.accepted(accepted.delivery(), "a-retry", at(1)));
    claimAt("r1", 2);
    pass(DAY);
    begin("r2");
    ledger.takeUp("r2", ACME, at(3), Duration.ofSeconds(15));
    begin("r3");
    pass(DAY);
    ledger.takeUp("r3", ACME, at(4), Duration.ofSeconds(15));
    assertThat(retries("a")).extracting(LedgerRetry::run).containsExactly("r1");
    assertThat(retries("b"))
        .containsExactly(
            new LedgerRetry("r1", at(2), UNKNOWN, LedgerEntry.LOST, null, null, null, null));

    for (LedgerEntry open : ledger.unsettled("r3", ACME, 0, 9)) {
      RetryOutcome.Status status =
          open.state() == ACCEPTED ? RetryOutcome.Status.UNKNOWN : RetryOutcome.Status.NOT_SENT;
      ledger.settle(
          "r3", List.of(open), List.of(RetryOutcome.of(open.toResult(), status, "told so")), at(5));
    }
    assertThat(retries("a"))
        .containsExactly(
            new LedgerRetry("r1", at(1), UNKNOWN, "told so", null, null, "a-retry", at(5)));
    LedgerEntry again = claimAt("r3", 6);
    assertThat(again.key()).isEqualTo(key("b"));
    assertThat(retries("b"))
        .containsExactly(
            new LedgerRetry("r1", at(2), FOUND, "told so", null, null, null, null),
            retry("r3", 6, SENDING));
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryOutcome.Status.class,
      names = {"DELIVERED", "FAILED_AGAIN", "REJECTED", "UNKNOWN"})
  void retries_outliveCorrections(RetryOutcome.Status ended) {
    begin("r1");
    end("r1", "a", ended);
    List<LedgerRetry> before = retries("a");
    assertThat(before).hasSize(1);

    resolve("a", Resolution.SEND_AGAIN);
    assertThat(retries("a")).isEqualTo(before);
    resolve("a", Resolution.DELIVERED);
    assertThat(retries("a")).isEqualTo(before);
    resolve("a", Resolution.SEND_AGAIN);
    assertThat(retries("a")).isEqualTo(before);

    begin("r2");
    admit("r2", "a");
    claimAt("r2", 7);
    assertThat(retries("a")).containsExactly(before.get(0), retry("r2", 7, SENDING));
  }

  @Test
  void retries_ofWhatAPersonSettledUnsent_areNone() {
    begin("r1");
    admit("r1", "a");

    resolve("a", Resolution.DELIVERED);
    assertThat(retries("a")).isEmpty();
    resolve("a", Resolution.SEND_AGAIN);
    assertThat(retries("a")).isEmpty();
  }

  @Test
  void retries_areForgottenWithTheirDelivery() {
    Instant old = now().minus(DAY.multipliedBy(9));
    begin("r1");
    end("r1", "a", RetryOutcome.Status.FAILED_AGAIN, old);
    begin("r2");
    resolve("a", Resolution.SEND_AGAIN);
    end("r2", "a", RetryOutcome.Status.DELIVERED, old);
    end("r1", "last", RetryOutcome.Status.FAILED_AGAIN, old);
    resolve("last", Resolution.SEND_AGAIN);
    admit("r2", "last");
    finish("r1");
    finish("r2");
    LedgerEntry forgotten = entry("a");
    LedgerEntry last = entry("last");
    assertThat(ledger.admin().retries(List.of(forgotten)).get(forgotten.id())).hasSize(2);
    pass(DAY.multipliedBy(3));

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(1, 0, 0));

    assertThat(ledger.admin().retries(List.of(forgotten, last))).containsOnlyKeys(last.id());
  }

  // Resolve

  @Test
  void resolve_whenUnknown_saysSo() {
    begin("r1");
    admit("r1", "a");

    for (Resolution resolution : Resolution.values()) {
      assertThat(resolve("b", resolution)).isEqualTo(Result.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void resolve_whileUnderWay_isRefused_whetherItsRunLivesOrNot(Resolution resolution) {
    begin("r1");
    admit("r1", "a", "b", "c");
    List<LedgerEntry> claimed = claim("r1", 3);
    ledger.record(
        "r1",
        claimed.subList(0, 2),
        List.of(
            RetryResult.accepted(claimed.get(0).delivery(), "a-retry", T0),
            RetryResult.unknown(claimed.get(1).delivery(), "lost", T0)));

    for (int i = 0; i < 2; i++) {
      for (LedgerEntry entry : claimed) {
        assertThat(resolve(entry.key().id(), resolution)).isEqualTo(Result.UNDER_WAY);
      }
      pass(DAY);
    }
    assertThat(ledger.standing("r1", ACME).own())
        .isEqualTo(Map.of(ACCEPTED, 1L, UNKNOWN, 1L, SENDING, 1L));
    assertThat(ledger.unsettled("r1", ACME, 0, 9)).hasSize(2);
    assertThat(leftQueued("r1")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryOutcome.Status.class,
      names = {"DELIVERED", "FAILED_AGAIN", "REJECTED", "UNKNOWN"})
  void resolve_delivered_whateverItEndedAs_nothingSendsItAgain(RetryOutcome.Status ended) {
    begin("r1");
    end("r1", "a", ended);
    LedgerEntry before = entry("a");

    assertThat(resolve("a", Resolution.DELIVERED)).isEqualTo(Result.DONE);

    LedgerEntry entry = entry("a");
    assertThat(entry.state()).isEqualTo(DELIVERED);
    if (ended == RetryOutcome.Status.DELIVERED) {
      assertThat(entry).isEqualTo(before);
    } else {
      assertThat(entry.reason()).isEqualTo("resolved by hand");
      assertThat(Duration.between(entry.settledAt(), now()).abs())
          .isLessThan(Duration.ofMinutes(1));
    }
    assertThat(ledger.standing("r1", ACME).own()).isEqualTo(Map.of(DELIVERED, 1L));
    begin("r2");
    assertThat(ledger.admit("r2", ACME, List.of(failed(ACME, "a")), Round.ANOTHER))
        .containsExactly(Admission.ALREADY_DELIVERED);
    assertThat(leftQueued("r2")).isEmpty();
    assertThat(claim("r2", 9)).isEmpty();
  }

  @Test
  void resolve_delivered_whileItWaits_takesItFromAllRuns_andIsNoRunsOwnDoing() {
    begin("r1");
    admit("r1", "a", "b");
    begin("r2");
    admit("r2", "a", "b");

    assertThat(resolve("a", Resolution.DELIVERED)).isEqualTo(Result.DONE);

    for (String run : List.of("r1", "r2")) {
      assertThat(ledger.standing(run, ACME).own()).isEqualTo(Map.of(FOUND, 1L));
      assertThat(ledger.standing(run, ACME).others()).isEqualTo(Map.of(DELIVERED, 1L));
      assertThat(ledger.remaining(run, ACME)).isEqualTo(new RetryLedger.Remaining(1, 0));
    }
    assertThat(claim("r1", 9)).extracting(e -> e.key().id()).containsExactly("b");
    assertThat(claim("r2", 9)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryOutcome.Status.class,
      names = {"DELIVERED", "FAILED_AGAIN", "REJECTED", "UNKNOWN"})
  void resolve_sendAgain_whateverItEndedAs_theNextRunSendsItOnce(RetryOutcome.Status ended) {
    begin("r1");
    end("r1", "a", ended);

    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.DONE);
    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.DONE);

    LedgerEntry waits = entry("a");
    assertThat(waits.state()).isEqualTo(FOUND);
    assertThat(waits.sends()).isEqualTo(1);
    assertThat(waits.reason()).isNull();
    assertThat(waits.settledAt()).isNull();
    // The run that had it before does not send it.
    assertThat(claim("r1", 9)).isEmpty();
    assertThat(ledger.remaining("r1", ACME).waiting()).isZero();
    assertThat(leftQueued("r1")).isEmpty();
    begin("r2");
    begin("r3");
    assertThat(leftQueued("r2")).containsExactly("a");
    assertThat(admit("r2", "a")).containsExactly(Admission.ADMITTED);
    assertThat(admit("r3", "a")).containsExactly(Admission.ADMITTED);
    List<LedgerEntry> claimed = claim("r2", 9);
    assertThat(claimed).extracting(e -> e.key().id()).containsExactly("a");
    assertThat(claimed.get(0).sends()).isEqualTo(2);
    assertThat(claim("r3", 9)).isEmpty();
    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.UNDER_WAY);
    // The log of the retry before is still known.
    assertThat(entry("a-retry").key()).isEqualTo(key("a"));
  }

  @Test
  void resolve_sendAgain_whileItWaits_approvesIt_andTheRunsThatHaveItKeepIt() {
    ledger.begin(new LedgerRun("declined", List.of(ACME), T0));
    admit("declined", "a");
    begin("r1");
    assertThat(leftQueued("r1")).isEmpty();

    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.DONE);

    assertThat(leftQueued("r1")).containsExactly("a");
    assertThat(ledger.remaining("declined", ACME).waiting()).isEqualTo(1);
    admit("r1", "a");
    assertThat(claim("r1", 9)).hasSize(1);
    assertThat(claim("declined", 9)).isEmpty();
  }

  @Test
  void resolve_sendAgain_whileASiblingIsOut_waitsForIt() {
    begin("r1");
    ledger.admit("r1", ACME, List.of(sibling("a")), Round.FIRST);
    LedgerEntry first = claim("r1", 1).get(0);
    ledger.record("r1", List.of(first), List.of(RetryResult.unknown(first.delivery(), "lost", T0)));
    LedgerEntry unknown = ledger.unsettled("r1", ACME, 0, 1).get(0);
    ledger.settle(
        "r1",
        List.of(unknown),
        List.of(RetryOutcome.of(unknown.toResult(), RetryOutcome.Status.UNKNOWN, "not told")),
        T0);
    ledger.admit("r1", ACME, List.of(sibling("b")), Round.FIRST);
    LedgerEntry out = claim("r1", 1).get(0);

    assertThat(resolve("a", Resolution.SEND_AGAIN)).isEqualTo(Result.DONE);
    begin("r2");
    ledger.admit("r2", ACME, List.of(sibling("a")), Round.FIRST);
    assertThat(claim("r2", 9)).isEmpty();
    ledger.record("r1", List.of(out), List.of(RetryResult.rejected(out.delivery(), "no", T0)));

    assertThat(claim("r2", 9)).extracting(e -> e.key().id()).containsExactly("a");
  }

  @Test
  void resolve_whileOthersClaimAndAdmit_neverHasADeliverySentThatItSaidIsDelivered()
      throws Exception {
    int count = 60;
    String[] ids = IntStream.range(0, count).mapToObj(i -> "d" + i).toArray(String[]::new);
    begin("r1");
    admit("r1", ids);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<List<String>> claiming =
          () -> {
            var claimed = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
              claim("r1", 1).forEach(entry -> claimed.add(entry.key().id()));
            }
            return claimed;
          };
      Callable<List<String>> resolving =
          () -> {
            var done = new ArrayList<String>();
            for (String id : ids) {
              if (resolve(id, Resolution.DELIVERED) == Result.DONE) {
                done.add(id);
              }
            }
            return done;
          };
      Future<List<String>> claimed = threads.submit(claiming);
      Future<List<String>> resolved = threads.submit(resolving);

      assertThat(resolved.get()).doesNotContainAnyElementsOf(claimed.get());
      assertThat(claimed.get().size() + resolved.get().size()).isEqualTo(count);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void resolve_delivered_whileARunAsksForAnotherRound_isNotUndone() throws Exception {
    int count = 200;
    List<FailedDelivery> failures =
        IntStream.range(0, count).mapToObj(i -> failed(ACME, "d" + i)).toList();
    begin("r1");
    ledger.admit("r1", ACME, failures, Round.FIRST);
    List<LedgerEntry> claimed = claim("r1", count);
    ledger.record(
        "r1",
        claimed,
        claimed.stream().map(e -> RetryResult.rejected(e.delivery(), "no", T0)).toList());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<Boolean> asking =
          () -> {
            for (int i = 0; i < 10; i++) {
              begin("again-" + i);
              ledger.admit("again-" + i, ACME, failures, Round.ANOTHER);
            }
            return true;
          };
      Future<Boolean> asked = threads.submit(asking);
      for (int i = count - 1; i >= 0; i--) {
        assertThat(resolve("d" + i, Resolution.DELIVERED)).isEqualTo(Result.DONE);
      }
      assertThat(asked.get()).isTrue();
    } finally {
      threads.shutdownNow();
    }

    assertThat(ledger.standing("r1", ACME).own().keySet()).doesNotContain(FOUND, REJECTED);
    assertThat(leftQueued(null)).isEmpty();
  }

  // Purge

  private Purged purge(Duration age, Duration retention) {
    return purge(ACME, age, retention);
  }

  private Purged purge(Account account, Duration age, Duration retention) {
    // Not every ledger's clock tells less than a millisecond.
    return ledger.admin().purge(account, now().minus(age).minusMillis(1), retention);
  }

  @Test
  void purge_forgetsWhatIsSettled_andRunsThatHaveNothingLeft() {
    Instant old = now().minus(DAY.multipliedBy(9));
    begin("r1");
    end("r1", "a", RetryOutcome.Status.DELIVERED, old);
    end("r1", "b", RetryOutcome.Status.FAILED_AGAIN, old);
    end("r1", "c", RetryOutcome.Status.REJECTED, old);
    end("r1", "d", RetryOutcome.Status.UNKNOWN, old);
    finish("r1");
    begin("r2");
    admit("r2", "waits");
    pass(DAY.multipliedBy(3));

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(4, 1, 0));

    assertThat(ledger.about(ACME).deliveries()).isEqualTo(1);
    assertThat(ledger.runs(9)).extracting(LedgerRun::id).containsExactly("r2");
    for (String id : List.of("a", "b", "c", "d", "a-retry", "b-retry")) {
      assertThat(ledger.admin().find(key(id))).as(id).isEmpty();
    }
    assertThat(leftQueued(null)).containsExactly("waits");
    begin("r3");
    assertThat(admit("r3", "a", "b", "waits")).containsOnly(Admission.ADMITTED);
    assertThat(claim("r3", 9)).hasSize(3);
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
  }

  @Test
  void purge_leavesWhatWaitsOrIsUnderWay_whatIsNewer_andOtherAccounts() {
    Instant settled = now();
    Account other = new Account("chatt2me", "other");
    begin("r1", ACME, other);
    end("r1", "a", RetryOutcome.Status.DELIVERED, settled);
    admit("r1", "sending", "accepted", "waits", "again");
    List<LedgerEntry> claimed = claim("r1", 2);
    ledger.record(
        "r1",
        claimed.subList(0, 1),
        List.of(RetryResult.accepted(claimed.get(0).delivery(), "x", T0)));
    ledger.admit("r1", other, List.of(failed(other, "last")), Round.FIRST);
    finish("r1");
    pass(DAY.multipliedBy(3));

    assertThat(ledger.admin().purge(other, settled, Duration.ZERO)).isEqualTo(new Purged(0, 0, 0));
    assertThat(ledger.admin().purge(ACME, settled, Duration.ZERO)).isEqualTo(new Purged(0, 0, 0));
    assertThat(ledger.about(ACME).deliveries()).isEqualTo(6);
  }

  @Test
  void purge_leavesWhatALivingRunWasGiven_andWhatItsRunMayHaveSettledSince() {
    Instant old = now().minus(DAY.multipliedBy(9));
    begin("r1");
    end("r1", "a", RetryOutcome.Status.DELIVERED, old);
    admit("r1", "last");

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
    finish("r1");
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
    pass(DAY.multipliedBy(2));
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(1, 0, 0));
  }

  @Test
  void purge_leavesWhatTheLedgerStoredLast_soThatNoNumberIsUsedTwice() {
    Instant old = now().minus(DAY.multipliedBy(9));
    begin("r1");
    end("r1", "a", RetryOutcome.Status.DELIVERED, old);
    end("r1", "b", RetryOutcome.Status.DELIVERED, old);
    long last = entry("b").id();
    finish("r1");
    pass(DAY.multipliedBy(2));

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(1, 0, 0));

    begin("r2");
    admit("r2", "c");
    assertThat(entry("c").id()).isGreaterThan(last);
  }

  @Test
  void purge_ofWhatMayStillBeListed_isRefused_byTheLedgersClock() {
    begin("r1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> purge(DAY.minusMinutes(1), DAY))
        .withMessageContaining("chatt2me:acme")
        .withMessageContaining("would be sent again");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> purge(DAY, DAY.negated()))
        .withMessageContaining("retention");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> purge(Duration.ofMinutes(-1), Duration.ZERO));
  }

  private void catchUp(String name, String run, boolean ends) {
    CatchUps.Turn turn =
        ledger.catchUps().begin(ACME, name, run, null, LedgerRun.LONGEST_SILENCE).orElseThrow();
    begin(run);
    if (ends) {
      finish(run);
      assertThat(ledger.catchUps().end(turn, null)).isTrue();
    }
  }

  private List<String> windows() {
    return ledger.catchUps().windows().stream().map(CatchUps.Window::name).toList();
  }

  @Test
  void purge_forgetsWindowsInWhichNoCatchUpBegan() {
    catchUp("old filter", "r1", true);
    catchUp("dead", "r2", false);
    catchUp("in use", "r3", true);
    pass(DAY.multipliedBy(2));
    // It did not get to the end, and so is as far behind as the others.
    catchUp("in use", "r4", true);

    assertThat(purge(SALES, DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
    assertThat(windows()).containsExactlyInAnyOrder("old filter", "dead", "in use");
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 3, 2));
    assertThat(windows()).containsExactly("in use");
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
  }

  @Test
  void purge_leavesTheWindowOfACatchUpThatIsUnderWay() {
    catchUp("", "r1", false);
    pass(DAY.multipliedBy(2));
    ledger.alive("r1");

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 0));
    assertThat(windows()).containsExactly("");

    finish("r1");
    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(0, 0, 1));
    assertThat(windows()).isEmpty();
  }

  @Test
  void afterAPurge_theAccountIsNew() {
    catchUp("", "r1", true);
    pass(DAY.multipliedBy(2));
    assertThat(purge(DAY, DAY).windows()).isEqualTo(1);

    catchUp("", "r2", true);

    assertThat(ledger.catchUps().windows())
        .singleElement()
        .satisfies(window -> assertThat(window.age()).isLessThan(DAY));
  }

  // What expires

  private void admitAt(Account account, String id, Instant at) {
    var key = new DeliveryKey(account.provider(), account.name(), id);
    ledger.admit(
        "r1",
        account,
        List.of(
            FailedDelivery.of(log(key, DeliveryStatus.FAILED).lineage(id).createdAt(at).build())),
        Round.FIRST);
  }

  @Test
  void expiring_countsWhatIsNotDelivered_andWillSoonNoLongerBeListed() {
    Duration retention = DAY.multipliedBy(10);
    begin("r1", ACME, SALES);
    Instant expires = now().minus(DAY.multipliedBy(9)).minus(Duration.ofHours(1));
    admitAt(ACME, "expires", expires);
    admitAt(ACME, "not yet", now().minus(DAY.multipliedBy(8)));
    admitAt(ACME, "too late", now().minus(DAY.multipliedBy(11)));
    admitAt(SALES, "other", expires);
    assertThat(ledger.admin().expiring(ACME, retention)).isEqualTo(1);
    assertThat(ledger.admin().expiring(SALES, retention)).isEqualTo(1);

    assertThat(resolve("expires", Resolution.DELIVERED)).isEqualTo(Result.DONE);
    assertThat(ledger.admin().expiring(ACME, retention)).isZero();
    assertThat(ledger.admin().expiring(SALES, retention)).isEqualTo(1);
    assertThat(ledger.admin().expiring(new Account("chatt2me", "none"), retention)).isZero();
  }

  @Test
  void purge_ofManyDeliveries_forgetsAll() {
    Instant old = now().minus(DAY.multipliedBy(9));
    begin("r1");
    List<FailedDelivery> many =
        IntStream.range(0, 4_100).mapToObj(i -> failed(ACME, "d" + i)).toList();
    ledger.admit("r1", ACME, many, Round.FIRST);
    List<LedgerEntry> claimed = claim("r1", 5_000);
    ledger.record(
        "r1",
        claimed,
        claimed.stream().map(e -> RetryResult.rejected(e.delivery(), "no", old)).toList());
    admit("r1", "last");
    finish("r1");
    pass(DAY.multipliedBy(2));

    assertThat(purge(DAY, DAY)).isEqualTo(new Purged(4_100, 0, 0));
    assertThat(ledger.about(ACME).deliveries()).isEqualTo(1);
  }

  // Stop, and who lives

  @Test
  void stop_isLearnedWithTheNextSignOfLife_byThatRunOnly() {
    begin("r1");
    begin("r2");
    assertThat(ledger.alive("r1")).isTrue();

    assertThat(ledger.admin().stop("r1")).isTrue();

    assertThat(ledger.alive("r1")).isFalse();
    assertThat(ledger.alive("r1")).isFalse();
    assertThat(ledger.alive("r2")).isTrue();
    finish("r1");
    assertThat(ledger.admin().stop("r1")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> ledger.admin().stop("r9"));
  }

  @Test
  void runs_tellTheLivingFromTheDead() {
    begin("dead");
    pass(Duration.ofSeconds(60));
    begin("ended");
    finish("ended");
    begin("lives");

    List<LedgerRun> runs = ledger.runs(9);
    assertThat(runs).extracting(LedgerRun::isAlive).containsExactly(true, false, false);
    assertThat(runs.get(0).silence()).isLessThan(Duration.ofSeconds(15));
    assertThat(runs.get(1).silence()).isNull();
    assertThat(runs.get(2).silence()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(100));
    ledger.alive("dead");
    assertThat(ledger.runs(9)).extracting(LedgerRun::isAlive).containsExactly(true, false, true);
  }

  @Test
  void alive_ofARunThatWasForgotten_throws() {
    begin("r1");
    pass(DAY);

    assertThat(purge(Duration.ofMinutes(1), Duration.ZERO)).isEqualTo(new Purged(0, 1, 0));

    assertThatIllegalArgumentException().isThrownBy(() -> ledger.alive("r1"));
    begin("r2");
    assertThatIllegalArgumentException().isThrownBy(() -> ledger.alive("r1"));
    assertThat(ledger.alive("r2")).isTrue();
  }
}
