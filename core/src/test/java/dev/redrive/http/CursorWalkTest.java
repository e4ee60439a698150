package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.MalformedResponseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorWalkTest {
  private final Map<@Nullable String, CursorReader.Page<String>> pages = new HashMap<>();
  private final List<@Nullable String> asked = new ArrayList<>();
  private final LeftOutRows leftOut = new LeftOutRows();
  private final CursorWalk<String> walk =
      new CursorWalk<>("Test Provider", row -> row, this::read, leftOut);

  private CursorReader.Page<String> read(@Nullable String cursor) {
    asked.add(cursor);
    return pages.get(cursor);
  }

  private void page(@Nullable String cursor, @Nullable String next, @Nullable String... rows) {
    pages.put(cursor, new CursorReader.Page<>(Arrays.asList(rows), next));
  }

  private List<String> all() {
    var found = new ArrayList<String>();
    walk.forEachRemaining(found::add);
    return found;
  }

  @Test
  void eachPageNamesTheNextAndIsReadWhenItIsNeeded() {
    page(null, "2", "a", "b");
    page("2", "3", "c");
    page("3", null, "d");

    assertThat(walk.next()).isEqualTo("a");
    assertThat(walk.isNextAtHand()).isTrue();
    assertThat(asked).hasSize(1);
    assertThat(all()).containsExactly("b", "c", "d");
    assertThat(asked).containsExactly(null, "2", "3");
    assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void anAnswerWithoutAListIsAnError() {
    pages.put(null, new CursorReader.Page<>(null, null));

    assertThatThrownBy(walk::hasNext)
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("has no list");
  }

  @Test
  void aPageWithoutRowsEndsNothing() {
    page(null, "2");
    page("2", null, "a");

    assertThat(all()).containsExactly("a");
  }

  @Test
  void aRowThatComesAgainIsListedOnceAndOneThatCannotBeReadIsCounted() {
    page(null, "2", "a", null, " ");
    page("2", null, "a", "b");

    assertThat(all()).containsExactly("a", "b");
    assertThat(leftOut.soFar().unreadable()).isEqualTo(2);
  }

  @Test
  void aCircleIsToldInsteadOfWalkedForEver() {
    page(null, "2", "a");
    page("2", "3", "b");
    page("3", "2", "c");

    assertThatThrownBy(this::all)
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("read before");
    assertThat(asked).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<https://api.example.com/x?per_page=100&cursor=v1_2%2B3>; rel=\"next\"",
        "<https://api.example.com/x?cursor=1>; rel=\"first\", </x?cursor=v1_2%2B3>; rel=next",
        "<?cursor=v1_2%2B3>; title=\"a, b\"; rel=\"last next\"",
      })
  void theNextPageIsReadOffTheLinkHeader(String link) {
    assertThat(cursor(link)).isEqualTo("v1_2+3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<https://api.example.com/x?cursor=1>; rel=\"prev\"",
        "<https://api.example.com/x?cursor=1>; rel=\"nextish\"",
        "nothing of the kind",
      })
  void withoutSuchALinkThereIsNone(String link) {
    assertThat(cursor(link)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<https://api.example.com/x?page=2>; rel=\"next\"",
        "<https://api.example.com/x?cursor=>; rel=\"next\"",
        "<ftp://x y>; rel=next",
      })
  void aNextPageWithoutItsCursorIsNotTakenForTheEnd(String link) {
    assertThatThrownBy(() -> cursor(link)).isInstanceOf(IllegalStateException.class);
  }

  private static @Nullable String cursor(String link) {
    return NextLink.query(Headers.of("Link", link), "cursor", IllegalStateException::new);
  }
}
