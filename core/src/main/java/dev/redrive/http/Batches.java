package dev.redrive.http;

import java.util.ArrayList;
import java.util.List;

/** Divides what goes out into what one request may name. */
public final class Batches {
  private Batches() {}

  /**
   * Parts of a list, in order, each of {@code size} elements but the last, which may be smaller.
   */
  public static <T> List<List<T>> of(List<T> all, int size) {
    var batches = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += size) {
      batches.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return batches;
  }
}
