package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener is told, and what becomes of a recovery whose listener fails. */
@Timeout(60)
class RecoveryListenerTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final FakeChatt2me fake = FakeChatt2me.builder().webhooks(2).start();
  private final Chatt2meClient client =
      Chatt2meClient.builder()
          .baseUrl(fake.baseUrl())
          .apiKey(fake.apiKey())
          .timeSource(time)
          .build();

  RecoveryListenerTest() {
    fake.endpoint().up();
  }

  @AfterEach
  void stop() {
    client.close();
    fake.close();
  }

  private Recovery.Builder recovery(RecoveryListener listener) {
    return Recovery.of(client)
        .ledger(new InMemoryLedger())
        .timeSource(time)
        .lease(Duration.ofDays(1))
        .listener(listener);
  }

  /** Remembers what became known, and what stopped. */
  private static final class Heard implements RecoveryListener {
    private final List<LedgerEntry> outcomes = new CopyOnWriteArrayList<>();
    private final List<LedgerEntry> knownBefore = new CopyOnWriteArrayList<>();
    private final List<RecoveryReport.Problem> problems = new CopyOnWriteArrayList<>();

    @Override
    public void onOutcome(LedgerEntry delivery) {
      outcomes.add(delivery);
    }

    @Override
    public void onProblem(RecoveryReport.Problem problem) {
      knownBefore.addAll(outcomes);
      problems.add(problem);
    }

    long in(DeliveryState state) {
      return outcomes.stream().filter(delivery -> delivery.state() == state).count();
    }
  }

  @Test
  void eachDeliveryIsTold_onceItsFateIsKnown() {
    fake.failures(200);
    fake.endpoint().flapping(0.2, 500);
    fake.faults().on(Operation.RETRY).nth(5).inject(Fault.status(400));
    var heard = new Heard();

    RecoveryReport report = recovery(heard).batchSize(1).build().run();

    DeliveryCounts counts = report.counts();
    assertThat(counts.rejected()).isEqualTo(1);
    assertThat(counts.failedAgain()).isPositive();
    assertThat(heard.outcomes).extracting(LedgerEntry::id).doesNotHaveDuplicates().hasSize(200);
    assertThat(heard.in(DeliveryState.DELIVERED)).isEqualTo(counts.delivered());
    assertThat(heard.in(DeliveryState.FAILED_AGAIN)).isEqualTo(counts.failedAgain());
    assertThat(heard.in(DeliveryState.REJECTED)).isEqualTo(counts.rejected());
    assertThat(heard.problems).isEmpty();
  }

  @Test
  void aWebhookThatStops_isTold_whileTheOthersGoOn() {
    fake.failures(100);
    fake.endpoint().answerWebhook(fake.webhookIds().get(0), 404);
    var heard = new Heard();

    RecoveryReport report = recovery(heard).build().run();

    assertThat(heard.problems).isEqualTo(report.problems()).hasSize(1);
    assertThat(heard.problems.get(0).what()).contains(fake.webhookIds().get(0));
    assertThat(heard.in(DeliveryState.DELIVERED)).isEqualTo(report.counts().delivered());
    assertThat(heard.knownBefore).hasSizeLessThan(heard.outcomes.size());
  }

  @Test
  void aListenerThatFails_endsNothing_andIsReportedOnce() {
    fake.failures(60);
    var calls = new AtomicInteger();
    var failing =
        (RecoveryListener)
            Proxy.newProxyInstance(
                RecoveryListener.class.getClassLoader(),
                new Class<?>[] {RecoveryListener.class},
                (proxy, method, arguments) -> {
                  calls.incrementAndGet();
                  throw new IllegalStateException("the display is gone");
                });

    RecoveryReport report = recovery(failing).build().run();

    assertThat(report.counts().delivered()).isEqualTo(60);
    assertThat(report.end()).isEqualTo(RecoveryReport.End.FINISHED);
    assertThat(report.allDelivered()).isTrue();
    assertThat(report.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.account()).isNull();
              assertThat(problem.what())
                  .contains("listener", "onBegin", "IllegalStateException")
                  .doesNotContain("display");
            });
    assertThat(calls).hasValueGreaterThan(60);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  /** Notes the ends of runs, and on which threads they were told. */
  private static final class Ends implements RecoveryListener {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @Override
    public void onBegin(String run, List<Account> accounts) {
      told.add(run + " " + accounts);
      threads.add(Thread.currentThread());
    }

    @Override
    public void onPhase(Phase phase) {
      if (phase == Phase.DONE || told.isEmpty()) {
        told.add(phase.name());
        threads.add(Thread.currentThread());
      }
    }
  }

  @Test
  void aRun_isToldFirstAndLast_onOneThread() {
    fake.failures(10);
    var ends = new Ends();

    RecoveryReport report = recovery(ends).build().run();

    assertThat(ends.told).containsExactly(report.run() + " [" + Account.of(client) + "]", "DONE");
    assertThat(new HashSet<>(ends.threads)).hasSize(1);
  }

  @Test
  void aRunThatTheLedgerEnds_isToldLast_too() {
    fake.failures(10);
    var ends = new Ends();
    var working = new InMemoryLedger(time);
    var failing =
        (RetryLedger)
            Proxy.newProxyInstance(
                RetryLedger.class.getClassLoader(),
                new Class<?>[] {RetryLedger.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("approve")) {
                    throw new LedgerException("The server is gone", null);
                  }
                  return method.invoke(working, arguments);
                });

    assertThatThrownBy(() -> recovery(ends).ledger(failing).build().run())
        .isInstanceOf(LedgerException.class);

    assertThat(ends.told).hasSize(2).endsWith("DONE");
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void pauses_haveAReason() {
    fake.failures(6);
    fake.faults().on(Operation.RETRY).inject(Fault.status(429).retryAfter(Duration.ofMinutes(3)));
    var reasons = new CopyOnWriteArrayList<PauseReason>();
    RecoveryListener listener =
        new RecoveryListener() {
          @Override
          public void onPause(Account account, Duration wait, PauseReason reason, String why) {
            reasons.add(reason);
          }
        };

    RecoveryReport report =
        recovery(listener).ledger(new InMemoryLedger(time)).maxRate(0.05).canary(0).build().run();

    assertThat(report.counts().delivered()).isEqualTo(6);
    assertThat(reasons).contains(PauseReason.RATE_LIMIT, PauseReason.RECEIVER_RATE);
  }

  @Test
  void anInboxThatFails_endsTheRun_beforeAnythingIsSent() {
    fake.failures(10);
    var ends = new Ends();

    assertThatThrownBy(
            () ->
                recovery(ends)
                    .alreadyProcessed(
                        delivery -> {
                          throw new IllegalStateException("no inbox");
                        })
                    .build()
                    .run())
        .hasMessage("no inbox");
    assertThat(ends.told).hasSize(2).endsWith("DONE");
    assertThat(new HashSet<>(ends.threads)).hasSize(1);
    assertThat(fake.requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void progress_countsWhatADeadRunSentAsSent() {
    var ledger = new InMemoryLedger(time);
    var listed = new ListedClient(time);
    List<FailedDelivery> failures = ListedClient.failures(30);
    Account account = Account.of(listed);
    ledger.begin(new LedgerRun("dead", List.of(account), time.now()));
    ledger.admit("dead", account, failures, RetryLedger.Round.FIRST);
    ledger.approve("dead");
    ledger.claim("dead", account, RetryLedger.Grouping.ANY, 7, time.now(), Duration.ofMinutes(1));
    time.advance(Duration.ofMinutes(2));
    var told = new CopyOnWriteArrayList<RecoveryProgress>();

    listed.tells(
        Duration.ZERO,
        result -> result.status() == RetryResult.Status.UNKNOWN ? delivered(result) : null);

    Recovery.of(listed.lists(failures.subList(7, 30)))
        .ledger(ledger)
        .timeSource(time)
        .listener(
            new RecoveryListener() {
              @Override
              public void onProgress(RecoveryProgress progress) {
                told.add(progress);
              }
            })
        .build()
        .run();

    assertThat(listed.retried()).hasSize(23);
    assertThat(told).allMatch(progress -> progress.sent() >= progress.delivered());
    assertThat(told.get(told.size() - 1).sent()).isEqualTo(30);
    assertThat(told.get(told.size() - 1).total()).isEqualTo(30);
  }

  private RetryOutcome delivered(RetryResult result) {
    return RetryOutcome.of(
        result,
        WebhookLog.builder(result.key(), DeliveryStatus.SUCCEEDED)
            .logId("retry-of-" + result.key().id())
            .httpStatus(200)
            .createdAt(time.now())
            .build());
  }
}
