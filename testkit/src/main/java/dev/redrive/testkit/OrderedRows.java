package dev.redrive.testkit;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Predicate;

/**
 * Rows of a list that an API answers with, in an order, such as their time. It is kept sorted as
 * rows come and go, so that a page costs what it holds, however long the list is.
 *
 * @param <R> a row; what the order looks at must not change while it is in the list
 */
public final class OrderedRows<R> {
  private final List<R> rows = new ArrayList<>();
  private final Comparator<? super R> order;

  /**
   * Makes an empty list.
   *
   * @param order must tell any two rows apart
   */
  public OrderedRows(Comparator<? super R> order) {
    this.order = order;
  }

  /** Adds a row, at its place in the order; again has no effect. */
  public void add(R row) {
    if (rows.isEmpty() || order.compare(rows.get(rows.size() - 1), row) < 0) {
      rows.add(row);
      return;
    }
    int place = Collections.binarySearch(rows, row, order);
    if (place < 0) {
      rows.add(-place - 1, row);
    }
  }

  /** Takes a row out, if it is in. */
  public void remove(R row) {
    int place = Collections.binarySearch(rows, row, order);
    if (place >= 0) {
      rows.remove(place);
    }
  }

  /** How many there are. */
  public int size() {
    return rows.size();
  }

  /** The rows in their order; a view. */
  public List<R> ascending() {
    return Collections.unmodifiableList(rows);
  }

  /** The rows in reverse order; a view. */
  public List<R> descending() {
    return reversed(rows);
  }

  static <R> List<R> reversed(List<R> rows) {
    return new Reversed<>(rows);
  }

  /**
   * How many rows come first for which this holds.
   *
   * @param early must not hold for a row after one for which it does not hold
   */
  public int countFirst(Predicate<R> early) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (early.test(rows.get(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static final class Reversed<R> extends AbstractList<R> implements RandomAccess {
    private final List<R> rows;

    private Reversed(List<R> rows) {
      this.rows = rows;
    }

    @Override
    public R get(int index) {
      return rows.get(rows.size() - 1 - index);
    }

    @Override
    public int size() {
      return rows.size();
    }
  }
}
