package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedCall;
import dev.redrive.NotFoundException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WebhookSweepTest extends HttpTest {
  private final Map<String, List<String>> rows =
      Map.of(
          "a",
          List.of("1", "2"),
          "b",
          List.of(),
          "c",
          List.of("3", "gone", "4"),
          "d",
          List.of("5"));
  private final List<String> begun = new ArrayList<>();
  private final List<String> deleted = new ArrayList<>();

  private Iterator<String> read(String webhook) {
    begun.add(webhook);
    return rows.get(webhook).stream()
        .map(
            row -> {
              if (row.equals("gone")) {
                throw new NotFoundException(
                    FailedCall.withoutAnswer("Test Provider", "list", "no such webhook"), null);
              }
              return row;
            })
        .iterator();
  }

  private Iterator<String> sweep(UnaryOperator<Stream<String>> list) {
    return client()
        .http
        .sweep(
            PagesAhead.none(),
            List.of("a", "b", "c", "d").iterator(),
            this::read,
            (String webhook, NotFoundException e) -> deleted.contains(webhook),
            (String webhook, Stream<String> read) -> list.apply(read).map(row -> webhook + row))
        .iterator();
  }

  private static List<String> all(Iterator<String> listed) {
    var found = new ArrayList<String>();
    listed.forEachRemaining(found::add);
    return found;
  }

  @Test
  void oneWebhookIsListedAfterTheOther_andReadWhenItsTurnComes() {
    deleted.add("c");
    Iterator<String> listed = sweep(read -> read);

    assertThat(begun).isEmpty();
    assertThat(listed.next()).isEqualTo("a1");
    assertThat(begun).containsExactly("a");
    assertThat(all(listed)).containsExactly("a2", "c3", "d5");
    assertThat(begun).containsExactly("a", "b", "c", "d");
  }

  @Test
  void rowsThatAreNotFound_areAFailure_ifTheWebhookIsStillThere() {
    Iterator<String> listed = sweep(read -> read);

    assertThatThrownBy(() -> all(listed)).isInstanceOf(NotFoundException.class);
    assertThat(begun).containsExactly("a", "b", "c");
  }

  @Test
  void whatEndsTheRowsOfOneWebhook_endsNotThoseOfTheNext() {
    assertThat(all(sweep(read -> read.takeWhile(row -> !row.equals("2") && !row.equals("3")))))
        .containsExactly("a1", "d5");
  }

  @Test
  void whatIsHeldBackAtADeletedWebhook_isStillListed() {
    deleted.add("c");

    assertThat(all(sweep(read -> Stream.concat(read, Stream.of("held")))))
        .containsExactly("a1", "a2", "aheld", "bheld", "c3", "cheld", "d5", "dheld");
  }
}
