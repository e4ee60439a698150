package dev.redrive.dbscheduler;

import com.github.kagkarlsson.scheduler.Clock;
import dev.redrive.TimeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time. db-scheduler compares the clocks of machines: one that is fast would take
 * the rounds of all others for dead.
 */
final class DatabaseClock implements Clock {
  /** After this, the time is read again; until then, this machine counts on. */
  static final Duration READ_EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

  private final DataSource source;
  private final TimeSource machine;
  private final Lock reading = new ReentrantLock();
  private volatile Reading last;

  private record Reading(Instant time, long nanos) {}

  /** Reads the time once. */
  DatabaseClock(DataSource source, TimeSource machine) throws SQLException {
    this.source = source;
    this.machine = machine;
    this.last = read();
  }

  @Override
  public Instant now() {
    if (sinceLast().compareTo(READ_EVERY) >= 0 && reading.tryLock()) {
      try {
        last = read();
      } catch (SQLException e) {
        LOG.debug(
            "The database's time cannot be read; this machine counts on: {}", e.getSQLState());
        last = new Reading(last.time.plus(sinceLast()), machine.nanoTime());
      } finally {
        reading.unlock();
      }
    }
    return last.time.plus(sinceLast());
  }

  private Duration sinceLast() {
    return Duration.ofNanos(machine.nanoTime() - last.nanos);
  }

  private Reading read() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet time = statement.executeQuery("SELECT clock_timestamp()")) {
      time.next();
      var now =
          new Reading(time.getObject(1, OffsetDateTime.class).toInstant(), machine.nanoTime());
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      return now;
    }
  }
}
