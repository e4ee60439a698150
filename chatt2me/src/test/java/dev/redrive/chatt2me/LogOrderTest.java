package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogOrderTest {
  private static List<Instant> times(int... seconds) {
    return IntStream.of(seconds).mapToObj(Instant::ofEpochSecond).toList();
  }

  private static List<Instant> range(int from, int to) {
    return times(IntStream.range(from, to).toArray());
  }

  @Test
  void orderIsReadOffTheTimesOfTheFirstAndTheLastPage() {
    assertThat(LogOrder.of(range(0, 50), range(500, 550))).isEqualTo(LogOrder.OLDEST_FIRST);
    assertThat(LogOrder.of(range(500, 550), range(0, 50))).isEqualTo(LogOrder.NEWEST_FIRST);
    assertThat(LogOrder.of(range(0, 10), range(50, 60))).isEqualTo(LogOrder.OLDEST_FIRST);
  }

  @Test
  void fewRowsTellNoOrder() {
    assertThat(LogOrder.of(times(1), times(9))).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(range(0, 9), range(500, 550))).isEqualTo(LogOrder.UNCLEAR);
    assertThat(LogOrder.of(range(0, 50), range(500, 509))).isEqualTo(LogOrder.UNCLEAR);
  }

  @Test
  void rowsWithoutATimeDoNotCount() {
    var front = new ArrayList<@Nullable Instant>(range(0, 9));
    front.addAll(Arrays.asList(null, null, null));
    assertThat(LogOrder.of(front, range(500, 550))).isEqualTo(LogOrder.UNCLEAR);
    front.add(Instant.EPOCH);
    assertThat(LogOrder.of(front, range(500, 550))).isEqualTo(LogOrder.OLDEST_FIRST);
  }

  @Test
  void orderIsUnclearWithoutDifferentTimes() {
    assertThat(LogOrder.of(List.of(), List.of())).isEqualTo(LogOrder.UNCLEAR);
    List<Instant> same = Collections.nCopies(50, Instant.EPOCH);
    assertThat(LogOrder.of(same, same)).isEqualTo(LogOrder.UNCLEAR);
  }

  @Test
  void shuffledTimesHaveNoOrder() {
    var times = new ArrayList<>(range(0, 100));
    for (int seed = 0; seed < 200; seed++) {
      Collections.shuffle(times, new Random(seed));
      assertThat(LogOrder.of(times.subList(0, 50), times.subList(50, 100)))
          .isEqualTo(LogOrder.UNCLEAR);
    }
  }

  @Test
  void oneRowOutOfPlaceAmongEqualTimesTellsNoOrder() {
    for (int odd : new int[] {4, 6}) {
      int[] seconds = new int[50];
      Arrays.fill(seconds, 5);
      List<Instant> same = times(seconds);
      seconds[7] = odd;
      assertThat(LogOrder.of(times(seconds), same)).isEqualTo(LogOrder.UNCLEAR);
      assertThat(LogOrder.of(same, times(seconds))).isEqualTo(LogOrder.UNCLEAR);
    }
  }

  @Test
  void fewRowsOutOfOrderDoNotHideTheOrder() {
    int[] seconds = IntStream.range(500, 550).toArray();
    seconds[7] = 1;
    assertThat(LogOrder.of(times(seconds), range(0, 50))).isEqualTo(LogOrder.NEWEST_FIRST);
  }
}
