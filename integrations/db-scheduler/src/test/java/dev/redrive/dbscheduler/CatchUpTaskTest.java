package dev.redrive.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.PollingStrategyConfig;
import com.github.kagkarlsson.scheduler.event.ExecutionChain;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper.ManualSchedulerBuilder;
import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.CatchUpRound.Result;
import dev.redrive.recovery.ledger.LedgerException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With db-scheduler's own test scheduler: one thread, and time that stands still. */
class CatchUpTaskTest {
  private static final Account SALES = new Account("acme", "sales");
  private static final Account CARDS = new Account("acme", "cards");
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final HikariDataSource source = Postgres.newSchema();
  private final SettableClock clock = new SettableClock();
  private final List<Account> rounds = new ArrayList<>();
  private final List<RuntimeException> thrown = new ArrayList<>();

  @BeforeEach
  void createTable() throws SQLException {
    new TaskTable(source).create();
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void eachAccountHasItsRounds_onceInAPeriod() {
    ManualScheduler scheduler = start(account -> round(account, Result.COMPLETE), SALES, CARDS);
    scheduler.runAnyDueExecutions();
    assertThat(rounds).isEmpty();

    for (int period = 1; period <= 3; period++) {
      scheduler.tick(EVERY);
      scheduler.runAnyDueExecutions();
      assertThat(rounds).hasSize(2 * period);
    }
    assertThat(rounds).containsOnly(SALES, CARDS);
  }

  @Test
  void theTableHoldsNoData_andNothingOfAMachineThatIsDone() {
    ManualScheduler scheduler = start(account -> round(account, Result.COMPLETE), SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(
            Postgres.query(
                source,
                "SELECT concat_ws(' ', task_name, task_instance, picked, consecutive_failures,"
                    + " task_data, picked_by, last_heartbeat) FROM scheduled_tasks"))
        .containsExactly("redrive:acme:sales recurring f 0");
  }

  @Test
  void anIncompleteRound_goesOnAtTheNextTime() {
    ManualScheduler scheduler = start(account -> round(account, Result.INCOMPLETE), SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(due()).isEqualTo(regular());
  }

  @Test
  void anAccountThatAnotherProcessHas_isLookedAtAgainSoon() {
    ManualScheduler scheduler = start(account -> round(account, Result.ELSEWHERE), SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(due()).isEqualTo(clock.now().plus(CatchUpTask.LOOK_AGAIN));
  }

  @Test
  void aRoundThatThrows_isAFailure_andTheAccountGoesOnAtItsNextTime() {
    ManualScheduler scheduler =
        start(
            account -> {
              throw new LedgerException("The ledger is full: free space", null);
            },
            SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(due()).isEqualTo(regular());
    assertThat(Postgres.query(source, "SELECT consecutive_failures FROM scheduled_tasks"))
        .containsExactly("1");
    assertThat(thrown.get(0)).hasMessage("The ledger is full: free space");
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();
    assertThat(rounds).containsExactly(SALES, SALES);
  }

  @Test
  void whatOthersThrow_isToldByItsTypeAndPlaceOnly() {
    ManualScheduler scheduler =
        start(
            account -> {
              throw new IllegalArgumentException(
                  "hunter2", new IllegalStateException("Bearer hunter2"));
            },
            SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(thrown.get(0))
        .hasNoCause()
        .hasMessageStartingWith("java.lang.IllegalArgumentException at ")
        .hasMessageContaining("CatchUpTaskTest.java:")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aSchedulerThatStops_beginsNoRound_andHandsTheAccountOver() {
    ManualScheduler scheduler = start(account -> round(account, Result.COMPLETE), SALES);
    scheduler.tick(EVERY);
    scheduler.pause();
    scheduler.runAnyDueExecutions();

    assertThat(rounds).isEmpty();
    assertThat(due()).isEqualTo(clock.now());
  }

  @ParameterizedTest
  @EnumSource(Result.class)
  void aRoundThatEndsWhileTheSchedulerStops_isHandedOver_unlessItIsComplete(Result result) {
    var schedulers = new ArrayList<ManualScheduler>();
    ManualScheduler scheduler =
        start(
            account -> {
              schedulers.get(0).pause();
              return round(account, result);
            },
            SALES);
    schedulers.add(scheduler);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(due()).isEqualTo(result == Result.COMPLETE ? regular() : clock.now());
  }

  @Test
  void anInterruptThatStoppedARound_doesNotReachTheDatabase() {
    ManualScheduler scheduler =
        start(
            account -> {
              Thread.currentThread().interrupt();
              return round(account, Result.INCOMPLETE);
            },
            SALES);
    scheduler.tick(EVERY);
    scheduler.runAnyDueExecutions();

    assertThat(Thread.interrupted()).isFalse();
    assertThat(due()).isEqualTo(regular());
  }

  /** By db-scheduler's own handler it would be due at the machine's time, years from here. */
  @Test
  void theAccountOfADeadMachine_isDueAtOnce_byTheSchedulersClock() {
    ManualScheduler scheduler = start(account -> round(account, Result.COMPLETE), SALES);
    Postgres.execute(
        source,
        "UPDATE scheduled_tasks SET picked = true, picked_by = 'dead', last_heartbeat ="
            + " execution_time");
    scheduler.tick(Duration.ofHours(1));

    scheduler.runDeadExecutionDetection();
    assertThat(due()).isEqualTo(clock.now());
    scheduler.runAnyDueExecutions();

    assertThat(rounds).containsExactly(SALES);
  }

  @Test
  void aShorterPeriod_movesATaskThatIsInTheTable() {
    ManualScheduler daily = scheduler(new CatchUpTask(SALES, Duration.ofDays(1), this::unexpected));
    daily.start();
    start(account -> round(account, Result.COMPLETE), SALES);

    assertThat(due()).isEqualTo(regular());
  }

  @Test
  void anyNameWorks_alsoInATableWithShortColumns() {
    Postgres.execute(
        source, "ALTER TABLE scheduled_tasks ALTER COLUMN task_name TYPE VARCHAR(100)");
    Account[] odd =
        Stream.of(
                "",
                " ",
                "\u0000",
                "a\nb",
                "a b",
                "a_b",
                "\uD83D\uDE00",
                "Größe",
                "'; --",
                "x".repeat(3_000),
                "x".repeat(3_001))
            .map(name -> new Account("acme", name))
            .toArray(Account[]::new);
    ManualScheduler scheduler = start(account -> round(account, Result.COMPLETE), odd);
    scheduler.tick(EVERY);
    for (Account unused : odd) {
      scheduler.runAnyDueExecutions();
    }

    assertThat(rounds).containsExactlyInAnyOrder(odd);
  }

  private CatchUpRound unexpected(Account account) {
    throw new AssertionError(account);
  }

  private ManualScheduler start(Function<Account, CatchUpRound> round, Account... accounts) {
    ManualScheduler scheduler =
        scheduler(
            Stream.of(accounts)
                .map(
                    account ->
                        new CatchUpTask(
                            account,
                            EVERY,
                            of -> {
                              rounds.add(of);
                              return round.apply(of);
                            }))
                .toArray(CatchUpTask[]::new));
    scheduler.start();
    return scheduler;
  }

  private ManualScheduler scheduler(CatchUpTask... tasks) {
    ManualSchedulerBuilder builder =
        TestHelper.createManualScheduler(source)
            .clock(clock)
            .startTasks(List.of(tasks))
            .pollingStrategy(PollingStrategyConfig.DEFAULT_SELECT_FOR_UPDATE);
    builder.addExecutionInterceptor(this::watch);
    return builder.build();
  }

  /** Notes what a task throws, which db-scheduler logs. */
  private CompletionHandler<?> watch(
      TaskInstance<?> instance, ExecutionContext context, ExecutionChain chain) {
    try {
      return chain.proceed(instance, context);
    } catch (RuntimeException e) {
      thrown.add(e);
      throw e;
    }
  }

  private static CatchUpRound round(Account account, Result result) {
    return new CatchUpRound(account, result, null, null, null);
  }

  /** When the one task in the table is due, if it is not picked. */
  private Instant due() {
    List<String> due =
        Postgres.query(
            source,
            "SELECT to_char(execution_time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                + " FROM scheduled_tasks WHERE NOT picked");
    assertThat(due).hasSize(1);
    return Instant.parse(due.get(0));
  }

  /** The next time of the one account, by its period. */
  private Instant regular() {
    return new SpreadSchedule("redrive:acme:sales", EVERY).getInitialExecutionTime(clock.now());
  }
}
