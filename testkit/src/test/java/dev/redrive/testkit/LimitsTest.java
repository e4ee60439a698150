package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final Limits limits = new Limits(false);

  @Test
  void writes_when_10000_are_done_wait_for_the_next_day() {
    Instant now = START;
    for (int i = 0; i < 10_000; i++) {
      assertThat(limits.take(now, true, false, "/x", 1)).isZero();
      now = now.plusMillis(40);
    }
    assertThat(limits.take(now, true, false, "/x", 1))
        .isEqualTo(Duration.between(now, START.plus(DAY)));
    assertThat(limits.take(now, false, false, "/x", 1)).isZero();
    assertThat(limits.take(START.plus(DAY), true, false, "/x", 1)).isZero();
  }

  @Test
  void requests_when_too_many_run_at_once_wait_a_second() {
    assertThat(limits.take(START, false, false, "/x", 50)).isZero();
    assertThat(limits.take(START, false, false, "/x", 51)).isEqualTo(Duration.ofSeconds(1));
    assertThat(limits.take(START, true, false, "/x", 15)).isZero();
    assertThat(limits.take(START, true, false, "/x", 16)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void minute_and_path_windows_slide() {
    for (int i = 0; i < 5; i++) {
      assertThat(retryAt(i)).isZero();
    }
    assertThat(retryAt(10)).isEqualTo(Duration.ofSeconds(890));
    assertThat(retryAt(900)).isZero();
    assertThat(retryAt(900)).isEqualTo(Duration.ofSeconds(1));
  }

  private Duration retryAt(int second) {
    return limits.take(START.plusSeconds(second), true, true, "/retry", 1);
  }
}
