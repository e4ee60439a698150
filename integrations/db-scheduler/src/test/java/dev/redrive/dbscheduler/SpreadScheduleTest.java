package dev.redrive.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpreadScheduleTest {
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void eachTimeIsOnePeriodAfterTheLast_whenRoundsAreShort() {
    var schedule = new SpreadSchedule("a", EVERY);
    Instant first = schedule.getInitialExecutionTime(NOON);

    Instant second = schedule.getInitialExecutionTime(first.plusSeconds(1));

    assertThat(first).isAfter(NOON).isBeforeOrEqualTo(NOON.plus(EVERY));
    assertThat(second).isEqualTo(first.plus(EVERY));
  }

  @Test
  void timesThatALongRoundMissed_areLeftOut() {
    var schedule = new SpreadSchedule("a", EVERY);
    Instant first = schedule.getInitialExecutionTime(NOON);

    Instant next = schedule.getInitialExecutionTime(first.plus(Duration.ofMinutes(18)));

    assertThat(next).isEqualTo(first.plus(Duration.ofMinutes(20)));
  }

  @Test
  void machinesAgree_wheneverTheyAreStarted() {
    Instant here = new SpreadSchedule("a", EVERY).getInitialExecutionTime(NOON);
    Instant there = new SpreadSchedule("a", EVERY).getInitialExecutionTime(here.minusMillis(1));

    assertThat(there).isEqualTo(here);
  }

  @Test
  void accountsAreSpreadOverThePeriod_howeverAlikeTheirNames() {
    Map<Long, Integer> perTenth = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      Instant first = new SpreadSchedule("shop-" + i, EVERY).getInitialExecutionTime(NOON);
      long tenth = (Duration.between(NOON, first).toMillis() - 1) * 10 / EVERY.toMillis();
      perTenth.merge(tenth, 1, Integer::sum);
    }

    assertThat(perTenth).hasSize(10);
    assertThat(perTenth.values()).allMatch(accounts -> accounts > 25 && accounts < 90);
  }
}
