package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.WatchedLedger;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several requests take is claimed at once; siblings go in one request. */
class ClaimsAheadTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Account ACME = new Account("listed", "acme");
  private static final long ROOM = 1_000;

  private String stopped = "none";
  private final AtomicInteger claims = new AtomicInteger();
  private final AtomicInteger claimed = new AtomicInteger();
  private final RetryLedger ledger =
      WatchedLedger.answering(new InMemoryLedger(), "claim", this::watch);
  private final AccountState state = new AccountState(ACME, RecoveryListener.NONE);
  private final ClaimsAhead ahead = ahead(RetryLedger.Grouping.ANY);

  private ClaimsAhead ahead(RetryLedger.Grouping grouping) {
    return new ClaimsAhead(
        new RunControl("r1", T0, TimeSource.system()),
        UsualSettings.of(ledger, TimeSource.system()),
        state,
        grouping,
        webhook -> webhook.equals(stopped));
  }

  private void watch(Object entries) {
    claims.incrementAndGet();
    claimed.addAndGet(((List<?>) entries).size());
  }

  /** One whose lineage is not told: those of one event are siblings. */
  private static FailedDelivery failed(String log, String event) {
    return failed(log, event, "hook");
  }

  private static FailedDelivery failed(String log, String event, String webhook) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("listed", "acme", log), DeliveryStatus.FAILED)
            .webhook(webhook, null, "https://example.com/hooks")
            .event(event, "Message")
            .httpStatus(503)
            .createdAt(T0)
            .build());
  }

  private void waits(FailedDelivery... deliveries) {
    ledger.begin(new LedgerRun("r1", List.of(ACME), T0));
    ledger.admit("r1", ACME, List.of(deliveries), RetryLedger.Round.FIRST);
    ledger.approve("r1");
    state.queued(deliveries.length);
  }

  private static List<String> ids(List<LedgerEntry> entries) {
    return entries.stream().map(entry -> entry.key().id()).toList();
  }

  @Test
  void severalRequests_takeOneClaim() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3"), failed("d", "4"));

    assertThat(ids(ahead.next(2, 3, ROOM))).containsExactly("a", "b");
    assertThat(ahead.isEmpty()).isFalse();
    assertThat(ids(ahead.next(2, 3, ROOM))).containsExactly("c", "d");
    assertThat(ahead.isEmpty()).isTrue();
    assertThat(claims).hasValue(1);
    assertThat(state.queued()).isZero();
  }

  @Test
  void noMoreIsClaimed_thanThereIsRoomFor() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3"), failed("d", "4"));

    assertThat(ids(ahead.next(2, 3, 3))).containsExactly("a", "b");
    assertThat(ids(ahead.next(2, 3, 3))).containsExactly("c");
    assertThat(state.queued()).isEqualTo(1);
  }

  @Test
  void moreIsClaimed_whileThereAreFewerRequestsThanMayBeInFlight() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3"), failed("d", "4"), failed("e", "5"));
    assertThat(ids(ahead.next(1, 2, ROOM))).containsExactly("a");

    ahead.fill(1, 2);
    assertThat(ahead.deliveries()).isEqualTo(3);
    ahead.fill(1, 2);

    assertThat(claims).hasValue(2);
    assertThat(ids(ahead.next(1, 2, ROOM))).containsExactly("b");
    assertThat(ids(ahead.next(1, 2, ROOM))).containsExactly("c");
    assertThat(ids(ahead.next(1, 2, ROOM))).containsExactly("d");
  }

  @Test
  void aLaterClaim_doesNotFillARequestOfAnotherWebhook() {
    waits(
        failed("a", "1", "x"),
        failed("b", "2", "x"),
        failed("c", "3", "x"),
        failed("d", "4", "y"),
        failed("e", "5", "y"));
    ClaimsAhead ofOneWebhook = ahead(RetryLedger.Grouping.ONE_WEBHOOK);
    assertThat(ids(ofOneWebhook.next(2, 2, ROOM))).containsExactly("a", "b");

    ofOneWebhook.fill(2, 2);

    assertThat(ids(ofOneWebhook.next(2, 2, ROOM))).containsExactly("c");
    assertThat(ids(ofOneWebhook.next(2, 2, ROOM))).containsExactly("d", "e");
  }

  @Test
  void siblings_goInOneRequest_whichOthersFill() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3"), failed("d", "2"), failed("e", "5"));

    assertThat(ids(ahead.next(3, 2, ROOM))).containsExactly("b", "d", "a");
    assertThat(ids(ahead.next(3, 2, ROOM))).containsExactly("c", "e");
    assertThat(claims).hasValue(1);
  }

  @Test
  void siblings_thatAreTooManyForARequest_waitForTheOthers() {
    waits(failed("a", "1"), failed("b", "1"), failed("c", "1"), failed("d", "2"), failed("e", "3"));

    assertThat(ids(ahead.next(2, 4, ROOM))).containsExactly("a", "b");
    assertThat(ids(ahead.next(2, 4, ROOM))).containsExactly("d", "e");
    assertThat(state.queued()).isEqualTo(1);
    assertThat(ledger.standing("r1", ACME).own()).containsEntry(DeliveryState.FOUND, 1L);
    assertThat(ahead.next(2, 4, ROOM)).isEmpty();
  }

  @Test
  void oneRequestsWorthIsClaimed_onceMostOfAClaimHadToWait() {
    FailedDelivery[] siblings =
        IntStream.range(0, 9).mapToObj(i -> failed("s" + i, "1")).toArray(FailedDelivery[]::new);
    waits(siblings);

    List<LedgerEntry> first = ahead.next(2, 4, ROOM);
    assertThat(ids(first)).containsExactly("s0", "s1");
    assertThat(claimed).hasValue(8);
    ledger.record("r1", first, rejected(first));

    assertThat(ids(ahead.next(2, 4, ROOM))).containsExactly("s2", "s3");
    assertThat(claimed).hasValue(10);
  }

  private static List<RetryResult> rejected(List<LedgerEntry> entries) {
    return entries.stream().map(e -> RetryResult.rejected(e.delivery(), "no", T0)).toList();
  }

  @Test
  void whatNoRequestTook_waitsAgain() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3"));

    assertThat(ids(ahead.next(1, 3, ROOM))).containsExactly("a");
    ahead.putBack();

    assertThat(ahead.isEmpty()).isTrue();
    assertThat(state.queued()).isEqualTo(2);
    assertThat(ids(ahead.next(2, 1, ROOM))).containsExactly("b", "c");
  }

  @Test
  void whatWasClaimed_doesNotGoOut_onceItsWebhookIsStopped() {
    waits(failed("a", "1"), failed("b", "2"), failed("c", "3", "other"), failed("d", "4"));
    assertThat(ids(ahead.next(1, 4, ROOM))).containsExactly("a");

    stopped = "hook";

    assertThat(ids(ahead.next(1, 4, ROOM))).containsExactly("c");
    assertThat(ahead.isEmpty()).isTrue();
    assertThat(state.queued()).isEqualTo(2);
    assertThat(ledger.standing("r1", ACME).own()).containsEntry(DeliveryState.FOUND, 2L);
  }
}
