package dev.redrive.http;

import org.jspecify.annotations.Nullable;

/**
 * A set of 128-bit values with open addressing. It is split into segments that grow one by one, so
 * that growing never needs the memory of the whole set twice. There are many segments because the
 * G1 collector gives an array of half a region or more whole regions of its own, which doubled the
 * memory of a million values.
 */
final class LongPairs {
  private static final int SEGMENT_BITS = 8;
  private static final int FIRST_CAPACITY = 16;

  private final @Nullable Segment[] segments = new Segment[1 << SEGMENT_BITS];

  boolean add(long high, long low) {
    long hash = hash(high, low);
    int index = (int) (hash >>> (Long.SIZE - SEGMENT_BITS));
    Segment segment = segments[index];
    if (segment == null) {
      segment = new Segment();
      segments[index] = segment;
    }
    return segment.add(high, low, (int) hash);
  }

  boolean contains(long high, long low) {
    long hash = hash(high, low);
    Segment segment = segments[(int) (hash >>> (Long.SIZE - SEGMENT_BITS))];
    return segment != null && segment.contains(high, low, (int) hash);
  }

  private static long hash(long high, long low) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xBF58476D1CE4E5B9L;
    return (mixed ^ mixed >>> 32) * 0x94D049BB133111EBL;
  }

  private static final class Segment {
    private long[] pairs = new long[2 * FIRST_CAPACITY];
    private int size;
    private boolean holdsZero;

    boolean contains(long high, long low, int hash) {
      if ((high | low) == 0) {
        return holdsZero;
      }
      int slot = slot(pairs, high, low, hash);
      return (pairs[slot] | pairs[slot + 1]) != 0;
    }

    boolean add(long high, long low, int hash) {
      if ((high | low) == 0) {
        boolean added = !holdsZero;
        holdsZero = true;
        return added;
      }
      int slot = slot(pairs, high, low, hash);
      if ((pairs[slot] | pairs[slot + 1]) != 0) {
        return false;
      }
      pairs[slot] = high;
      pairs[slot + 1] = low;
      if (++size * 8 > pairs.length * 3) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] grown = new long[pairs.length * 2];
      for (int i = 0; i < pairs.length; i += 2) {
        if ((pairs[i] | pairs[i + 1]) != 0) {
          int slot = slot(grown, pairs[i], pairs[i + 1], (int) hash(pairs[i], pairs[i + 1]));
          grown[slot] = pairs[i];
          grown[slot + 1] = pairs[i + 1];
        }
      }
      pairs = grown;
    }

    /** Returns the slot of the value, or the free slot where it belongs. */
    private static int slot(long[] pairs, long high, long low, int hash) {
      int mask = pairs.length - 1;
      int slot = (hash << 1) & mask;
      while ((pairs[slot] | pairs[slot + 1]) != 0
          && (pairs[slot] != high || pairs[slot + 1] != low)) {
        slot = (slot + 2) & mask;
      }
      return slot;
    }
  }
}
