package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogOrderTest {
  private static List<Instant> times(int... seconds) {
    return IntStream.of(seconds).mapToObj(Instant::ofEpochSecond).toList();
  }

  @Test
  void orderIsReadOffTheTimes() {
    assertThat(LogOrder.of(times(1, 2, 2, 9))).isEqualTo(LogOrder.OLDEST_FIRST);
    assertThat(LogOrder.of(times(9, 2, 2, 1))).isEqualTo(LogOrder.NEWEST_FIRST);
  }

  @Test
  void orderIsUnclearWithoutDifferentTimes() {
    assertThat(LogOrder.of(List.of())).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(times(5))).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(times(5, 5, 5))).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(Arrays.asList(null, null))).isEqualTo(LogOrder.UNCLEAR);
  }

  @Test
  void fewRowsOutOfOrderOrWithoutTimeDoNotHideTheOrder() {
    assertThat(LogOrder.of(times(1, 2, 3, 5, 4, 6, 7))).isEqualTo(LogOrder.OLDEST_FIRST);
    assertThat(LogOrder.of(Arrays.asList(times(9).get(0), null, times(8).get(0))))
        .isEqualTo(LogOrder.NEWEST_FIRST);
  }

  @Test
  void shuffledTimesHaveNoOrder() {
    var times = new ArrayList<>(times(IntStream.range(0, 50).toArray()));
    for (int seed = 0; seed < 200; seed++) {
      Collections.shuffle(times, new Random(seed));
      assertThat(LogOrder.of(times)).isEqualTo(LogOrder.UNCLEAR);
    }
  }

  @Test
  void oneRowOutOfPlaceAmongEqualTimesTellsNoOrder() {
    for (int place = 0; place < 50; place++) {
      for (int odd : new int[] {4, 6}) {
        int[] seconds = new int[50];
        Arrays.fill(seconds, 5);
        seconds[place] = odd;
        assertThat(LogOrder.of(times(seconds))).isEqualTo(LogOrder.UNCLEAR);
        assertThat(LogOrder.of(times(seconds), times(5, 5, 5))).isEqualTo(LogOrder.UNCLEAR);
      }
    }
  }

  @Test
  void jitterDoesNotHideTheOrder() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int[] seconds = IntStream.range(0, 50).map(i -> 100 - 2 * i + random.nextInt(20)).toArray();
      assertThat(LogOrder.of(times(seconds))).isEqualTo(LogOrder.NEWEST_FIRST);
    }
  }

  @Test
  void partsFarApartTellTheOrderThatNeitherTellsAlone() {
    List<Instant> shuffled = times(53, 55, 51, 54, 52);
    assertThat(LogOrder.of(shuffled)).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(shuffled, times(3, 1, 2))).isEqualTo(LogOrder.NEWEST_FIRST);
    assertThat(LogOrder.of(shuffled, times(93, 91, 92))).isEqualTo(LogOrder.OLDEST_FIRST);
    assertThat(LogOrder.of(times(5, 5), times(7, 7))).isEqualTo(LogOrder.OLDEST_FIRST);
  }
}
