package dev.redrive.testkit;

import java.util.Arrays;

/** A growable column of longs, one value a row. */
final class LongColumn {
  private long[] values = new long[64];
  private int size;

  int size() {
    return size;
  }

  int add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size] = value;
    return size++;
  }

  long get(int row) {
    return values[row];
  }

  void set(int row, long value) {
    values[row] = value;
  }
}
