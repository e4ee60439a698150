package dev.redrive.http;

import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ends a walk from the newest row to the oldest when many consecutive rows are older than a bound.
 * A few such rows do not suffice, because rows may be slightly out of order.
 */
public final class OlderRows {
  private final int most;
  private int inARow;

  /**
   * @param most how many consecutive older rows end the walk: usually as many as a page has
   */
  public OlderRows(int most) {
    this.most = most;
  }

  /**
   * Returns the rows up to where the walk ends.
   *
   * @param rows the rows, from the newest to the oldest
   * @param most how many consecutive older rows end the walk
   * @param time returns a row's time; null if it is not known
   * @param bound the bound; null for none
   */
  public static <T> Stream<T> cutOff(
      Stream<T> rows, int most, Function<T, @Nullable Instant> time, @Nullable Instant bound) {
    var older = new OlderRows(most);
    return rows.takeWhile(row -> older.goesOn(time.apply(row), bound));
  }

  /**
   * Counts the next row.
   *
   * @param time the row's time; null if it is not known, which counts as not older
   * @param bound the bound; null for none
   * @return whether the walk continues with this row
   */
  public boolean goesOn(@Nullable Instant time, @Nullable Instant bound) {
    inARow = time != null && bound != null && time.isBefore(bound) ? inARow + 1 : 0;
    return inARow < most;
  }
}
