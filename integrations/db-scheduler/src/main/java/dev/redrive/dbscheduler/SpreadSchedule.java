package dev.redrive.dbscheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Once in each period, at a moment that follows from a task's name: accounts do not start all at
 * once, even after an outage, and all machines agree on the time.
 */
final class SpreadSchedule implements Schedule {
  private final long everyMillis;
  private final long offsetMillis;

  SpreadSchedule(String name, Duration every) {
    this.everyMillis = every.toMillis();
    long hash = UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).getMostSignificantBits();
    this.offsetMillis = Math.floorMod(hash, everyMillis);
  }

  @Override
  public Instant getNextExecutionTime(ExecutionComplete done) {
    long periods = Math.floorDiv(done.getTimeDone().toEpochMilli() - offsetMillis, everyMillis);
    return Instant.ofEpochMilli((periods + 1) * everyMillis + offsetMillis);
  }

  /** A task that is in the table already moves to the new time if the period has changed. */
  @Override
  public boolean isDeterministic() {
    return true;
  }

  @Override
  public String toString() {
    return "every " + Duration.ofMillis(everyMillis);
  }
}
