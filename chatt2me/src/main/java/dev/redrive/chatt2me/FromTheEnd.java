package dev.redrive.chatt2me;

import dev.redrive.http.PageReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list backwards: offset 0 is the row that was the last one when the reading began. Rows
 * that are added at the end later are not read.
 */
final class FromTheEnd<T> implements PageReader<T> {
  private final PageReader<T> forwards;
  private final AtomicLong end;

  FromTheEnd(PageReader<T> forwards, long end) {
    this.forwards = forwards;
    this.end = new AtomicLong(end);
  }

  @Override
  public Page<T> read(int offset, int limit) {
    while (true) {
      long at = end.get();
      long to = at - offset;
      if (to <= 0) {
        return new Page<>(List.of(), at);
      }
      long from = Math.max(0, to - limit);
      Page<T> page = forwards.read((int) from, (int) (to - from));
      boolean shrunk = page.rows().size() < to - from && page.total() >= 0 && page.total() < at;
      if (!shrunk) {
        var rows = new ArrayList<@Nullable T>(page.rows());
        Collections.reverse(rows);
        return new Page<>(rows, at);
      }
      // Old rows were purged, so the other rows have moved towards the start.
      end.compareAndSet(at, page.total());
    }
  }
}
