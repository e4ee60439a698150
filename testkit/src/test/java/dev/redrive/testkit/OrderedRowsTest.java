package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedRowsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void rows_when_they_come_and_go_at_random_equal_a_sorted_list(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    OrderedRows<Integer> rows = new OrderedRows<>(Comparator.naturalOrder());
    List<Integer> expected = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      Integer row = random.nextInt(300);
      expected.remove(row);
      if (random.nextInt(3) > 0) {
        rows.add(row);
        expected.add(row);
      } else {
        rows.remove(row);
      }
    }
    Collections.sort(expected);
    assertThat(rows.ascending()).isEqualTo(expected);
    assertThat(rows.size()).isEqualTo(expected.size());
    int bound = random.nextInt(300);
    assertThat(rows.countFirst(row -> row < bound))
        .isEqualTo((int) expected.stream().filter(row -> row < bound).count());
    Collections.reverse(expected);
    assertThat(rows.descending()).isEqualTo(expected);
  }
}
