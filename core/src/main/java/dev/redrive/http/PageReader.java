package dev.redrive.http;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list that is paged by offset.
 *
 * @param <T> the rows
 */
@FunctionalInterface
public interface PageReader<T> {
  /** Reads {@code limit} rows from {@code offset} on. The provider may return fewer or more. */
  Page<T> read(int offset, int limit);

  /**
   * One page.
   *
   * @param rows its rows; null in the place of a row that cannot be read
   * @param total how many rows match, as the provider says; -1 if it does not say
   */
  record Page<T>(List<@Nullable T> rows, long total) {
    /** Returns a page of a list whose total is not known. */
    public static <T> Page<T> of(List<@Nullable T> rows) {
      return new Page<>(rows, -1);
    }
  }

  /** The rows of all pages. Pages are read as the caller needs them. */
  interface Rows<T> extends Iterator<T> {
    /** Whether the next row is read already, so that {@code next()} makes no request. */
    boolean isNextAtHand();

    /** The same rows as a sequential stream. */
    default Stream<T> stream() {
      return StreamSupport.stream(
          Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
          false);
    }
  }
}
