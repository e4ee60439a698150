package dev.redrive.recovery.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.recovery.Account;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the {@link Budgets} of every ledger do; each implementation's tests extend it. */
@Timeout(120)
public abstract class BudgetsContract {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  protected static final Account ACME = new Account("chatt2me", "acme");

  protected final MutableClock clock = MutableClock.at(T0);
  protected final ManualTime time = ManualTime.of(clock);

  private final List<RetryLedger> opened = new ArrayList<>();

  protected Budgets budgets;

  /** A ledger by {@link #time}; each one but the first works on the same store. */
  protected abstract RetryLedger open() throws Exception;

  /** Moves the ledgers' clock on, or back. */
  protected void advance(Duration by) throws Exception {
    clock.advance(by);
  }

  /** The budgets of a ledger that is closed after the test. */
  protected Budgets opened() throws Exception {
    opened.add(open());
    return opened.get(opened.size() - 1).budgets();
  }

  @BeforeEach
  void openLedger() throws Exception {
    budgets = opened();
  }

  @AfterEach
  protected void closeLedgers() {
    opened.forEach(RetryLedger::close);
    opened.clear();
  }

  protected static RateLimit limit(Scope scope, int requests, int seconds) {
    return new RateLimit(scope, requests, Duration.ofSeconds(seconds));
  }

  protected Duration take(RateLimit... limits) {
    return budgets.take(ACME, List.of(limits));
  }

  protected static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void take_whenALimitIsUsedUp_tellsHowLongToWait_evenAroundAnEdge() throws Exception {
    RateLimit limit = limit(Scope.RETRY, 3, 10);
    assertThat(take(limit)).isZero();
    advance(seconds(9));
    assertThat(take(limit)).isZero();
    assertThat(take(limit)).isZero();

    assertThat(take(limit)).isEqualTo(seconds(1));
    advance(seconds(1));
    assertThat(take(limit)).isZero();
    assertThat(take(limit)).isEqualTo(seconds(9));
  }

  @Test
  void take_whenOneOfSeveralLimitsIsUsedUp_takesNothingOfTheOthers() throws Exception {
    RateLimit bulk = limit(Scope.BULK_RETRY, 1, 900);
    RateLimit all = limit(Scope.RETRY, 3, 10);
    assertThat(take(bulk, all)).isZero();

    assertThat(take(bulk, all)).isEqualTo(seconds(900));
    assertThat(take(bulk, all)).isEqualTo(seconds(900));
    assertThat(take(all)).isZero();
    assertThat(take(all)).isZero();
    assertThat(take(all)).isEqualTo(seconds(10));
    advance(seconds(895));
    assertThat(take(all)).isZero();
    assertThat(take(bulk, all)).isEqualTo(seconds(5));
  }

  @Test
  void take_whenTwoLimitsOfAScopeAreUsedUp_tellsTheLongerWait() throws Exception {
    RateLimit perMinute = limit(Scope.RETRY, 2, 60);
    RateLimit perHour = limit(Scope.RETRY, 3, 3_600);
    assertThat(take(perMinute, perHour)).isZero();
    assertThat(take(perMinute, perHour)).isZero();
    assertThat(take(perMinute, perHour)).isEqualTo(seconds(60));
    advance(seconds(60));

    assertThat(take(perMinute, perHour)).isZero();
    assertThat(take(perMinute, perHour)).isEqualTo(seconds(3_540));
  }

  @Test
  void take_whenALimitIsAnotherThanBefore_countsWhatWasUsed() {
    assertThat(take(limit(Scope.RETRY, 9, 10))).isZero();
    assertThat(take(limit(Scope.RETRY, 9, 10))).isZero();

    assertThat(take(limit(Scope.RETRY, 2, 60))).isEqualTo(seconds(60));
    assertThat(take(limit(Scope.SINGLE_RETRY, 2, 60))).isZero();
  }

  @Test
  void take_forAnotherAccount_countsByItself() {
    RateLimit limit = limit(Scope.RETRY, 1, 10);
    assertThat(take(limit)).isZero();

    assertThat(budgets.take(new Account("chatt2me", "other"), List.of(limit))).isZero();
    assertThat(take(limit)).isEqualTo(seconds(10));
  }

  @Test
  void pause_holdsAllBack_andOnlyEverGrows() throws Exception {
    RateLimit limit = limit(Scope.RETRY, 1, 10);
    assertThat(budgets.rest(ACME)).isZero();
    budgets.pause(ACME, seconds(60));
    budgets.pause(ACME, seconds(5));

    assertThat(take(limit)).isEqualTo(seconds(60));
    assertThat(budgets.rest(ACME)).isEqualTo(seconds(60));
    assertThat(budgets.rest(new Account("chatt2me", "other"))).isZero();
    advance(seconds(60));
    assertThat(budgets.rest(ACME)).isZero();
    assertThat(take(limit)).isZero();
  }

  @Test
  void takeTurns_ofALowRate_handsThemOutOneByOne() throws Exception {
    Duration interval = Duration.ofMillis(250);

    assertThat(budgets.takeTurns(interval))
        .isEqualTo(new Budgets.Turns(Duration.ZERO, interval, 1));
    assertThat(budgets.takeTurns(interval)).isEqualTo(new Budgets.Turns(interval, interval, 1));
    advance(Duration.ofHours(1));
    assertThat(budgets.takeTurns(interval).firstIn()).isZero();
    assertThat(budgets.takeTurns(interval).firstIn()).isEqualTo(interval);
  }

  @Test
  void takeTurns_ofAHighRate_handsOutSomeAhead() {
    Duration interval = Duration.ofMillis(10);

    assertThat(budgets.takeTurns(interval))
        .isEqualTo(new Budgets.Turns(Duration.ZERO, interval, 20));
    assertThat(budgets.takeTurns(interval))
        .isEqualTo(new Budgets.Turns(Duration.ofMillis(200), interval, 20));
  }

  @Test
  void takeTurns_whenRunsAskForDifferentRates_keepsAllToTheLowest_whileItsRunIsUnderWay()
      throws Exception {
    Duration slow = seconds(1);
    Duration fast = Duration.ofMillis(10);
    assertThat(budgets.takeTurns(slow).firstIn()).isZero();

    assertThat(budgets.takeTurns(fast)).isEqualTo(new Budgets.Turns(seconds(1), slow, 1));
    assertThat(budgets.takeTurns(slow).firstIn()).isEqualTo(seconds(2));
    advance(seconds(9));
    assertThat(budgets.takeTurns(fast)).isEqualTo(new Budgets.Turns(Duration.ZERO, slow, 1));
    advance(seconds(1));
    assertThat(budgets.takeTurns(fast)).isEqualTo(new Budgets.Turns(Duration.ZERO, fast, 20));
    assertThat(budgets.takeTurns(slow).firstIn()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void take_bySeveralAtOnce_neverExceedsALimitInAnyWindow_andServesAll() throws Exception {
    List<RateLimit> limits = List.of(limit(Scope.RETRY, 3, 10), limit(Scope.SINGLE_RETRY, 8, 60));
    List<Budgets> shared = List.of(budgets, opened());
    List<AtomicInteger> wanted = IntStream.range(0, 6).mapToObj(i -> new AtomicInteger(4)).toList();
    List<Integer> taken = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(wanted.size());
    try {
      // The clock stands still while all take what they get.
      for (int second = 0; second <= 140; second += 5) {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
          Budgets ours = shared.get(i % shared.size());
          AtomicInteger left = wanted.get(i);
          tasks.add(() -> takeSome(ours, limits, left));
        }
        for (Future<Integer> task : threads.invokeAll(tasks)) {
          for (int i = task.get(); i > 0; i--) {
            taken.add(second);
          }
        }
        advance(seconds(5));
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(taken)
        .containsExactly(
            0, 0, 0, 10, 10, 10, 20, 20, 60, 60, 60, 70, 70, 70, 80, 80, 120, 120, 120, 130, 130,
            130, 140, 140);
    assertThat(wanted).allSatisfy(left -> assertThat(left).hasValue(0));
  }

  private static int takeSome(Budgets budgets, List<RateLimit> limits, AtomicInteger left) {
    int taken = 0;
    while (left.get() > 0 && budgets.take(ACME, limits).isZero()) {
      left.decrementAndGet();
      taken++;
    }
    return taken;
  }

  @Test
  void takeTurns_bySeveralAtOnce_givesNoTimeAwayTwice() throws Exception {
    List<Budgets> shared = List.of(budgets, opened());
    Duration interval = Duration.ofMillis(50);
    var times = new ConcurrentLinkedQueue<Long>();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Budgets ours = shared.get(i % shared.size());
        tasks.add(
            () -> {
              for (int block = 0; block < 5; block++) {
                Budgets.Turns turns = ours.takeTurns(interval);
                for (int turn = 0; turn < turns.count(); turn++) {
                  times.add(turns.firstIn().toMillis() + turn * turns.interval().toMillis());
                }
              }
              return true;
            });
      }
      for (Future<Boolean> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(times.stream().sorted().toList())
        .isEqualTo(IntStream.range(0, 120).mapToObj(turn -> turn * 50L).toList());
  }
}
