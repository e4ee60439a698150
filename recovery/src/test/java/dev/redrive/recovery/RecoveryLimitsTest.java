package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.WebhookRetryClient;
import dev.redrive.baanx.BaanxClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds a recovery back: limits over all accounts, providers that ask to wait, its ledger. */
@Timeout(60)
class RecoveryLimitsTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final FakeChatt2me chatt2me = FakeChatt2me.start();
  private final FakeBaanx baanx = FakeBaanx.start();
  private final WebhookRetryClient chatt2meClient =
      Chatt2meClient.builder()
          .baseUrl(chatt2me.baseUrl())
          .apiKey(chatt2me.apiKey())
          .timeSource(time)
          .build();
  private final WebhookRetryClient baanxClient =
      BaanxClient.builder()
          .baseUrl(baanx.baseUrl())
          .apiKey(baanx.apiKey())
          .timeSource(time)
          .build();

  RecoveryLimitsTest() {
    chatt2me.endpoint().up();
    baanx.endpoint().up();
  }

  @AfterEach
  void stop() {
    chatt2meClient.close();
    baanxClient.close();
    chatt2me.close();
    baanx.close();
    ledger.close();
  }

  private Recovery.Builder recovery(WebhookRetryClient... clients) {
    return Recovery.of(clients).ledger(ledger).timeSource(time).lease(Duration.ofDays(1));
  }

  @Test
  void oneRateHoldsOverAllAccounts_canaryIncluded() {
    chatt2me.failures(30);
    baanx.failures(30);
    Recovery recovery = recovery(chatt2meClient, baanxClient).batchSize(1).maxRate(2).build();

    RecoveryPlan plan = recovery.plan();
    RecoveryReport report = recovery.run();

    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(59 * 500));
  }

  @Test
  void oneConcurrencyHoldsOverAllAccounts_canaryIncluded() {
    chatt2me.failures(60);
    baanx.failures(60);
    var underWay = new AtomicInteger();
    var peak = new AtomicInteger();
    Runnable counting =
        () -> {
          peak.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
          underWay.decrementAndGet();
        };
    chatt2me.onRequest(Operation.RETRY, counting);
    baanx.onRequest(Operation.RETRY, counting);

    RecoveryReport report =
        recovery(chatt2meClient, baanxClient).batchSize(1).concurrency(2).build().run();

    assertThat(report.counts().delivered()).isEqualTo(120);
    assertThat(peak).hasValue(2);
  }

  @Test
  void sendingStartsWithTheCanary_andGrowsWithTheOutcomes() {
    chatt2me.failures(600);
    var batches = new CopyOnWriteArrayList<Long>();

    recovery(chatt2meClient)
        .listener(
            new RecoveryListener() {
              @Override
              public void onProgress(RecoveryProgress progress) {
                batches.add(progress.sent() - progress.done());
              }
            })
        .build()
        .run();

    long mostBeforeAnyOutcome =
        batches.stream().limit(8).mapToLong(Long::longValue).max().orElse(0);
    assertThat(mostBeforeAnyOutcome).isLessThanOrEqualTo(53);
    assertThat(batches).anyMatch(open -> open > 53);
  }

  @Test
  void failuresAreListed_whileOthersAreWrittenIntoTheLedger() {
    var listedFurther = new CountDownLatch(1);
    List<FailedDelivery> failures =
        new AbstractList<>() {
          @Override
          public FailedDelivery get(int i) {
            if (i > 501) {
              listedFurther.countDown();
            }
            return ListedClient.failed("log-" + i, "event-" + i, i);
          }

          @Override
          public int size() {
            return 1_200;
          }
        };
    RetryLedger waiting =
        WatchedLedger.answering(
            ledger, "admit", admitted -> assertThat(isDown(listedFurther)).isTrue());

    RecoveryReport report =
        recovery(new ListedClient(time).lists(failures)).ledger(waiting).build().run();

    assertThat(report.counts().delivered()).isEqualTo(1_200);
  }

  private static boolean isDown(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLedgerThatFailsWhileFailuresAreWritten_endsTheRun_andNothingIsSent() {
    chatt2me.failures(1_200);
    RetryLedger failing = WatchedLedger.failing(ledger, "admit", 2, () -> {});

    Recovery recovery = recovery(chatt2meClient).ledger(failing).build();

    assertThatThrownBy(recovery::run).isInstanceOf(LedgerException.class);
    assertThat(chatt2me.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void theCanary_asksTheLedgerOncePerWebhook_andOnceMore() {
    var asked = new AtomicInteger();
    RetryLedger watched =
        WatchedLedger.answering(ledger, "claimFirst", claimed -> asked.incrementAndGet());
    try (FakeChatt2me fake = FakeChatt2me.builder().webhooks(1).start();
        WebhookRetryClient client =
            Chatt2meClient.builder()
                .baseUrl(fake.baseUrl())
                .apiKey(fake.apiKey())
                .timeSource(time)
                .build()) {
      fake.failures(60);
      fake.endpoint().up();

      RecoveryReport report = recovery(client).ledger(watched).build().run();

      assertThat(report.counts().delivered()).isEqualTo(60);
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void outcomesAreReadAgainOnlyAfterMoreWasSent_howeverSlowTheSender() {
    chatt2me.failures(3_000);
    var readForNothing = new AtomicInteger();
    RetryLedger claiming =
        WatchedLedger.answering(ledger, "claim", claimed -> time.holdUp(Thread.currentThread()));
    RetryLedger watched =
        WatchedLedger.answering(
            claiming,
            "unsettled",
            read -> readForNothing.addAndGet(((List<?>) read).isEmpty() ? 1 : 0));

    RecoveryReport report = recovery(chatt2meClient).ledger(watched).build().run();

    assertThat(report.counts().delivered()).isEqualTo(3_000);
    assertThat(readForNothing).hasValueLessThanOrEqualTo(3);
  }

  @Test
  void aCanaryThatIsAskedToWait_waits_andIsSentAllTheSame() {
    chatt2me.failures(100);
    chatt2me
        .faults()
        .on(Operation.RETRY)
        .next(3)
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(3)));
    var pauses = new CopyOnWriteArrayList<Duration>();
    chatt2me.onRequest(
        Operation.RETRY, () -> assertThat(chatt2me.endpoint().resends()).isLessThanOrEqualTo(103));

    RecoveryReport report =
        recovery(chatt2meClient)
            .listener(
                new RecoveryListener() {
                  @Override
                  public void onPause(
                      Account account, Duration wait, PauseReason reason, String why) {
                    pauses.add(wait);
                  }
                })
            .build()
            .run();

    assertThat(pauses).contains(Duration.ofMinutes(3));
    assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMinutes(3));
    assertThat(report.counts().delivered()).isEqualTo(100);
    assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "5", "6", "7"})
  void readsThatAreAskedToWait_wait_andNothingIsLost(int nth) {
    chatt2me.failures(120);
    chatt2me
        .faults()
        .on(Operation.LIST)
        .nth(nth)
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(3)));

    RecoveryReport report = recovery(chatt2meClient).build().run();

    assertThat(chatt2me.faults().injected()).isEqualTo(1);
    assertThat(report.problems()).isEmpty();
    assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMinutes(3));
    assertThat(report.counts().found()).isEqualTo(120);
    assertThat(report.counts().delivered()).isEqualTo(120);
    assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void aProviderThatAsksToWaitForTooLong_stopsTheAccountAlone() {
    chatt2me.failures(50);
    baanx.failures(20);
    chatt2me
        .faults()
        .on(Operation.RETRY)
        .always()
        .inject(Fault.status(429).retryAfter(Duration.ofHours(3)));

    RecoveryReport report = recovery(chatt2meClient, baanxClient).build().run();

    assertThat(report.problems()).singleElement().asString().contains("Chatt2.me");
    assertThat(report.counts().notSent()).isEqualTo(50);
    assertThat(report.counts().delivered()).isEqualTo(20);
    assertThat(chatt2me.requestCount(Operation.RETRY)).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "claim,2",
    "claim,5",
    "record,1",
    "record,4",
    "settle,1",
    "settle,2",
    "unsettled,2",
    "budgets,1"
  })
  void aLedgerThatGoesAway_stopsTheSendingAtOnce_andTheNextRunLosesNothing(String method, int nth) {
    chatt2me.failures(200);
    var sentBefore = new AtomicReference<>(0L);
    RetryLedger failing =
        WatchedLedger.failing(
            ledger, method, nth, () -> sentBefore.set(chatt2me.requestCount(Operation.RETRY)));

    assertThatThrownBy(
            () ->
                Recovery.of(chatt2meClient)
                    .ledger(failing)
                    .timeSource(time)
                    .lease(Duration.ofDays(1))
                    .batchSize(10)
                    .concurrency(1)
                    .build()
                    .run())
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("went away");
    assertThat(chatt2me.requestCount(Operation.RETRY) - sentBefore.get()).isLessThanOrEqualTo(1);

    time.advance(Duration.ofDays(2));
    RecoveryReport report = recovery(chatt2meClient).batchSize(10).build().run();
    assertThat(report.counts().addsUp()).isTrue();
    assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(chatt2me.endpoint().neverDelivered()).isEmpty();
  }

  @Test
  void aRequestThatStalls_holdsUpNoRunWhoseLedgerWentAway() {
    chatt2me.failures(20);
    chatt2me.faults().on(Operation.RETRY).nth(1).inject(Fault.stall());
    RetryLedger failing = WatchedLedger.failing(ledger, "record", 1, () -> {});

    try (WebhookRetryClient patient =
        Chatt2meClient.builder()
            .baseUrl(chatt2me.baseUrl())
            .apiKey(chatt2me.apiKey())
            .requestTimeout(Duration.ofMinutes(5))
            .deadline(Duration.ofMinutes(5))
            .build()) {
      assertThatThrownBy(
              () ->
                  Recovery.of(patient)
                      .ledger(failing)
                      .lease(Duration.ofDays(1))
                      .concurrency(2)
                      .build()
                      .run())
          .isInstanceOf(LedgerException.class);
    }
    // The next one may start while the answer of the second is being recorded.
    assertThat(chatt2me.requestCount(Operation.RETRY)).isBetween(2L, 3L);
  }

  @Test
  void theReportAddsUp_whenAnotherRunSentEverythingWhileThisOneWaited() {
    chatt2me.failures(40);
    var other = new AtomicReference<RecoveryReport>();

    RecoveryReport report =
        Recovery.of(chatt2meClient)
            .ledger(ledger)
            .timeSource(time)
            .lease(Duration.ofMinutes(1))
            .approval(
                plan -> {
                  time.advance(Duration.ofHours(1));
                  other.set(recovery(chatt2meClient).build().run());
                  return true;
                })
            .build()
            .run();

    assertThat(other.get().counts().delivered()).isEqualTo(40);
    assertThat(report.counts().addsUp()).isTrue();
    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.ALREADY_DELIVERED, 40L));
    assertThat(report.allDelivered()).isTrue();
    assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void whatTheProviderDoesNotShowAtFirst_isRecoveredInFurtherRounds() {
    baanx.failures(250);
    var plan = new AtomicReference<RecoveryPlan>();
    var phases = new CopyOnWriteArrayList<Phase>();

    RecoveryReport report =
        recovery(baanxClient)
            .listener(
                new RecoveryListener() {
                  @Override
                  public void onPlan(RecoveryPlan shown) {
                    plan.set(shown);
                  }

                  @Override
                  public void onPhase(Phase phase) {
                    phases.add(phase);
                  }
                })
            .build()
            .run();

    assertThat(plan.get().toSend()).isBetween(100L, 249L);
    assertThat(plan.get().accounts().get(0).outOfSight()).isPositive();
    assertThat(report.counts().delivered()).isEqualTo(250);
    assertThat(report.outOfSight()).isZero();
    assertThat(phases.stream().filter(phase -> phase == Phase.SENDING)).hasSizeGreaterThan(1);
    assertThat(baanx.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(baanx.endpoint().neverDelivered()).isEmpty();
  }

  @Test
  void whatADeadRunSentTellsNothingOfTheEndpointNow() {
    chatt2me.failures(60);
    chatt2me.endpoint().down(500);
    assertThatThrownBy(
            () ->
                Recovery.of(chatt2meClient)
                    .ledger(WatchedLedger.failing(ledger, "settle", 1, () -> {}))
                    .timeSource(time)
                    .lease(Duration.ofMinutes(1))
                    .canary(0)
                    .query(DeliveryQuery.builder().limit(20).build())
                    .build()
                    .run())
        .isInstanceOf(LedgerException.class);
    long sent = chatt2me.endpoint().resends();
    chatt2me.endpoint().up();
    time.advance(Duration.ofHours(1));

    RecoveryReport report = recovery(chatt2meClient).build().run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().failedAgain()).isEqualTo(sent).isPositive();
    assertThat(report.counts().delivered()).isEqualTo(60 - sent);
    assertThat(report.counts().addsUp()).isTrue();
  }
}
