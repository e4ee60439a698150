package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.MalformedResponseException;
import dev.redrive.http.LeftOutRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberedPagesTest {
  private static final int PAGE = 10;

  private final List<String> list = new ArrayList<>();
  private final List<Integer> read = new ArrayList<>();

  @Test
  void anEmptyListIsReadOnce() {
    var walk = walk(10);

    assertThat(drain(walk)).isEmpty();
    assertThat(read).containsExactly(1);
    assertThat(walk.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 9})
  void shortPagesEndNoList(int given) {
    fill(25);
    var walk =
        new NumberedPages<>(
            PAGE,
            Function.identity(),
            number -> {
              read.add(number);
              int from = Math.min(list.size(), (number - 1) * given);
              return List.copyOf(list.subList(from, Math.min(list.size(), from + given)));
            },
            10,
            new LeftOutRows());

    assertThat(drain(walk)).isEqualTo(list);
    int empty = (25 + given - 1) / given + 1;
    assertThat(read).hasSize(2 * empty - 1).endsWith(1);
    assertThat(walk.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 11, 25, 30, 99})
  void aListAtRestIsReadForwardsAndBackwards(int size) {
    fill(size);
    int last = (size + PAGE - 1) / PAGE + 1;

    var walk = walk(10);

    assertThat(drain(walk)).isEqualTo(list);
    assertThat(read).hasSize(2 * last - 1).endsWith(1);
    assertThat(walk.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 55, 500})
  void rowsThatTheCallerMakesLeaveHideNone(int size) {
    fill(size);
    List<String> all = List.copyOf(list);
    var got = new ArrayList<String>();

    var walk = walk(10);
    while (walk.hasNext()) {
      String row = walk.next();
      got.add(row);
      list.remove(row);
    }

    assertThat(got).containsExactlyInAnyOrderElementsOf(all);
    assertThat(read.size()).isLessThanOrEqualTo(size / PAGE * 2 + 3);
  }

  @Test
  void rowsThatStayAmongThoseThatLeaveComeOnce() {
    fill(200);
    List<String> all = List.copyOf(list);
    var got = new ArrayList<String>();

    var walk = walk(10);
    while (walk.hasNext()) {
      String row = walk.next();
      got.add(row);
      if (row.hashCode() % 3 != 0) {
        list.remove(row);
      }
    }

    assertThat(got).containsExactlyInAnyOrderElementsOf(all);
    assertThat(walk.isComplete()).isTrue();
  }

  @Test
  void rowsThatComeAndGoBetweenPagesHideNoneThatStay() {
    int complete = 0;
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      list.clear();
      fill(20 + random.nextInt(80));
      Set<String> staying = new HashSet<>(list);
      int[] quietAfter = {random.nextInt(25)};
      int[] names = {1000};
      var walk =
          walk(
              10,
              page -> {
                if (quietAfter[0]-- > 0) {
                  for (int i = random.nextInt(12); i > 0; i--) {
                    if (random.nextBoolean()) {
                      list.add(0, Integer.toHexString(names[0]++));
                    } else if (!list.isEmpty()) {
                      staying.remove(list.remove(random.nextInt(list.size())));
                    }
                  }
                }
                return page;
              });

      List<String> got = drain(walk);

      assertThat(got).as("seed %d", seed).doesNotHaveDuplicates();
      if (walk.isComplete()) {
        complete++;
        assertThat(got).as("seed %d", seed).containsAll(staying);
      }
    }
    assertThat(complete).isGreaterThan(200);
  }

  @Test
  void aListThatNeverRestsEndsAfterThePassesAllowedAndIsNotComplete() {
    fill(30);
    int[] names = {1000};
    var walk =
        walk(
            3,
            page -> {
              list.remove(0);
              list.add(Integer.toHexString(names[0]++));
              return page;
            });

    drain(walk);

    assertThat(walk.isComplete()).isFalse();
    assertThat(read).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void arrivalsAloneCostNoFourthPass() {
    fill(40);
    int[] names = {1000};
    var walk =
        walk(
            10,
            page -> {
              list.add(0, Integer.toHexString(names[0]++));
              return page;
            });

    drain(walk);

    assertThat(walk.isComplete()).isTrue();
    assertThat(read).hasSizeLessThanOrEqualTo(17);
  }

  @Test
  void aPageThatComesAgainAndAgainIsRefused() {
    fill(PAGE);
    var walk = new NumberedPages<>(PAGE, Function.identity(), page -> list, 10, new LeftOutRows());

    assertThatThrownBy(() -> drain(walk))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("same page");
  }

  private void fill(int size) {
    IntStream.range(0, size).mapToObj(i -> String.format("%03x", i)).forEach(list::add);
  }

  private NumberedPages<String> walk(int mostPasses) {
    return walk(mostPasses, Function.identity());
  }

  private NumberedPages<String> walk(int mostPasses, Function<List<String>, List<String>> after) {
    return new NumberedPages<>(
        PAGE,
        Function.identity(),
        number -> {
          read.add(number);
          int from = Math.min(list.size(), (number - 1) * PAGE);
          return after.apply(List.copyOf(list.subList(from, Math.min(list.size(), from + PAGE))));
        },
        mostPasses,
        new LeftOutRows());
  }

  private static List<String> drain(NumberedPages<String> walk) {
    var rows = new ArrayList<String>();
    walk.forEachRemaining(rows::add);
    return rows;
  }
}
