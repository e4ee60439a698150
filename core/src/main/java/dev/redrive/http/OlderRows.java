package dev.redrive.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Ends a walk from the newest row down once many rows in a row are older than the bound. A few
 * prove nothing: neighbours may be out of order.
 */
public final class OlderRows {
  private final int most;
  private int inARow;

  /**
   * @param most how many older rows in a row end the walk: usually a page's worth
   */
  public OlderRows(int most) {
    this.most = most;
  }

  /**
   * Counts the next row.
   *
   * @param time the row's time; null if it is not known, which counts as not older
   * @param bound null for no bound
   * @return whether the walk goes on with this row
   */
  public boolean goesOn(@Nullable Instant time, @Nullable Instant bound) {
    inARow = time != null && bound != null && time.isBefore(bound) ? inARow + 1 : 0;
    return inARow < most;
  }
}
