package dev.redrive;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A lazy listing. Each iteration reads from the provider, page by page, as the caller goes on; it
 * does not keep the rows in memory. It is not a snapshot: rows that the provider adds meanwhile may
 * or may not be listed. No row is listed twice, and no row is skipped because others move.
 *
 * <p>Iterating throws {@link RedriveException} if the provider cannot be read.
 *
 * @param <T> the type of the rows
 */
@FunctionalInterface
public interface Listing<T> extends Iterable<T> {
  /**
   * Returns the rows that the latest iteration has read but not listed so far. Call it when the
   * iteration has ended: what is left out may need a retry.
   */
  default LeftOut leftOut() {
    return LeftOut.NONE;
  }

  /**
   * Counts rows that were read but not listed.
   *
   * @param undated rows without a readable time, if the query has a time bound: nothing tells
   *     whether they match
   * @param unreadable rows without an id, or that are not a record
   */
  record LeftOut(long undated, long unreadable) {
    /** Nothing was left out. */
    public static final LeftOut NONE = new LeftOut(0, 0);
  }

  /** Returns a sequential stream. It reads from the provider when a terminal operation runs. */
  default Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /**
   * Reads the whole listing into memory. To process a long one, iterate instead.
   *
   * @return all rows, in the order of the listing; unmodifiable
   * @throws RedriveException if the provider cannot be read
   */
  default List<T> toList() {
    return stream().toList();
  }

  /**
   * Reads the first row. That may take a whole page; a query with {@code limit(1)} reads no more
   * than it needs.
   *
   * @return the first row; empty if the listing is empty
   * @throws RedriveException if the provider cannot be read
   */
  default Optional<T> first() {
    Iterator<T> rows = iterator();
    return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }
}
