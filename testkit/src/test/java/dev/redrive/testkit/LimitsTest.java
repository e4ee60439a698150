package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final long DAY = 24 * 60 * 60_000L;

  private final Limits limits = new Limits();

  @Test
  void writes_when_10000_are_done_wait_for_the_next_day() {
    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(limits.take(now, true, false, "/x", 1)).isZero();
      now += 40;
    }
    assertThat(limits.take(now, true, false, "/x", 1)).isEqualTo(DAY - now);
    assertThat(limits.take(now, false, false, "/x", 1)).isZero();
    assertThat(limits.take(DAY, true, false, "/x", 1)).isZero();
  }

  @Test
  void requests_when_too_many_run_at_once_wait_a_second() {
    assertThat(limits.take(0, false, false, "/x", 50)).isZero();
    assertThat(limits.take(0, false, false, "/x", 51)).isEqualTo(1_000);
    assertThat(limits.take(0, true, false, "/x", 15)).isZero();
    assertThat(limits.take(0, true, false, "/x", 16)).isEqualTo(1_000);
  }

  @Test
  void minute_and_path_windows_slide() {
    for (int i = 0; i < 5; i++) {
      assertThat(limits.take(i * 1_000L, true, true, "/retry", 1)).isZero();
    }
    assertThat(limits.take(10_000, true, true, "/retry", 1)).isEqualTo(890_000);
    assertThat(limits.take(900_000, true, true, "/retry", 1)).isZero();
    assertThat(limits.take(900_000, true, true, "/retry", 1)).isEqualTo(1_000);
  }
}
