package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListingTest {
  private final AtomicInteger iterations = new AtomicInteger();
  private final AtomicInteger read = new AtomicInteger();

  /** Counts how often it is read, and how far. */
  private Listing<String> listing(String... rows) {
    return () -> {
      iterations.incrementAndGet();
      Iterator<String> all = List.of(rows).iterator();
      return Stream.generate(all::next)
          .limit(rows.length)
          .peek(row -> read.incrementAndGet())
          .iterator();
    };
  }

  @Test
  void toList_readsAllOfItInOrder_eachTimeAnew() {
    Listing<String> listing = listing("a", "b", "c");

    assertThat(listing.toList()).containsExactly("a", "b", "c");
    assertThat(listing.toList()).hasSize(3);
    assertThat(iterations).hasValue(2);
    assertThat(listing().toList()).isEmpty();
    assertThatThrownBy(() -> listing.toList().add("d"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void first_readsNoFurther() {
    assertThat(listing("a", "b", "c").first()).contains("a");
    assertThat(read).hasValue(1);
    assertThat(listing().first()).isEmpty();
  }

  @Test
  void toListAndFirst_whenTheProviderCannotBeRead_throw() {
    var failure = new NetworkException(FailedCall.withoutAnswer("Acme", "list", "gone"), null);
    Listing<String> broken =
        () -> {
          throw failure;
        };

    assertThatThrownBy(broken::toList).isSameAs(failure);
    assertThatThrownBy(broken::first).isSameAs(failure);
  }
}
