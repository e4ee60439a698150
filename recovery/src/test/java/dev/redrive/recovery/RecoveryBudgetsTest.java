package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.PauseReason;
import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs on one ledger keep together to what providers and the receiver allow. */
@Timeout(60)
class RecoveryBudgetsTest {
  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final RateLimit FIVE = new RateLimit(Scope.RETRY, 5, WINDOW);

  private static final Duration STEP = Duration.ofMillis(500);

  /** Threads may take so long between a turn and its request, in the time of the test. */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(2);

  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")), STEP);
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final ConcurrentLinkedQueue<Instant> requests = new ConcurrentLinkedQueue<>();

  private static List<FailedDelivery> failures(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ListedClient.failed("log-" + i, "event-" + i, i))
        .toList();
  }

  private ListedClient client(int failures) {
    return new ListedClient(time)
        .lists(failures(failures))
        .fails(
            request -> {
              requests.add(time.now());
              return false;
            });
  }

  private Recovery.Builder recovery(WebhookRetryClient client) {
    return Recovery.of(client).ledger(ledger).timeSource(time).lease(Duration.ofDays(1)).canary(0);
  }

  /** The requests' times, in order. */
  private List<Instant> requested() {
    return requests.stream().sorted().toList();
  }

  private void assertThatAnyFiveTakeAWindow() {
    List<Instant> at = requested();
    for (int i = 5; i < at.size(); i++) {
      assertThat(Duration.between(at.get(i - 5), at.get(i)))
          .as("%s", at)
          .isGreaterThan(WINDOW.minus(ON_THE_WAY));
    }
  }

  @Test
  void aRun_afterAnotherThatUsedMostOfALimit_hasWhatIsLeft() {
    RecoveryReport first =
        recovery(client(10).limits(FIVE))
            .query(DeliveryQuery.builder().limit(4).build())
            .build()
            .run();
    RecoveryReport second = recovery(client(10).limits(FIVE)).build().run();

    assertThat(first.counts().delivered()).isEqualTo(4);
    assertThat(second.counts().delivered()).isEqualTo(6);
    assertThat(requested()).hasSize(10);
    assertThatAnyFiveTakeAWindow();
    assertThat(Duration.between(first.startedAt(), requested().get(4))).isLessThan(WINDOW);
  }

  @Test
  void twoRunsAtOnce_stayWithinTheProvidersLimitTogether() {
    ListedClient one = client(14).limits(FIVE);
    ListedClient other = client(14).limits(FIVE);

    CompletableFuture<RecoveryReport> running =
        CompletableFuture.supplyAsync(() -> recovery(one).build().run());
    RecoveryReport report = recovery(other).build().run();

    assertThat(report.counts().addsUp()).isTrue();
    assertThat(running.join().counts().addsUp()).isTrue();
    assertThat(requested()).hasSize(14);
    assertThatAnyFiveTakeAWindow();
    var sent = new HashSet<>(one.retried());
    sent.addAll(other.retried());
    assertThat(sent).hasSize(14);
  }

  @Test
  void whatCameOfARequest_isRecorded_thoughThePauseThatItAskedForIsNot() {
    Budgets kept = ledger.budgets();
    Budgets gone =
        new Budgets() {
          @Override
          public Duration take(Account account, List<RateLimit> limits) {
            return kept.take(account, limits);
          }

          @Override
          public void pause(Account account, Duration wait) {
            throw new LedgerException("The database went away", null);
          }

          @Override
          public Duration rest(Account account) {
            return kept.rest(account);
          }

          @Override
          public Turns takeTurns(Duration interval) {
            return kept.takeTurns(interval);
          }
        };
    FakeChatt2me chatt2me = FakeChatt2me.start();
    chatt2me.failures(20);
    chatt2me
        .faults()
        .on(Operation.RETRY)
        .next(1)
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(3)));
    try (chatt2me;
        WebhookRetryClient client = client(chatt2me)) {
      Recovery recovery =
          recovery(client).ledger(WatchedLedger.with(ledger, gone)).batchSize(20).build();

      assertThatThrownBy(recovery::run).isInstanceOf(LedgerException.class);

      var states = new HashSet<DeliveryState>();
      ledger.entries(ledger.runs(1).get(0).id(), entry -> states.add(entry.state()));
      assertThat(states).contains(DeliveryState.FOUND).doesNotContain(DeliveryState.SENDING);
    }
  }

  @Test
  void twoRunsAtOnce_shareTheReceiversRate() {
    // Of different accounts, so that nothing but the receiver is shared.
    FakeChatt2me chatt2me = FakeChatt2me.start();
    chatt2me.endpoint().up();
    chatt2me.failures(30);
    try (chatt2me;
        WebhookRetryClient other = client(chatt2me)) {
      Instant start = time.now();
      CompletableFuture<RecoveryReport> running =
          CompletableFuture.supplyAsync(
              () -> recovery(other).timeSource(time).maxRate(2).batchSize(1).build().run());
      RecoveryReport report =
          recovery(client(30)).timeSource(time).maxRate(2).batchSize(1).build().run();

      assertThat(report.counts().delivered()).isEqualTo(30);
      assertThat(running.join().counts().delivered()).isEqualTo(30);
      assertThat(Duration.between(start, time.now()))
          .isGreaterThanOrEqualTo(Duration.ofMillis(59 * 500));
    }
  }

  private WebhookRetryClient client(FakeChatt2me chatt2me) {
    return Chatt2meClient.builder()
        .baseUrl(chatt2me.baseUrl())
        .apiKey(chatt2me.apiKey())
        .timeSource(time)
        .build();
  }

  @Test
  void whatAProviderAskedOneRunToWait_theNextRunWaitsToo() {
    FakeChatt2me chatt2me = FakeChatt2me.start();
    chatt2me.endpoint().up();
    chatt2me.failures(20);
    chatt2me
        .faults()
        .on(Operation.RETRY)
        .nth(1)
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(10)));
    var paused = new AtomicReference<Instant>();
    var first = new AtomicReference<Recovery>();
    try (chatt2me;
        WebhookRetryClient client = client(chatt2me)) {
      first.set(
          recovery(client)
              .concurrency(1)
              .listener(
                  new RecoveryListener() {
                    @Override
                    public void onPause(
                        Account account, Duration wait, PauseReason reason, String why) {
                      paused.set(time.now());
                      first.get().cancel();
                    }
                  })
              .build());
      RecoveryReport stopped = first.get().run();
      assertThat(stopped.end()).isEqualTo(RecoveryReport.End.CANCELLED);
      assertThat(chatt2me.requestCount(Operation.RETRY)).isEqualTo(1);
      chatt2me.onRequest(Operation.RETRY, () -> requests.add(time.now()));

      RecoveryReport report = recovery(client).build().run();

      assertThat(report.counts().delivered()).isEqualTo(20);
      assertThat(Duration.between(paused.get(), requested().get(0)))
          .isGreaterThan(Duration.ofMinutes(9));
    }
  }

  @Test
  void anAccountWithoutLimits_takesNoTurn_andHardlyAsksTheLedger() {
    var asked = new AtomicInteger();
    var others = new CopyOnWriteArrayList<String>();
    Budgets watched =
        new Budgets() {
          @Override
          public Duration take(Account account, List<RateLimit> limits) {
            others.add("take");
            return Duration.ZERO;
          }

          @Override
          public void pause(Account account, Duration wait) {
            others.add("pause");
          }

          @Override
          public Duration rest(Account account) {
            asked.incrementAndGet();
            return Duration.ZERO;
          }

          @Override
          public Turns takeTurns(Duration interval) {
            others.add("takeTurns");
            return new Turns(Duration.ZERO, interval, 1);
          }
        };

    RecoveryReport report =
        recovery(client(500))
            .ledger(WatchedLedger.with(ledger, watched))
            .timeSource(time)
            .build()
            .run();

    assertThat(report.counts().delivered()).isEqualTo(500);
    assertThat(others).isEmpty();
    assertThat((long) asked.get()).isLessThanOrEqualTo(report.elapsed().toSeconds() + 1);
  }

  @Test
  void limitsOfTheOtherRoute_takeNoTurn() {
    RateLimit bulk = new RateLimit(Scope.BULK_RETRY, 1, WINDOW);

    RecoveryReport report = recovery(client(20).limits(bulk)).timeSource(time).build().run();

    assertThat(report.counts().delivered()).isEqualTo(20);
    assertThat(report.elapsed()).isLessThan(WINDOW);
  }
}
