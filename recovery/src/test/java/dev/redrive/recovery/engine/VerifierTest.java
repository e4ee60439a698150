package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.ListedClient;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.WatchedLedger;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When outcomes are read. */
@Timeout(60)
class VerifierTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

  private final FastTime time = new FastTime(MutableClock.at(T0));
  private final AtomicInteger reads = new AtomicInteger();
  private final RetryLedger ledger =
      WatchedLedger.answering(
          new InMemoryLedger(time), "unsettled", entries -> reads.incrementAndGet());
  private final ListedClient client = new ListedClient(time);
  private final RecoverySettings settings = UsualSettings.of(ledger, time);
  private final RunControl run = new RunControl("r1", T0, time);
  private final AccountState state = new AccountState(Account.of(client), RecoveryListener.NONE);
  private final SendWindow window = new SendWindow(time, Duration.ofSeconds(5));
  private final Verifier verifier = verifier();

  private Verifier verifier() {
    ledger.begin(new LedgerRun("r1", List.of(state.account()), T0));
    var progress = new RunProgress(RecoveryListener.NONE, time);
    var webhooks = new Webhooks(run, ledger, state, new Tally(client.traits(), T0));
    var pace = new ProviderPace(run, RecoveryListener.NONE, settings, state, List.of());
    return new Verifier(
        run, RecoveryListener.NONE, progress, settings, client, state, webhooks, window, pace);
  }

  /** What was sent to the provider, and has been taken over by another run since. */
  private void sentAndTakenOver(RetryResult.Status status) {
    FailedDelivery delivery =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("listed", "acme", "a"), DeliveryStatus.FAILED)
                .build());
    RetryResult result =
        status == RetryResult.Status.UNKNOWN
            ? RetryResult.unknown(delivery, "lost", T0)
            : RetryResult.accepted(delivery, "b", T0);
    window.sent(1);
    assertThat(state.recorded(List.of(result))).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "ACCEPTED"})
  void whatOthersHaveTakenOver_isReadOnceMore_ifTheSenderWaitsForIt(RetryResult.Status status)
      throws InterruptedException {
    sentAndTakenOver(status);
    state.requestBegins();
    var verifying = new Thread(() -> verifier.verifyAll(Duration.ZERO));
    verifying.start();
    while (reads.get() == 0) {
      time.advance(Duration.ofSeconds(1));
    }
    awaitWaiting(verifying);
    assertThat(window.isAnyOut()).as("a request was under way").isTrue();

    // The request sent nothing, as after a freeze. Now the sender waits for what it sent before.
    state.requestEnded();
    state.senderWaits(true);

    assertThat(
            state.await(() -> !state.mayQueueMore() && !window.isAnyOut(), Duration.ofSeconds(20)))
        .isTrue();
    awaitWaiting(verifying);
    assertThat(reads).hasValue(2);
    state.end();
    verifying.join();
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
