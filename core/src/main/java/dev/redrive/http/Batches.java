package dev.redrive.http;

import java.util.ArrayList;
import java.util.List;

/** Divides a list into batches for single requests. */
public final class Batches {
  private Batches() {}

  /** Returns consecutive parts of {@code size} elements. The last part may be smaller. */
  public static <T> List<List<T>> of(List<T> all, int size) {
    var batches = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += size) {
      batches.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return batches;
  }
}
