package dev.redrive.dbscheduler;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.redrive.TimeSource;
import dev.redrive.recovery.CatchUp;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the rounds of a {@link CatchUp} on any number of machines that share a PostgreSQL database.
 * Each account is a recurring task of db-scheduler, and on one machine at a time.
 *
 * <p>If a machine dies, others take over its accounts within 30 s. Time is the database's: the
 * clocks of machines may be wrong. A round that throws is logged, and the account goes on at its
 * next time. Every account has a moment of its own in each period.
 *
 * <p>Uses db-scheduler's table {@code scheduled_tasks} in the first schema of the {@code
 * search_path}, and creates it if it is missing. The task of an account that no machine knows any
 * more is deleted after a day. An application that runs db-scheduler on this table itself must give
 * its scheduler the {@link #tasks} instead.
 *
 * <p>Thread-safe. Its threads keep the JVM running until {@link #close}.
 */
public final class CatchUpScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUpScheduler.class);

  private static final Duration HEARTBEAT = Duration.ofSeconds(3);

  /** The least that db-scheduler takes. */
  private static final int MISSED_HEARTBEATS = 4;

  private static final Duration POLLING = Duration.ofSeconds(2);

  /** To end by itself after it was cancelled, and as long again after an interrupt. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  /** Its own would delete tasks of accounts that are known to other machines only. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private static final long CANCEL_AGAIN_MILLIS = 100;

  private final DataSource source;
  private final CatchUp catchUp;
  private final List<RecurringTask<Void>> tasks;
  private final int roundsAtOnce;
  private final TaskTable table;
  private final ScheduledExecutorService housekeeper = Executors.newScheduledThreadPool(3);
  private @Nullable Scheduler scheduler;
  private boolean isClosed;

  private CatchUpScheduler(Builder builder) {
    this.source = builder.source;
    this.catchUp = builder.catchUp;
    this.tasks = tasks(catchUp, builder.every);
    this.roundsAtOnce = builder.roundsAtOnce;
    this.table = new TaskTable(source);
  }

  /**
   * Returns a builder.
   *
   * @param source a PostgreSQL pool, which stays open. Three connections are enough. It may be the
   *     ledger's, with as many more
   * @param catchUp whose rounds to run. Its ledger must be shared by all machines
   */
  public static Builder builder(DataSource source, CatchUp catchUp) {
    return new Builder(source, catchUp);
  }

  /**
   * Returns the tasks, one per account, for a db-scheduler of the application's own: {@code
   * Scheduler.create(dataSource).startTasks(tasks)}. For a take-over within 30 s it needs {@code
   * heartbeatInterval(Duration.ofSeconds(3))}, {@code missedHeartbeatsLimit(4)} and {@code
   * pollUsingLockAndFetch(0.5, 1.0)}; the machines' clocks must agree within a few seconds. Call
   * {@link CatchUp#cancel} before you stop it.
   *
   * @param catchUp whose rounds to run
   * @param every how often each account has a round; at least a second
   */
  public static List<RecurringTask<Void>> tasks(CatchUp catchUp, Duration every) {
    checkPeriod(every);
    return catchUp.accounts().stream()
        .<RecurringTask<Void>>map(account -> new CatchUpTask(account, every, catchUp::runOnce))
        .toList();
  }

  /**
   * Creates the table if it is missing, and starts to run rounds.
   *
   * @throws IllegalStateException if it was started or closed before, or if the database cannot be
   *     used; the message says what to do
   */
  public synchronized void start() {
    if (scheduler != null || isClosed) {
      throw new IllegalStateException(
          "This scheduler was " + (isClosed ? "closed" : "started") + " before: build another one");
    }
    try {
      table.create();
      start(new DatabaseClock(source, TimeSource.system()));
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The table scheduled_tasks cannot be created or used: check that the data source is a"
              + " PostgreSQL pool that may write, and grant CREATE on its schema or create the"
              + " table with db-scheduler's script",
          e);
    }
  }

  private void start(DatabaseClock clock) {
    Scheduler started =
        Scheduler.create(source)
            .startTasks(tasks)
            .clock(clock)
            // Of the form 4711@host, so that the table tells which process has an account.
            .schedulerName(new SchedulerName.Fixed(ManagementFactory.getRuntimeMXBean().getName()))
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
            // More than there are threads would wait without a heartbeat, and count as dead.
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(POLLING)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .threads(roundsAtOnce)
            .housekeeperExecutor(housekeeper)
            .deleteUnresolvedAfter(NEVER)
            .shutdownMaxWait(LONGEST_STOP)
            .commitWhenAutocommitDisabled(true)
            .failureLogging(LogLevel.WARN, false)
            .build();
    started.start();
    scheduler = started;
    var unused =
        housekeeper.scheduleWithFixedDelay(() -> repairTable(started, clock), 1, 1, TimeUnit.HOURS);
  }

  /** Tasks that somebody deleted come back, those of accounts that are gone are deleted. */
  private void repairTable(SchedulerClient client, Clock clock) {
    try {
      tasks.forEach(task -> task.onStartup(client, clock));
      int forgotten = table.forget(CatchUpTask.PREFIX, tasks.stream().map(Task::getName).toList());
      LOG.debug("Deleted {} tasks of accounts that no machine knows any more", forgotten);
    } catch (SQLException | RuntimeException e) {
      LOG.warn("The table scheduled_tasks cannot be checked: {}", e.getClass().getName());
    }
  }

  /**
   * Stops the rounds of this process, cleanly, and waits for their end, at most a minute. Other
   * machines go on with its accounts at once. Cancels the {@link CatchUp}; ledger, clients and data
   * source stay open.
   */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (scheduler == null) {
      housekeeper.shutdown();
      return;
    }
    scheduler.pause();
    // More than once: a round may be about to begin.
    var unused =
        housekeeper.scheduleWithFixedDelay(
            catchUp::cancel, 0, CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    scheduler.stop();
  }

  private static void checkPeriod(Duration every) {
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("every is " + every + ": it must be at least a second");
    }
  }

  /** Builds a {@link CatchUpScheduler}. */
  public static final class Builder {
    private final DataSource source;
    private final CatchUp catchUp;
    private Duration every = Duration.ofMinutes(5);
    private int roundsAtOnce = 64;

    private Builder(DataSource source, CatchUp catchUp) {
      this.source = Objects.requireNonNull(source, "source");
      this.catchUp = Objects.requireNonNull(catchUp, "catchUp");
    }

    /**
     * How often each account has a round; 5 min by default, at least a second. An account whose
     * round takes longer has its next one at its next time.
     *
     * @throws IllegalArgumentException if it is shorter than a second
     */
    public Builder every(Duration every) {
      checkPeriod(every);
      this.every = every;
      return this;
    }

    /**
     * The most rounds of this process at once; 64 by default. A round may wait for a provider's
     * limit for many minutes: with too few, such rounds hold up other accounts, and a dead
     * machine's accounts wait for room.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder roundsAtOnce(int most) {
      if (most < 1) {
        throw new IllegalArgumentException("roundsAtOnce is " + most + ": it must be positive");
      }
      this.roundsAtOnce = most;
      return this;
    }

    /** Returns the scheduler, which does nothing until it is started. */
    public CatchUpScheduler build() {
      return new CatchUpScheduler(this);
    }
  }
}
