package dev.redrive.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list whose pages each name the next one.
 *
 * @param <T> the rows
 */
@FunctionalInterface
public interface CursorReader<T> {
  /** The page that a cursor names; the first one for null. */
  Page<T> read(@Nullable String cursor);

  /**
   * One page.
   *
   * @param rows its rows; null for one that cannot be read
   * @param next names the next page; null at the end
   */
  record Page<T>(List<@Nullable T> rows, @Nullable String next) {}
}
