package dev.redrive.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Rows in the order of a key, and filtered views of them that answer "the k-th row" and "how many"
 * in logarithmic time while rows come, go and change.
 */
final class RowIndex {
  private static final int MAX_VIEWS = 64;

  private final LongColumn keys = new LongColumn();
  private int[] order = new int[64];
  private int[] position = new int[64];
  private boolean sorted = true;
  private final Map<Object, View> views = new HashMap<>();

  int size() {
    return keys.size();
  }

  long key(int row) {
    return keys.get(row);
  }

  /** Adds the next row. */
  void add(long key) {
    int row = keys.add(key);
    if (row == order.length) {
      order = Arrays.copyOf(order, row + (row >> 1));
      position = Arrays.copyOf(position, order.length);
    }
    order[row] = row;
    position[row] = row;
    if (sorted && row > 0 && keys.get(order[row - 1]) > key) {
      sorted = false;
      views.clear();
    } else if (sorted) {
      views.values().forEach(view -> view.append(view.filter.test(row)));
    }
  }

  /** To be called when what a view filters by has changed. */
  void changed(int row) {
    if (sorted) {
      views.values().forEach(view -> view.set(position[row], view.filter.test(row)));
    }
  }

  /** To be called when it has changed for many rows. */
  void changed() {
    views.clear();
  }

  /**
   * The rows that pass the filter.
   *
   * @param name equal names mean equal filters
   */
  View view(Object name, IntPredicate filter) {
    sort();
    View view = views.get(name);
    if (view == null) {
      if (views.size() >= MAX_VIEWS) {
        views.clear();
      }
      view = new View(filter, size());
      for (int i = 0; i < size(); i++) {
        view.append(filter.test(order[i]));
      }
      views.put(name, view);
    }
    return view;
  }

  private void sort() {
    if (sorted) {
      return;
    }
    int[] rows =
        IntStream.range(0, size())
            .boxed()
            .sorted(Comparator.comparingLong(keys::get))
            .mapToInt(Integer::intValue)
            .toArray();
    System.arraycopy(rows, 0, order, 0, rows.length);
    for (int i = 0; i < rows.length; i++) {
      position[rows[i]] = i;
    }
    sorted = true;
  }

  /** A filtered view; valid until the next call of {@link #add}. */
  final class View {
    private final IntPredicate filter;
    // A Fenwick tree over the positions: 1 where a row passes the filter.
    private int[] tree;
    private int positions;
    private int size;

    private View(IntPredicate filter, int capacity) {
      this.filter = filter;
      this.tree = new int[Math.max(64, capacity + 1)];
    }

    int size() {
      return size;
    }

    /** The k-th row in the order of the key, from 0. */
    int at(int k) {
      int left = k;
      int found = 0;
      for (int step = Integer.highestOneBit(positions); step > 0; step >>= 1) {
        int next = found + step;
        if (next <= positions && tree[next] <= left) {
          found = next;
          left -= tree[next];
        }
      }
      return order[found];
    }

    /** How many rows of the view have a key below this one. */
    int below(long key) {
      int low = 0;
      int high = positions;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (keys.get(order[middle]) < key) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return sum(low);
    }

    private void append(boolean present) {
      int i = ++positions;
      if (i == tree.length) {
        tree = Arrays.copyOf(tree, i + (i >> 1));
      }
      int lowest = i - (i & -i);
      int value = present ? 1 : 0;
      size += value;
      for (int j = i - 1; j > lowest; j -= j & -j) {
        value += tree[j];
      }
      tree[i] = value;
    }

    private void set(int at, boolean present) {
      int change = (present ? 1 : 0) - (sum(at + 1) - sum(at));
      if (change != 0) {
        size += change;
        for (int i = at + 1; i <= positions; i += i & -i) {
          tree[i] += change;
        }
      }
    }

    private int sum(int count) {
      int sum = 0;
      for (int i = count; i > 0; i -= i & -i) {
        sum += tree[i];
      }
      return sum;
    }
  }
}
