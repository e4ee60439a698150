package dev.redrive.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A set of ids that needs about 35 bytes for a UUID or hexadecimal id, so that a million ids fit
 * into a small heap. It is exact: other ids are kept as strings. Not thread-safe.
 */
public final class SeenIds {
  private static final int UUID_SHAPE = 36;
  private static final int MOST_DIGITS = 32;

  private final Map<Integer, LongPairs> byShape = new HashMap<>();
  private final Set<String> others = new HashSet<>();
  private long high;
  private long low;

  /** Adds an id. Returns false if it was added before. */
  public boolean add(String id) {
    return pack(id)
        ? byShape.computeIfAbsent(id.length(), shape -> new LongPairs()).add(high, low)
        : others.add(id);
  }

  /** Whether an id was added before. */
  public boolean contains(String id) {
    if (!pack(id)) {
      return others.contains(id);
    }
    LongPairs pairs = byShape.get(id.length());
    return pairs != null && pairs.contains(high, low);
  }

  /** Packs lower-case hexadecimal digits, with dashes only where a UUID has them. */
  private boolean pack(String id) {
    int length = id.length();
    boolean dashed = length == UUID_SHAPE;
    if (length == 0 || (length > MOST_DIGITS && !dashed)) {
      return false;
    }
    long upper = 0;
    long lower = 0;
    for (int i = 0; i < length; i++) {
      char c = id.charAt(i);
      if (dashed && (i == 8 || i == 13 || i == 18 || i == 23)) {
        if (c != '-') {
          return false;
        }
        continue;
      }
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        return false;
      }
      upper = upper << 4 | lower >>> 60;
      lower = lower << 4 | digit;
    }
    high = upper;
    low = lower;
    return true;
  }
}
