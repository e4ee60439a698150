package dev.redrive.dbscheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.kagkarlsson.scheduler.SchedulerState;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.redrive.RedriveException;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.ledger.LedgerException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/** The rounds of one account. */
final class CatchUpTask extends RecurringTask<Void> {
  /** What the names of all tasks begin with. */
  static final String PREFIX = "redrive:";

  /**
   * When to look again if another process has the account: soon, because that process may just have
   * died, and the ledger may take a few seconds longer than db-scheduler to notice it.
   */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** A table that others created may limit names to 100 characters. */
  private static final int LONGEST = 80;

  private static final int SHORTENED = 40;

  private final Account account;
  private final SpreadSchedule schedule;
  private final Function<Account, CatchUpRound> rounds;

  CatchUpTask(Account account, Duration every, Function<Account, CatchUpRound> rounds) {
    this(account, new SpreadSchedule(name(account), every), rounds);
  }

  private CatchUpTask(
      Account account, SpreadSchedule schedule, Function<Account, CatchUpRound> rounds) {
    super(name(account), schedule, Void.class, new FailureHandler.OnFailureReschedule<>(schedule));
    this.account = account;
    this.schedule = schedule;
    this.rounds = rounds;
  }

  /** The account; with a hash in place of what a table may not take. */
  private static String name(Account account) {
    String name = account.toString();
    if (name.length() <= LONGEST && name.chars().allMatch(CatchUpTask::isPlain)) {
      return PREFIX + name;
    }
    String start = name.substring(0, Math.min(name.length(), SHORTENED));
    return PREFIX
        + start.replaceAll("[^!-~]", "_")
        + "#"
        + UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
  }

  private static boolean isPlain(int character) {
    return character > ' ' && character <= '~';
  }

  @Override
  public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
    SchedulerState state = context.getSchedulerState();
    if (isStopping(state)) {
      return after(Duration.ZERO);
    }
    CatchUpRound.Result result = round();
    if (isStopping(state) && result != CatchUpRound.Result.COMPLETE) {
      return after(Duration.ZERO);
    }
    return result == CatchUpRound.Result.ELSEWHERE
        ? after(LOOK_AGAIN)
        : new CompletionHandler.OnCompleteReschedule<>(schedule);
  }

  /** Does what {@link #execute} does; db-scheduler calls only that. */
  @Override
  public void executeRecurringly(TaskInstance<Void> instance, ExecutionContext context) {
    CompletionHandler<Void> unused = execute(instance, context);
  }

  private static boolean isStopping(SchedulerState state) {
    return state.isShuttingDown() || state.isPaused();
  }

  private static CompletionHandler<Void> after(Duration pause) {
    return (complete, operations) ->
        operations.reschedule(complete, complete.getTimeDone().plus(pause));
  }

  /** db-scheduler logs what this throws, so that it must not show what others put into messages. */
  private CatchUpRound.Result round() {
    try {
      return rounds.apply(account).result();
    } catch (RedriveException | LedgerException e) {
      throw new IllegalStateException(e.getMessage());
    } catch (RuntimeException e) {
      StackTraceElement[] stack = e.getStackTrace();
      throw new IllegalStateException(
          e.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]));
    } finally {
      // An interrupt has stopped the round. What follows needs the database.
      Thread.interrupted();
    }
  }

  /** As by default, but by the scheduler's clock, not by that of the machine. */
  @Override
  public DeadExecutionHandler<Void> getDeadExecutionHandler() {
    return (complete, operations) -> operations.reschedule(complete, complete.getTimeDone());
  }
}
