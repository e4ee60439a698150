package dev.redrive.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Timeline timeline = new Timeline();

  @Test
  void barsGrowLonger_asTheTimesSpanMore() {
    timeline.add(START, Count.GOOD);
    assertThat(timeline.barLength()).isEqualTo(Duration.ofSeconds(1));

    timeline.add(START.plus(Duration.ofHours(2)), Count.BAD);

    assertThat(timeline.barLength()).isEqualTo(Duration.ofMinutes(5));
    assertThat(timeline.bars()).hasSize(25);
  }

  @Test
  void nothingIsLost_inWhateverOrderTheTimesCome() {
    for (long i = 0; i < 10_000; i++) {
      timeline.add(START.plusSeconds(i * 7919 % 10_000 * 60), i % 3 == 0 ? Count.GOOD : Count.BAD);
    }

    List<Timeline.Bar> bars = timeline.bars();
    assertThat(bars).hasSizeLessThanOrEqualTo(48);
    assertThat(bars.stream().mapToLong(bar -> bar.count().good()).sum()).isEqualTo(3334);
    assertThat(bars.stream().mapToLong(bar -> bar.count().bad()).sum()).isEqualTo(6666);
  }

  @Test
  void timesOfAllAgesFit() {
    timeline.add(Instant.EPOCH.minus(Duration.ofDays(30_000)), Count.GOOD);
    timeline.add(START, Count.GOOD);

    assertThat(timeline.bars()).hasSizeLessThanOrEqualTo(48);
    assertThat(timeline.bars().stream().mapToLong(bar -> bar.count().total()).sum()).isEqualTo(2);
  }

  @Test
  void withoutTimesThereAreNoBars() {
    assertThat(timeline.isEmpty()).isTrue();
    assertThat(timeline.bars()).isEmpty();
  }
}
