package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final RetryLedger ledger = new InMemoryLedger();
  private final FakeChatt2me fake = FakeChatt2me.start();
  private final Chatt2meClient client =
      Chatt2meClient.builder()
          .baseUrl(fake.baseUrl())
          .apiKey(fake.apiKey())
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
    fake.failures(1000);
    List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).stream().toList();
    Account account = Account.of(client);
    ledger.begin(
        new LedgerRun("dead", List.of(account), time.now(), null, null),
        time.now().plusSeconds(60));
    ledger.admit("dead", failures, RetryLedger.Round.FIRST, time.now());
    ledger.approve("dead");
    int claimed = ledger.claim("dead", account, RetryLedger.Grouping.ANY, open, time.now()).size();
    time.advance(Duration.ofMinutes(2));

    RecoveryReport report = recovery().build().run();

    assertThat(claimed).isEqualTo(open);
    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().delivered()).isEqualTo(1000);
    assertThat(report.allDelivered()).isTrue();
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void aBurstOfErrors_rests_andTheSameRunDeliversAll() {
    fake.failures(3000);
    var requests = new AtomicInteger();
    var rests = new CopyOnWriteArrayList<Duration>();
    fake.onRequest(
        Operation.RETRY,
        () -> {
          if (requests.incrementAndGet() == 12) {
            fake.faults().on(Operation.RETRY).next(8).inject(Fault.status(503));
          }
        });

    RecoveryReport report = recovery().batchSize(20).listener(resting(rests)).build().run();

    assertThat(fake.faults().injected()).isEqualTo(8);
    assertThat(rests).contains(Duration.ofSeconds(5));
    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().delivered()).isEqualTo(3000);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  private static RecoveryListener resting(List<Duration> rests) {
    return new RecoveryListener() {
      @Override
      public void onPause(Account account, Duration wait, String why) {
        rests.add(wait);
      }
    };
  }

  @Test
  void errorsThatGoOn_endTheRunAfterThreeProbes() {
    fake.failures(300);
    fake.faults().on(Operation.RETRY).always().inject(Fault.status(503));
    var rests = new CopyOnWriteArrayList<Duration>();

    RecoveryReport report =
        recovery().canary(0).concurrency(1).batchSize(10).listener(resting(rests)).build().run();

    assertThat(rests)
        .containsSubsequence(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));
    assertThat(report.requests()).isEqualTo(6);
    assertThat(report.end()).isEqualTo(RecoveryReport.End.FAILED);
    assertThat(report.problems()).singleElement().asString().contains("6 requests in a row failed");
    assertThat(report.counts().addsUp()).isTrue();
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
    fake.failures(60);
    fake.faults().on(Operation.RETRY).nth(2).inject(Fault.lostRequest());
    fake.faults().on(Operation.RETRY).nth(5).inject(Fault.lostRequest());

    RecoveryReport report = recovery().batchSize(10).build().run();

    assertThat(client.traits().settleTime()).isGreaterThan(Duration.ofMinutes(2));
    assertThat(fake.faults().injected()).isEqualTo(2);
    assertThat(report.counts().skipped()).isEqualTo(Map.of());
    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(report.allDelivered()).isTrue();
  }
}
