package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.PageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FromTheEndTest {
  private final List<Integer> list = new ArrayList<>(IntStream.range(0, 100).boxed().toList());
  private int reads;

  private PageReader.Page<Integer> readForwards(int offset, int limit) {
    reads++;
    int from = Math.min(offset, list.size());
    int to = Math.min(list.size(), from + limit);
    return new PageReader.Page<>(List.copyOf(list.subList(from, to)), list.size());
  }

  private final FromTheEnd<Integer> reader = new FromTheEnd<>(this::readForwards, 100);

  @Test
  void lastRowsComeFirst() {
    assertThat(reader.read(0, 3).rows()).containsExactly(99, 98, 97);
    assertThat(reader.read(2, 3).rows()).containsExactly(97, 96, 95);
    assertThat(reader.read(0, 3).total()).isEqualTo(100);
  }

  @Test
  void startOfTheListIsAShortLastPage() {
    assertThat(reader.read(98, 5).rows()).containsExactly(1, 0);
    assertThat(reader.read(100, 5).rows()).isEmpty();
  }

  @Test
  void rowsAddedSinceDoNotMoveTheOthers() {
    list.addAll(List.of(100, 101, 102));
    assertThat(reader.read(0, 3).rows()).containsExactly(99, 98, 97);
  }

  @Test
  void rowsPurgedAtTheStartDoNotHideTheLastOnes() {
    list.subList(0, 60).clear();
    assertThat(reader.read(0, 3).rows()).containsExactly(99, 98, 97);
    assertThat(reader.read(38, 5).rows()).containsExactly(61, 60);
    assertThat(reads).isEqualTo(3);
  }
}
