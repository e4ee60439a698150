package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowIndexTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void view_when_rows_come_and_change_at_random_equals_a_sorted_list(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RowIndex index = new RowIndex();
    List<Long> keys = new ArrayList<>();
    List<Boolean> shown = new ArrayList<>();
    boolean ascending = seed % 2 == 0;
    for (int step = 0; step < 2_000; step++) {
      if (keys.isEmpty() || random.nextInt(3) == 0) {
        long key = ascending ? step / 3 : random.nextInt(100);
        keys.add(key);
        shown.add(random.nextBoolean());
        index.add(key);
      } else {
        int row = random.nextInt(keys.size());
        shown.set(row, random.nextBoolean());
        index.changed(row);
      }
      if (step % 7 == 0) {
        RowIndex.View view = index.view("shown", shown::get);
        List<Integer> expected = new ArrayList<>();
        for (int row = 0; row < keys.size(); row++) {
          if (shown.get(row)) {
            expected.add(row);
          }
        }
        expected.sort(Comparator.comparingLong(keys::get));
        List<Integer> actual = new ArrayList<>();
        for (int k = 0; k < view.size(); k++) {
          actual.add(view.at(k));
        }
        assertThat(actual).isEqualTo(expected);
        long bound = random.nextInt(120);
        assertThat(view.below(bound))
            .isEqualTo((int) expected.stream().filter(row -> keys.get(row) < bound).count());
      }
    }
  }
}
