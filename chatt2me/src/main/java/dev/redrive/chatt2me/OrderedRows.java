package dev.redrive.chatt2me;

import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Returns the rows of a list, and derives the list's order from its first and its last ones. */
final class OrderedRows implements Iterator<Recorded<LogRow>> {
  private final Iterator<Recorded<LogRow>> rows;
  private final AtomicReference<LogOrder> order;
  private final List<@Nullable Instant> first = new ArrayList<>();
  private final @Nullable Instant[] last = new Instant[Chatt2meApi.PAGE_SIZE];
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
      order.compareAndSet(LogOrder.UNCLEAR, LogOrder.of(first, Arrays.asList(last)));
    }
    return goesOn;
  }

  @Override
  public Recorded<LogRow> next() {
    Recorded<LogRow> row = rows.next();
    if (first.size() < Chatt2meApi.PAGE_SIZE) {
      first.add(row.value().time());
    }
    last[(int) (returned++ % Chatt2meApi.PAGE_SIZE)] = row.value().time();
    return row;
  }
}
