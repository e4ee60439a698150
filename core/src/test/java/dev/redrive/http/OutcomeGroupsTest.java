package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeGroupsTest extends HttpTest {
  private final List<@Nullable String> listed = new ArrayList<>();
  private final List<Integer> read = new ArrayList<>();
  private final List<List<RetryOutcome>> told = new ArrayList<>();
  private long total = -1;

  private Map<String, List<Question>> questions(int count) {
    TestClient client = client();
    return new LinkedHashMap<>(
        OutcomeGroups.by(
            Question::id,
            IntStream.range(0, count)
                .mapToObj(i -> RetryResult.accepted(client.delivery("id" + i), null, time.now()))
                .map(result -> new Question(result, time.now(), true))
                .toList()));
  }

  private PageReader.Page<String> page(int offset, int limit) {
    read.add(offset);
    int end = Math.min(listed.size(), offset + limit);
    return new PageReader.Page<>(listed.subList(Math.min(offset, end), end), total);
  }

  private void readListed(Map<String, List<Question>> open) {
    OutcomeGroups.readListed(
        open,
        3,
        this::page,
        row -> row.isBlank() ? null : row,
        (question, row) -> question.pending("listed as " + row),
        told::add);
  }

  @Test
  void aFewQuestions_areNotWorthAPage() {
    listed.addAll(List.of("id0", "id1", "id2"));
    Map<String, List<Question>> open = questions(7);

    readListed(open);

    assertThat(read).isEmpty();
    assertThat(open).hasSize(7);
  }

  @Test
  void pagesAreReadAsLongAsEachSavesMoreThanOneRead() {
    listed.addAll(Arrays.asList("id3", "other", "id4", null, "id5", "id6", "id7", " ", "x", "id0"));
    Map<String, List<Question>> open = questions(10);

    readListed(open);

    assertThat(read).containsExactly(0, 3, 6);
    assertThat(told).extracting(List::size).containsExactly(2, 2, 1);
    assertThat(told.get(0).get(0).reason()).isEqualTo("listed as id3");
    assertThat(open).containsOnlyKeys("id0", "id1", "id2", "id8", "id9");
  }

  @Test
  void theProvidersTotalEndsTheList_andNothingIsToldOfAPageThatAnswersNothing() {
    listed.addAll(List.of("id3", "id4", "id5"));
    total = 3;

    readListed(questions(10));

    assertThat(read).containsExactly(0);

    listed.clear();
    told.clear();
    readListed(questions(10));

    assertThat(told).isEmpty();
  }
}
