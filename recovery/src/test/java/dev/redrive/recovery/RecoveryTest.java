package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailureCause;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecoveryTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final RetryLedger ledger = new InMemoryLedger(time);
  private FakeChatt2me fake;
  private Chatt2meClient client;

  @BeforeEach
  void start() {
    fake = FakeChatt2me.start();
    fake.endpoint().up();
    client =
        Chatt2meClient.builder()
            .baseUrl(fake.baseUrl())
            .apiKey(fake.apiKey())
            .settleTime(Duration.ofMinutes(1))
            .timeSource(time)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    fake.close();
    ledger.close();
  }

  private Recovery.Builder recovery() {
    return Recovery.of(client).ledger(ledger).timeSource(time).lease(Duration.ofDays(1));
  }

  @Test
  void eachFailureIsDeliveredOnce_whenTheEndpointIsUp() {
    fake.failures(1000);
    fake.successes(200);

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().found()).isEqualTo(1000);
    assertThat(report.counts().delivered()).isEqualTo(1000);
    assertThat(report.allDelivered()).isTrue();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(report.requests());
  }

  @Test
  void aLimit_countsWhatIsSent_soThatRunsWithALimitGetThroughAll() {
    fake.failures(25);
    DeliveryQuery ten = DeliveryQuery.builder().limit(10).build();

    assertThat(recovery().query(ten).build().run().counts().delivered()).isEqualTo(10);
    assertThat(recovery().query(ten).build().plan().toSend()).isEqualTo(10);
    assertThat(recovery().query(ten).build().run().counts().delivered()).isEqualTo(10);
    assertThat(recovery().query(ten).build().run().counts().delivered()).isEqualTo(5);
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void secondRunSendsNothing_thoughTheProviderStillListsTheOldFailures() {
    fake.failures(120);
    recovery().build().run();
    long sent = fake.requestCount(Operation.RETRY);

    RecoveryReport again = recovery().build().run();

    assertThat(again.counts().found()).isEqualTo(120);
    assertThat(again.counts().skipped()).isEqualTo(Map.of(SkipReason.ALREADY_DELIVERED, 120L));
    assertThat(again.requests()).isZero();
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(sent);
  }

  @Test
  void threeOfEachWebhookAreResent_inEachRunAgainstABrokenEndpoint() {
    fake.failures(1000);
    fake.endpoint().down(500);

    for (int i = 0; i < 3; i++) {
      RecoveryReport report = recovery().build().run();
      assertThat(report.counts().addsUp()).isTrue();
      assertThat(report.problems()).singleElement().asString().contains("still broken");
    }

    assertThat(fake.endpoint().resends()).isEqualTo(27);
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
  }

  @Test
  void eachEventIsResentOnce_inThreeRunsWithoutCanaryAgainstABrokenEndpoint() {
    fake.failures(300);
    fake.endpoint().down(503);
    var neverStop = new StopRule(1, 50, 50);

    RecoveryReport first = recovery().canary(0).stopRule(neverStop).build().run();
    RecoveryReport second = recovery().canary(0).stopRule(neverStop).build().run();
    RecoveryReport third = recovery().canary(0).stopRule(neverStop).build().run();

    assertThat(first.counts().failedAgain()).isEqualTo(300);
    assertThat(second.counts().skipped())
        .isEqualTo(Map.of(SkipReason.FAILED_AGAIN_EARLIER, 300L, SkipReason.EARLIER_ATTEMPT, 300L));
    assertThat(second.allDelivered()).isFalse();
    assertThat(third.counts().found()).isEqualTo(600);
    assertThat(fake.endpoint().resends()).isEqualTo(300);
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
  }

  @Test
  void anotherRoundSendsWhatFailedAgainOnceMore_andNothingElse() {
    fake.failures(40);
    fake.endpoint().down(500);
    recovery().canary(0).stopRule(new StopRule(1, 50, 50)).build().run();
    fake.endpoint().up();

    RecoveryReport report = recovery().anotherRound().build().run();

    assertThat(report.counts().delivered()).isEqualTo(40);
    assertThat(report.counts().addsUp()).isTrue();
    assertThat(fake.endpoint().resends()).isEqualTo(80);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
  }

  @Test
  void sendingStops_whenTheEndpointBreaksDownUnderTheLoad() {
    fake.failures(2000);
    fake.endpoint().downAfter(200, 500);

    RecoveryReport report = recovery().batchSize(10).build().run();

    assertThat(report.problems())
        .hasSize(3)
        .allSatisfy(problem -> assertThat(problem.what()).contains("webhook", "failed again"));
    assertThat(report.counts().delivered()).isEqualTo(200);
    assertThat(report.counts().notSent()).isGreaterThan(1000);
    assertThat(report.counts().addsUp()).isTrue();

    fake.endpoint().up();
    recovery().build().run();
    RecoveryReport last = recovery().anotherRound().build().run();
    assertThat(last.counts().addsUp()).isTrue();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void sendingStops_whenWhatWasSentLastFailedAgain_thoughItWasFoundFirst() {
    fake.failures(3000);
    fake.endpoint().downAfter(103, 500);
    var query = DeliveryQuery.builder().webhookId(client.webhooks().iterator().next().id()).build();

    RecoveryReport report = recovery().query(query).concurrency(1).batchSize(50).build().run();

    assertThat(report.problems()).singleElement().asString().contains("50 of the latest 50");
    assertThat(report.counts().delivered()).isEqualTo(103);
    assertThat(fake.endpoint().resends()).isLessThan(103 + 500);
  }

  @Test
  void planSendsAndWritesNothing() {
    fake.failures(130);

    RecoveryPlan plan = recovery().build().plan();

    assertThat(plan.toSend()).isEqualTo(130);
    assertThat(plan.requests()).isBetween(3L, 5L);
    RecoveryPlan.ForAccount account = plan.accounts().get(0);
    assertThat(account.byCause().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(130);
    assertThat(account.byEndpoint()).isNotEmpty();
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
    assertThat(ledger.runs(10)).isEmpty();
  }

  @Test
  void nothingIsSent_whenThePlanIsNotApproved() {
    fake.failures(30);
    var shown = new AtomicReference<RecoveryPlan>();

    RecoveryReport report =
        recovery()
            .approval(
                plan -> {
                  shown.set(plan);
                  return false;
                })
            .build()
            .run();

    assertThat(shown.get().toSend()).isEqualTo(30);
    assertThat(report.end()).isEqualTo(RecoveryReport.End.DECLINED);
    assertThat(report.counts().notSent()).isEqualTo(30);
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
    assertThat(recovery().build().run().counts().delivered()).isEqualTo(30);
  }

  @Test
  void deliveriesThatTheReceiverHasAreNotSent() {
    List<String> ids = fake.failures(20);
    var processed = List.copyOf(ids.subList(0, 5));

    RecoveryReport report =
        recovery().alreadyProcessed(d -> processed.contains(d.key().id())).build().run();

    assertThat(report.counts().skipped()).isEqualTo(Map.of(SkipReason.ALREADY_PROCESSED, 5L));
    assertThat(report.counts().delivered()).isEqualTo(15);
    assertThat(fake.endpoint().resends()).isEqualTo(15);
  }

  @Test
  void lostAnswersAreSettledByReading_andNothingGoesOutTwice() {
    fake.failures(200);
    fake.faults().on(Operation.RETRY).nth(4).inject(Fault.lostAnswer());
    fake.faults().on(Operation.RETRY).nth(6).inject(Fault.lostRequest());

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().addsUp()).isTrue();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(report.counts().notSent()).isZero();
  }

  @Test
  void lostAnswersOfRetriesThatFailedNeverLeadToTwoDeliveries() {
    fake.failures(120);
    fake.endpoint().down(500);
    var neverStop = new StopRule(1, 50, 50);
    fake.faults().on(Operation.RETRY).always().inject(Fault.lostAnswer());
    recovery().canary(0).batchSize(20).stopRule(neverStop).build().run();
    fake.faults().clear();
    recovery().canary(0).batchSize(20).stopRule(neverStop).build().run();
    fake.endpoint().up();

    for (int i = 0; i < 3; i++) {
      assertThat(recovery().anotherRound().build().run().counts().addsUp()).isTrue();
    }

    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
  }

  @Test
  void cancelLeavesTheRestQueued_andTheNextRunGoesOn() throws Exception {
    fake.failures(500);
    var recovery = new AtomicReference<Recovery>();
    var builder =
        recovery()
            .batchSize(10)
            .listener(
                new RecoveryListener() {
                  @Override
                  public void onProgress(RecoveryProgress progress) {
                    if (progress.delivered() >= 50) {
                      recovery.get().cancel();
                    }
                  }
                });
    recovery.set(builder.build());

    RecoveryReport report = recovery.get().run();

    assertThat(report.end()).isEqualTo(RecoveryReport.End.CANCELLED);
    assertThat(report.counts().addsUp()).isTrue();
    assertThat(report.counts().notSent()).isPositive();
    recovery().build().run();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
  }

  @Test
  void interruptStopsLikeCancel_andKeepsTheFlag() throws Exception {
    fake.failures(500);
    var started = new CountDownLatch(1);
    var report = new AtomicReference<RecoveryReport>();
    var flag = new AtomicReference<Boolean>();
    var recovery =
        recovery()
            .batchSize(5)
            .listener(
                new RecoveryListener() {
                  @Override
                  public void onPhase(Phase phase) {
                    if (phase == Phase.SENDING) {
                      started.countDown();
                    }
                  }
                })
            .build();
    var runner =
        new Thread(
            () -> {
              report.set(recovery.run());
              flag.set(Thread.currentThread().isInterrupted());
            });
    runner.start();
    started.await();
    runner.interrupt();
    runner.join();

    assertThat(report.get().end()).isEqualTo(RecoveryReport.End.CANCELLED);
    assertThat(report.get().counts().addsUp()).isTrue();
    assertThat(flag.get()).isTrue();
  }

  @Test
  void refusedKeyStopsTheRun_andTheRestStaysQueued() {
    fake.failures(300);
    fake.faults().on(Operation.RETRY).always().inject(Fault.status(401));

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems()).singleElement().asString().contains("key");
    assertThat(report.counts().notSent()).isPositive();
    assertThat(report.counts().addsUp()).isTrue();
    fake.faults().clear();
    recovery().build().run();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void phasesComeInOrder() {
    fake.failures(10);
    var phases = new CopyOnWriteArrayList<Phase>();

    recovery()
        .listener(
            new RecoveryListener() {
              @Override
              public void onPhase(Phase phase) {
                phases.add(phase);
              }
            })
        .build()
        .run();

    assertThat(new ArrayList<>(phases))
        .containsExactly(
            Phase.SETTLING,
            Phase.COLLECTING,
            Phase.CANARY,
            Phase.SENDING,
            Phase.VERIFYING,
            Phase.DONE);
  }

  @Test
  void causeFilterIsKept() {
    fake.failures(200);
    var query = DeliveryQuery.builder().causes(FailureCause.SERVER_ERROR).build();
    long matching = client.failures(query).stream().count();

    RecoveryReport report = recovery().query(query).build().run();

    assertThat(matching).isPositive().isLessThan(200);
    assertThat(report.counts().delivered()).isEqualTo(matching);
    assertThat(fake.endpoint().resends()).isEqualTo(matching);
  }

  @Test
  void oneAccountCannotHaveTwoClients() {
    assertThatThrownBy(() -> Recovery.of(client, client).ledger(ledger).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Two clients for account");
  }

  @Test
  void whatWasRecoveredUnderOneNameOfAnAccount_isNotSentUnderAnother() {
    fake.failures(100);
    RecoveryReport first;
    try (Chatt2meClient sales =
        Chatt2meClient.builder()
            .baseUrl(fake.baseUrl())
            .apiKey(fake.apiKey())
            .account("sales")
            .timeSource(time)
            .build()) {
      first = Recovery.of(sales).ledger(ledger).timeSource(time).build().run();
    }

    RecoveryPlan plan = recovery().build().plan();
    RecoveryReport second = recovery().build().run();

    assertThat(first.counts().delivered()).isEqualTo(100);
    assertThat(plan.toSend()).isZero();
    assertThat(plan.accounts().get(0).ledger().ofProvider()).isEqualTo(100);
    assertThat(second.counts().skipped()).isEqualTo(Map.of(SkipReason.ALREADY_DELIVERED, 100L));
    assertThat(second.requests()).isZero();
    assertThat(fake.endpoint().resentMoreThanOnce()).isEmpty();
  }

  @Test
  void theFirstFailures_areThoseOfThePlan_howeverRetriesFail() {
    fake.failures(300);
    fake.endpoint().down(418);
    Recovery recovery = recovery().canary(0).build();
    Map<FailureCause, Long> planned = recovery.plan().accounts().get(0).byCause();

    RecoveryReport report = recovery.run();

    Map<FailureCause, Long> first = new EnumMap<>(FailureCause.class);
    Map<FailureCause, Long> latest = new EnumMap<>(FailureCause.class);
    ledger.entries(
        report.run(),
        entry -> {
          first.merge(entry.first().cause(), 1L, Long::sum);
          latest.merge(entry.delivery().cause(), 1L, Long::sum);
        });
    assertThat(report.counts().failedAgain()).isPositive();
    assertThat(planned).hasSizeGreaterThan(2);
    assertThat(first).isEqualTo(planned);
    assertThat(latest).isNotEqualTo(planned);
  }

  @Test
  void aRecovery_withoutALedger_isRefused() {
    assertThatThrownBy(() -> Recovery.of(client).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a ledger");
  }

  @Test
  void aBrokenWebhook_holdsUpNoOther_andIsNamed() {
    fake = restart(10);
    fake.failures(1000);
    String broken = client.webhooks().get(0).id();
    fake.endpoint().answerWebhook(broken, 404);

    long ofTheBroken =
        client.failures(DeliveryQuery.all()).stream()
            .filter(failure -> broken.equals(failure.latest().webhookId()))
            .count();

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().delivered()).isEqualTo(1000 - ofTheBroken);
    assertThat(report.counts().failedAgain()).isEqualTo(3);
    assertThat(report.counts().notSent()).isEqualTo(ofTheBroken - 3);
    assertThat(report.end()).isEqualTo(RecoveryReport.End.STOPPED);
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains(broken, "none of the first 3", "still broken");
    assertThat(report.allDelivered()).isFalse();

    fake.endpoint().answerWebhook(broken, 200);
    RecoveryReport again = recovery().build().run();
    assertThat(again.counts().delivered()).isEqualTo(ofTheBroken - 3);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void manyWebhooks_areTriedSomeAtATime() {
    fake = restart(150);
    fake.failures(3000);
    fake.endpoint().down(500);

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems()).singleElement().asString().contains("none of the first 20");
    assertThat(fake.endpoint().resends()).isBetween(200L, 202L);

    fake.endpoint().up();
    RecoveryReport again = recovery().anotherRound().build().run();
    assertThat(again.counts().delivered()).isEqualTo(3000);
    assertThat(again.allDelivered()).isTrue();
  }

  @Test
  void aWebhookThatBreaksDown_isStopped_andTheOthersGoOn() {
    fake = restart(2);
    fake.failures(2000);
    String breaking = client.webhooks().get(0).id();
    var sent = new AtomicInteger();
    fake.onRequest(
        Operation.RETRY,
        () -> {
          if (sent.incrementAndGet() == 5) {
            fake.endpoint().answerWebhook(breaking, 500);
          }
        });

    RecoveryReport report = runInRealTime();

    assertThat(report.counts().delivered()).isBetween(900L, 1900L);
    assertThat(report.counts().failedAgain()).isBetween(10L, 500L);
    assertThat(report.counts().notSent()).isPositive();
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains(breaking, "retries failed again");
  }

  /** How many go out before it shows what became of them is a matter of real time. */
  private RecoveryReport runInRealTime() {
    try (Chatt2meClient real =
        Chatt2meClient.builder().baseUrl(fake.baseUrl()).apiKey(fake.apiKey()).build()) {
      return Recovery.of(real).ledger(ledger).build().run();
    }
  }

  /** Another fake, with so many webhooks. */
  private FakeChatt2me restart(int webhooks) {
    stop();
    FakeChatt2me started = FakeChatt2me.builder().webhooks(webhooks).start();
    started.endpoint().up();
    client =
        Chatt2meClient.builder()
            .baseUrl(started.baseUrl())
            .apiKey(started.apiKey())
            .settleTime(Duration.ofMinutes(1))
            .timeSource(time)
            .build();
    return started;
  }
}
