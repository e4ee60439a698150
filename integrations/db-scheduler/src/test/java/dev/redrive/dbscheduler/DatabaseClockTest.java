package dev.redrive.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private final ManualTime machine =
      ManualTime.of(MutableClock.at(Instant.parse("2031-01-01T00:00:00Z")));

  private final HikariDataSource source = Postgres.newSchema();

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void timeIsTheDatabases_howeverWrongTheMachinesClock() throws SQLException {
    Instant now = new DatabaseClock(source, machine).now();

    assertThat(now).isCloseTo(database(), within(10, ChronoUnit.SECONDS));
  }

  @Test
  void betweenTwoReadings_theMachineCountsOn() throws SQLException {
    var clock = new DatabaseClock(source, machine);
    Instant first = clock.now();

    machine.advance(Duration.ofSeconds(9));

    assertThat(clock.now()).isEqualTo(first.plusSeconds(9));
  }

  @Test
  void theTimeIsReadAgain_sinceAMachineThatWasSuspendedCountsWrong() throws SQLException {
    var clock = new DatabaseClock(source, machine);

    machine.advance(Duration.ofHours(1));

    assertThat(clock.now()).isCloseTo(database(), within(10, ChronoUnit.SECONDS));
  }

  @Test
  void aDatabaseThatIsGone_isNoReasonToStop() throws SQLException {
    var clock = new DatabaseClock(source, machine);
    Instant first = clock.now();
    source.close();

    machine.advance(Duration.ofHours(1));
    assertThat(clock.now()).isEqualTo(first.plus(Duration.ofHours(1)));

    machine.advance(Duration.ofSeconds(5));
    assertThat(clock.now()).isEqualTo(first.plus(Duration.ofHours(1)).plusSeconds(5));
  }

  private Instant database() {
    return Instant.parse(
        Postgres.query(
                source,
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
            .get(0));
  }
}
