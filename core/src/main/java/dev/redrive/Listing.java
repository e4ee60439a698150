package dev.redrive;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A lazy listing: every iteration asks the provider anew, page by page as the caller goes on, in
 * memory that does not grow with the rows held. Not a snapshot: rows that the provider adds while
 * pages are read may or may not come; none comes twice, and rows that move are not skipped.
 *
 * <p>Iterating throws {@link RedriveException} when the provider cannot be read.
 *
 * @param <T> what is listed
 */
@FunctionalInterface
public interface Listing<T> extends Iterable<T> {
  /**
   * Rows that the latest iteration met and did not list, so far. Ask once it has ended: what is
   * left out may need a retry all the same.
   */
  default LeftOut leftOut() {
    return LeftOut.NONE;
  }

  /**
   * Rows that were met and not listed.
   *
   * @param undated rows whose time the provider does not tell or tells unreadably, where the query
   *     asks for a time: whether they match cannot be known
   * @param unreadable rows without an id, or that are no record at all
   */
  record LeftOut(long undated, long unreadable) {
    /** Nothing was left out. */
    public static final LeftOut NONE = new LeftOut(0, 0);
  }

  /** The listing as a sequential stream, which asks the provider when a terminal operation runs. */
  default Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /**
   * Reads the listing to its end.
   *
   * @return all that is listed, in the listing's order; unmodifiable. It is held in memory as a
   *     whole: iterate where a listing may be long
   * @throws RedriveException if the provider cannot be read
   */
  default List<T> toList() {
    return stream().toList();
  }

  /**
   * Reads no further than to the first row. A client may read a whole page for it: {@code limit(1)}
   * in the query asks for no more than that.
   *
   * @return the first row; empty if nothing is listed
   * @throws RedriveException if the provider cannot be read
   */
  default Optional<T> first() {
    Iterator<T> rows = iterator();
    return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }
}
