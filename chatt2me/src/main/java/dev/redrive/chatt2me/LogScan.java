package dev.redrive.chatt2me;

import dev.redrive.chatt2me.Wire.LogRow;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A walk over one webhook's logs from the newest on, which ends behind the last one that is not
 * older than asked for. Where the listing has no order that can be told, it is walked to its end.
 */
final class LogScan implements Iterator<Recorded<LogRow>> {
  /** So many older rows in a row end the scan: a few may be out of order. */
  private static final int TOLERANCE = Chatt2meClient.PAGE_SIZE;

  private final Iterator<Recorded<LogRow>> rows;
  private final boolean newestFirst;
  private final Supplier<@Nullable Instant> oldest;
  private int olderInARow;

  private LogScan(
      Iterator<Recorded<LogRow>> rows, boolean newestFirst, Supplier<@Nullable Instant> oldest) {
    this.rows = rows;
    this.newestFirst = newestFirst;
    this.oldest = oldest;
  }

  /**
   * Tells the order from the first page, or where that leaves it open, from the last one too.
   *
   * @param first the first page
   * @param oldest logs older than this are of no use; null for no bound. Asked for each row
   * @param wanted how many more rows will be asked for, at least
   */
  static LogScan begin(
      ProviderHttp http,
      PageReader.Page<Recorded<LogRow>> first,
      PageReader<Recorded<LogRow>> reader,
      Supplier<@Nullable Instant> oldest,
      LongSupplier wanted) {
    LogOrder order = order(first, reader);
    boolean backwards = order == LogOrder.OLDEST_FIRST && first.total() > first.rows().size();
    PageReader<Recorded<LogRow>> pages =
        backwards ? new FromTheEnd<>(reader, first.total()) : startingWith(first, reader);
    return new LogScan(
        http.pages(Chatt2meClient.PAGE_SIZE, LogScan::id, pages, wanted).iterator(),
        backwards || order == LogOrder.NEWEST_FIRST,
        oldest);
  }

  /** Logs of one bulk retry may fill a page with the same time: the last page helps then. */
  private static LogOrder order(
      PageReader.Page<Recorded<LogRow>> first, PageReader<Recorded<LogRow>> reader) {
    List<@Nullable Instant> front = times(first);
    LogOrder order = LogOrder.of(front);
    if (order != LogOrder.UNCLEAR || first.total() <= front.size()) {
      return order;
    }
    long last = Math.max(front.size(), first.total() - Chatt2meClient.PAGE_SIZE);
    return LogOrder.of(front, times(reader.read((int) last, Chatt2meClient.PAGE_SIZE)));
  }

  private static List<@Nullable Instant> times(PageReader.Page<Recorded<LogRow>> page) {
    var times = new ArrayList<@Nullable Instant>(page.rows().size());
    page.rows().forEach(row -> times.add(row.value().time()));
    return times;
  }

  static String id(Recorded<LogRow> row) {
    return row.value().id();
  }

  @Override
  public boolean hasNext() {
    return olderInARow < TOLERANCE && rows.hasNext();
  }

  @Override
  public Recorded<LogRow> next() {
    Recorded<LogRow> row = rows.next();
    Instant bound = oldest.get();
    Instant time = row.value().time();
    boolean older = newestFirst && bound != null && time != null && time.isBefore(bound);
    olderInARow = older ? olderInARow + 1 : 0;
    return row;
  }

  private static <T> PageReader<T> startingWith(PageReader.Page<T> first, PageReader<T> reader) {
    var unread = new AtomicReference<PageReader.@Nullable Page<T>>(first);
    return (offset, limit) -> {
      PageReader.Page<T> page = offset == 0 ? unread.getAndSet(null) : null;
      return page == null ? reader.read(offset, limit) : page;
    };
  }
}
