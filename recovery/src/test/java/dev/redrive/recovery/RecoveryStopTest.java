package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is stopped through its ledger, by someone who has nothing but that. */
@Timeout(60)
class RecoveryStopTest {
  private static final int FOUND = 200;
  private static final int SENT = 50;

  private final FastTime time = new FastTime(MutableClock.at(ListedClient.T0.plusSeconds(86_400)));
  private final RetryLedger ledger = new InMemoryLedger(time);

  /** It shows that it lives five times in a fourth of the lease, and a claim never gets so old. */
  private Recovery.Builder recovery(RetryLedger ledger, ListedClient client) {
    return Recovery.of(client)
        .ledger(ledger)
        .timeSource(time)
        .lease(Duration.ofSeconds(1))
        .concurrency(1)
        .canary(0);
  }

  @Test
  void stop_cancelsTheRunWithItsNextSignOfLife_andTheNextRunGoesOn() throws Exception {
    // The second answer: by then the run was cancelled upon the first.
    var learned = new CountDownLatch(2);
    RetryLedger watched =
        WatchedLedger.answering(
            ledger,
            "alive",
            goesOn -> {
              if (goesOn.equals(false)) {
                learned.countDown();
              }
            });
    var sending = new CountDownLatch(1);
    ListedClient client = new ListedClient(time).lists(failures());
    client.fails(
        request -> {
          if (request == SENT) {
            sending.countDown();
            awaitIt(learned);
          }
          return false;
        });
    CompletableFuture<RecoveryReport> running =
        CompletableFuture.supplyAsync(() -> recovery(watched, client).build().run());
    assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
    LedgerRun run = ledger.runs(1).get(0);

    assertThat(ledger.admin().stop(run.id())).isTrue();
    RecoveryReport report = running.get(30, TimeUnit.SECONDS);

    assertThat(learned.getCount()).isZero();
    assertThat(report.end()).isEqualTo(RecoveryReport.End.CANCELLED);
    assertThat(client.retried()).hasSize(SENT);
    assertThat(report.counts().addsUp()).isTrue();
    assertThat(report.counts().unknown()).isZero();
    assertThat(report.counts().notSent()).isEqualTo(FOUND - SENT);
    assertThat(ledger.runs(1).get(0).end()).isEqualTo(RecoveryReport.End.CANCELLED);
    assertThat(ledger.admin().stop(run.id())).isFalse();

    RecoveryReport next = recovery(ledger, client).build().run();

    assertThat(next.end()).isEqualTo(RecoveryReport.End.FINISHED);
    assertThat(client.retried()).hasSize(FOUND).doesNotHaveDuplicates();
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<FailedDelivery> failures() {
    return IntStream.range(0, FOUND)
        .mapToObj(i -> ListedClient.failed("log-" + i, "" + i, i))
        .toList();
  }
}
