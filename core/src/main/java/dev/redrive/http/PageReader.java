package dev.redrive.http;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list that is paged by offset.
 *
 * @param <T> the rows
 */
@FunctionalInterface
public interface PageReader<T> {
  /** {@code limit} rows from {@code offset} on; fewer or more where the provider gives such. */
  Page<T> read(int offset, int limit);

  /**
   * One page.
   *
   * @param rows its rows; null for one that cannot be read, which has its place all the same
   * @param total how many rows match, as the provider says; -1 if it does not
   */
  record Page<T>(List<@Nullable T> rows, long total) {
    /** A page of a list whose length is not told. */
    public static <T> Page<T> of(List<@Nullable T> rows) {
      return new Page<>(rows, -1);
    }
  }

  /** The rows of all pages, read as they are asked for. */
  interface Rows<T> extends Iterator<T> {
    /** Whether the next row was read already: to ask for it takes no request. */
    boolean isNextAtHand();
  }
}
