package dev.redrive.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  private static final Instant START = Instant.parse("2026-03-01T23:17:08Z");

  private final Timeline timeline = new Timeline();

  @ParameterizedTest
  @ValueSource(
      strings = {"PT1S", "PT40S", "PT4M", "PT7M", "PT50M", "PT3H", "PT30H", "P9D", "P60D", "P999D"})
  void ticksTellTimesApart_andTheFirstNamesTheDate(Duration span) {
    for (int i = 0; i <= 100; i++) {
      timeline.add(START.plus(span.multipliedBy(i).dividedBy(100)), Count.GOOD);
    }

    List<Chart.Tick> ticks = Chart.of(timeline).ticks();

    assertThat(ticks).hasSizeBetween(2, 10);
    String[] date = {""};
    Stream<String> times =
        ticks.stream()
            .map(
                tick -> {
                  date[0] = tick.date().isEmpty() ? date[0] : tick.date();
                  return date[0] + " " + tick.time();
                });
    assertThat(times).doesNotHaveDuplicates();
    assertThat(ticks.get(0).date()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"999, 999", "1000, 1.0k", "12345, 12k", "1500000, 1.5M"})
  void numbersAboveBarsAreShort(long number, String shown) {
    assertThat(Formats.compact(number)).isEqualTo(shown);
  }

  @Test
  void allIsBehind_recoveredAndLeftAreOverIt() {
    timeline.add(START, new Count(60, 20, 20));

    Chart.Bar bar = Chart.of(timeline).bars().get(0);

    assertThat(bar.all().height()).isEqualTo(Chart.PLOT);
    assertThat(bar.good().height()).isEqualTo(Chart.PLOT * 0.6);
    assertThat(bar.bad().height()).isEqualTo(Chart.PLOT * 0.2);
    assertThat(bar.bad().y() + bar.bad().height()).isEqualTo(bar.good().y());
    assertThat(bar.numbers()).isEqualTo("value");
  }

  @Test
  void oneAmongAMillion_isSeen() {
    timeline.add(START, new Count(1_000_000, 1, 0));

    assertThat(Chart.of(timeline).bars().get(0).bad().height()).isGreaterThanOrEqualTo(2);
  }
}
