package dev.redrive.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list in which each page names the next one.
 *
 * @param <T> the rows
 */
@FunctionalInterface
public interface CursorReader<T> {
  /** Reads the page that a cursor names; the first page for null. */
  Page<T> read(@Nullable String cursor);

  /**
   * One page.
   *
   * @param rows its rows, null for a row that cannot be read; null if the response has no list,
   *     which is an error
   * @param next the cursor of the next page; null at the end
   */
  record Page<T>(@Nullable List<@Nullable T> rows, @Nullable String next) {}
}
