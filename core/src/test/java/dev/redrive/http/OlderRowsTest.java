package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OlderRowsTest {
  private static final Instant BOUND = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant OLDER = BOUND.minusSeconds(1);

  private final OlderRows rows = new OlderRows(2);

  @Test
  void goesOn_afterManyOlderRowsInARow_isFalse() {
    assertThat(rows.goesOn(OLDER, BOUND)).isTrue();
    assertThat(rows.goesOn(OLDER, BOUND)).isFalse();
  }

  @Test
  void goesOn_whenANewerRowComesBetween_isTrue() {
    assertThat(rows.goesOn(OLDER, BOUND)).isTrue();
    assertThat(rows.goesOn(BOUND, BOUND)).isTrue();
    assertThat(rows.goesOn(OLDER, BOUND)).isTrue();
  }

  @Test
  void cutOff_endsTheRowsThere() {
    var times = Stream.of(BOUND, OLDER, BOUND, OLDER, OLDER, BOUND);

    assertThat(OlderRows.cutOff(times, 2, time -> time, BOUND))
        .containsExactly(BOUND, OLDER, BOUND, OLDER);
  }

  @Test
  void goesOn_withoutATimeOrABound_isTrue() {
    assertThat(rows.goesOn(OLDER, BOUND)).isTrue();
    assertThat(rows.goesOn(null, BOUND)).isTrue();
    assertThat(rows.goesOn(OLDER, null)).isTrue();
  }
}
