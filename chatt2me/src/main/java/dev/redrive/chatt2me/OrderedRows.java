package dev.redrive.chatt2me;

import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Returns the rows of a list, and derives the list's order from its first and its last ones. */
final class OrderedRows implements Iterator<Recorded<LogRow>> {
  private final Iterator<Recorded<LogRow>> rows;
  private final AtomicReference<LogOrder> order;
  private final List<LogRow> first = new ArrayList<>();
  private final ArrayDeque<LogRow> last = new ArrayDeque<>();
  private long returned;

  /** {@code order} is set at the end of the list, unless it is known. */
  OrderedRows(Iterator<Recorded<LogRow>> rows, AtomicReference<LogOrder> order) {
    this.rows = rows;
    this.order = order;
  }

  @Override
  public boolean hasNext() {
    boolean goesOn = rows.hasNext();
    if (!goesOn && returned > 2L * Chatt2meApi.PAGE_SIZE) {
      order.compareAndSet(LogOrder.UNCLEAR, LogOrder.of(times(first), times(last)));
    }
    return goesOn;
  }

  @Override
  public Recorded<LogRow> next() {
    Recorded<LogRow> row = rows.next();
    if (first.size() < Chatt2meApi.PAGE_SIZE) {
      first.add(row.value());
    }
    if (last.size() == Chatt2meApi.PAGE_SIZE) {
      last.remove();
    }
    last.add(row.value());
    returned++;
    return row;
  }

  private static List<@Nullable Instant> times(Collection<LogRow> rows) {
    var times = new ArrayList<@Nullable Instant>(rows.size());
    rows.forEach(row -> times.add(row.time()));
    return times;
  }
}
