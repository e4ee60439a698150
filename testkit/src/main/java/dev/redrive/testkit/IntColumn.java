package dev.redrive.testkit;

import java.util.Arrays;

/** A growable column of ints, one value a row. */
final class IntColumn {
  private int[] values = new int[64];
  private int size;

  int size() {
    return size;
  }

  int add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size] = value;
    return size++;
  }

  int get(int row) {
    return values[row];
  }

  void set(int row, int value) {
    values[row] = value;
  }

  /** Adds to a row's value; rows up to it spring up as 0. */
  void increment(int row) {
    while (size <= row) {
      add(0);
    }
    values[row]++;
  }

  /** The row's value, 0 if there is no such row. */
  int getOrZero(int row) {
    return row < size ? values[row] : 0;
  }
}
