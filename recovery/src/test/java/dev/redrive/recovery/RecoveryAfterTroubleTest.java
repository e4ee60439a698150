package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one run does after a crash, a refused key, a burst of errors: not what several do. */
@Timeout(60)
class RecoveryAfterTroubleTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final FakeChatt2me fake = FakeChatt2me.start();
  private final Chatt2meClient client =
      Chatt2meClient.builder()
          .baseUrl(fake.baseUrl())
          .apiKey(fake.apiKey())
          .settleTime(Duration.ofSeconds(30))
          .timeSource(time)
          .build();

  RecoveryAfterTroubleTest() {
    fake.endpoint().up();
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

  @ParameterizedTest
  @ValueSource(ints = {50, 400})
  void theRunAfterACrash_deliversAll_whateverClaimsWereOpen(int open) {
    ListedClient listed =
        new ListedClient(time).lists(failures(1000)).settlesAfter(Duration.ofSeconds(20));
    crash(listed, listed.failures(DeliveryQuery.all()).toList(), open);

    RecoveryReport report = recoveryOf(listed).build().run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.requests()).isEqualTo(1000);
    assertThat(report.counts().delivered()).isEqualTo(1000);
    assertThat(report.allDelivered()).isTrue();
    assertThat(listed.retried()).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void theRunAfterACrash_readsTheProvidersLogs_beforeItSends() {
    fake.failures(100);
    crash(client, client.failures(DeliveryQuery.all()).toList(), 60);

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().delivered()).isEqualTo(100);
    assertThat(report.allDelivered()).isTrue();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  /** A run found so much, claimed some of it, and died before it sent any. */
  private void crash(WebhookRetryClient of, List<FailedDelivery> found, int claims) {
    Account account = Account.of(of);
    ledger.begin(new LedgerRun("dead", List.of(account), time.now()));
    ledger.admit("dead", account, found, RetryLedger.Round.FIRST);
    ledger.approve("dead");
    assertThat(
            ledger.claim(
                "dead",
                account,
                RetryLedger.Grouping.ANY,
                claims,
                time.now(),
                Duration.ofMinutes(1)))
        .hasSize(claims);
    time.advance(Duration.ofMinutes(2));
  }

  private Recovery.Builder recoveryOf(ListedClient listed) {
    return Recovery.of(listed).ledger(ledger).timeSource(time).lease(Duration.ofDays(1));
  }

  private static List<FailedDelivery> failures(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ListedClient.failed("log-" + i, "" + i, i))
        .toList();
  }

  private static RecoveryListener resting(List<Duration> rests) {
    return new RecoveryListener() {
      @Override
      public void onPause(Account account, Duration wait, PauseReason reason, String why) {
        assertThat(reason).isEqualTo(PauseReason.FAILED_REQUESTS);
        rests.add(wait);
      }
    };
  }

  @Test
  void aBurstOfErrors_endsNothing_restsOnce_andTheSameRunDeliversAll() {
    // Behind the canary everything fails until the run rests; the probe is alone until it is
    // answered.
    var rests = new CopyOnWriteArrayList<Duration>();
    var probe = new AtomicInteger();
    var behindTheProbe = new CountDownLatch(1);
    var anyBehindTheProbe = new AtomicBoolean();
    ListedClient listed =
        new ListedClient(time)
            .lists(failures(3000))
            .fails(
                request -> {
                  if (request <= 3 || rests.isEmpty()) {
                    return request > 3;
                  }
                  if (probe.compareAndSet(0, request)) {
                    anyBehindTheProbe.set(await(behindTheProbe, Duration.ofMillis(100)));
                  } else {
                    behindTheProbe.countDown();
                  }
                  return false;
                });

    RecoveryReport report =
        recoveryOf(listed).canary(3).concurrency(8).listener(resting(rests)).build().run();

    assertThat(rests).containsExactly(Duration.ofSeconds(5));
    assertThat(anyBehindTheProbe).isFalse();
    assertThat(report.problems()).isEmpty();
    assertThat(probe.get() - 4).isBetween(3, 10);
    assertThat(report.requests()).isEqualTo(3000 + probe.get() - 4);
    assertThat(report.counts().delivered()).isEqualTo(3000);
    assertThat(report.allDelivered()).isTrue();
    assertThat(listed.retried()).hasSize(3000).doesNotHaveDuplicates();
  }

  private static boolean await(CountDownLatch latch, Duration most) {
    try {
      return latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void errorsThatGoOn_endTheRunAfterThreeProbes() {
    ListedClient listed = new ListedClient(time).lists(failures(300)).fails(request -> true);
    var rests = new CopyOnWriteArrayList<Duration>();

    RecoveryReport report = recoveryOf(listed).canary(0).listener(resting(rests)).build().run();

    assertThat(rests)
        .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));
    // Three at the least open the breaker, with what is under way beside them; then come probes.
    assertThat(report.requests()).isBetween(6L, 13L);
    assertThat(report.end()).isEqualTo(RecoveryReport.End.FAILED);
    assertThat(report.problems()).singleElement().asString().contains("requests in a row failed");
    assertThat(report.counts().notSent()).isEqualTo(300);
    assertThat(report.allDelivered()).isFalse();
  }

  @Test
  void aRefusedKey_isAFailure_andACanaryThatFails_aStop() {
    fake.failures(30);
    fake.endpoint().down(500);
    RecoveryReport stopped = recovery().build().run();
    fake.faults().on(Operation.LIST).always().inject(Fault.status(401));
    RecoveryReport failed = recovery().build().run();

    assertThat(stopped.end()).isEqualTo(RecoveryReport.End.STOPPED);
    assertThat(failed.end()).isEqualTo(RecoveryReport.End.FAILED);
    assertThat(failed.allDelivered()).isFalse();
  }

  @Test
  void aPlan_saysThatSubscriptionsCouldNotBeChecked() {
    fake.failures(30);
    String webhook = fake.webhookIds().get(0);
    fake.faults().on(Operation.WEBHOOKS).always().inject(Fault.status(404));
    var query = DeliveryQuery.builder().webhookId(webhook).build();

    RecoveryPlan plan = recovery().query(query).build().plan();

    assertThat(plan.toSend()).isPositive();
    assertThat(plan.accounts().get(0).warnings())
        .anyMatch(warning -> warning.contains("could not be checked"));
  }

  @Test
  void lostAnswers_areSettledByDefaultWithinTheRun_howeverLongTheProviderNeeds() {
    ListedClient listed =
        new ListedClient(time)
            .lists(failures(60))
            .settlesAfter(Duration.ofSeconds(125))
            .fails(request -> request == 2 || request == 5);

    RecoveryReport report = recoveryOf(listed).build().run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.requests()).isEqualTo(62);
    assertThat(report.counts().skipped()).isEqualTo(Map.of());
    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(report.allDelivered()).isTrue();
  }
}
