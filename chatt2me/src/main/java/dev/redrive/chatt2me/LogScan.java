package dev.redrive.chatt2me;

import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks the logs of one webhook from the newest to the oldest, and ends when they are older than a
 * bound. If the order of the list is unclear, it is walked to its end.
 */
final class LogScan implements PageReader.Rows<Recorded<LogRow>> {
  private final PageReader.Rows<Recorded<LogRow>> rows;
  private final boolean newestFirst;
  private final Supplier<@Nullable Instant> oldest;
  private final OlderRows older = new OlderRows(Chatt2meApi.PAGE_SIZE);
  private boolean goesOn = true;

  private LogScan(
      PageReader.Rows<Recorded<LogRow>> rows,
      boolean newestFirst,
      Supplier<@Nullable Instant> oldest) {
    this.rows = rows;
    this.newestFirst = newestFirst;
    this.oldest = oldest;
  }

  /** Starts to read a list of logs page by page. */
  @FunctionalInterface
  interface Walk {
    PageReader.Rows<Recorded<LogRow>> begin(PageReader<Recorded<LogRow>> reader, PagesAhead ahead);
  }

  /**
   * Reads the first page and, if there are more than two pages and their order is not known, the
   * last page.
   *
   * @param known the order of this webhook's logs; is set once it is clear
   * @param oldest returns the time before which logs are not needed; null for no bound. Called for
   *     each row
   * @param ahead decides what is read ahead, from the newest log on
   */
  static LogScan begin(
      Walk walk,
      PageReader<Recorded<LogRow>> reader,
      AtomicReference<LogOrder> known,
      Supplier<@Nullable Instant> oldest,
      PagesAhead ahead) {
    var firstPage = new FirstPage(reader);
    PagesAhead forwards = known.get() == LogOrder.NEWEST_FIRST ? ahead : ahead.uncertain();
    PageReader.Rows<Recorded<LogRow>> rows = walk.begin(firstPage, forwards);
    boolean anyRows = rows.hasNext();
    PageReader.Page<Recorded<LogRow>> first = firstPage.page();
    long total = anyRows ? first.total() : 0;
    FirstPage backwards = null;
    if (known.get() == LogOrder.UNCLEAR && total > 2L * Chatt2meApi.PAGE_SIZE) {
      backwards = new FirstPage(new FromTheEnd<>(reader, total));
      known.set(LogOrder.of(times(first), times(backwards.begin())));
    }
    LogOrder order = known.get();
    if (order == LogOrder.OLDEST_FIRST && isFull(first) && total > first.rows().size()) {
      var lastPage = backwards == null ? new FirstPage(new FromTheEnd<>(reader, total)) : backwards;
      PageReader.Rows<Recorded<LogRow>> fromTheEnd = walk.begin(lastPage, ahead);
      // If it is short, the total counts rows that are not listed, or the provider cuts pages:
      // then the offsets from the end are wrong.
      if (fromTheEnd.hasNext() && isFull(lastPage.page())) {
        return new LogScan(fromTheEnd, true, oldest);
      }
    }
    return new LogScan(rows, order == LogOrder.NEWEST_FIRST, oldest);
  }

  private static boolean isFull(PageReader.Page<?> page) {
    return page.rows().size() == Chatt2meApi.PAGE_SIZE;
  }

  private static List<@Nullable Instant> times(PageReader.Page<Recorded<LogRow>> page) {
    var times = new ArrayList<@Nullable Instant>(page.rows().size());
    page.rows().forEach(row -> times.add(row == null ? null : row.value().time()));
    return times;
  }

  static String id(Recorded<LogRow> row) {
    return row.value().id();
  }

  @Override
  public boolean hasNext() {
    return goesOn && rows.hasNext();
  }

  @Override
  public Recorded<LogRow> next() {
    Recorded<LogRow> row = rows.next();
    goesOn = older.goesOn(row.value().time(), newestFirst ? oldest.get() : null);
    return row;
  }

  @Override
  public boolean isNextAtHand() {
    return rows.isNextAtHand();
  }

  /** Keeps the first page of a list, so that it is not read twice. */
  private static final class FirstPage implements PageReader<Recorded<LogRow>> {
    private final PageReader<Recorded<LogRow>> reader;
    private final AtomicReference<PageReader.@Nullable Page<Recorded<LogRow>>> begun =
        new AtomicReference<>();
    private volatile PageReader.@Nullable Page<Recorded<LogRow>> first;

    FirstPage(PageReader<Recorded<LogRow>> reader) {
      this.reader = reader;
    }

    /** Reads the first page beforehand. The next read of it makes no request. */
    Page<Recorded<LogRow>> begin() {
      Page<Recorded<LogRow>> page = reader.read(0, Chatt2meApi.PAGE_SIZE);
      begun.set(page);
      return page;
    }

    @Override
    public Page<Recorded<LogRow>> read(int offset, int limit) {
      Page<Recorded<LogRow>> before = offset == 0 ? begun.getAndSet(null) : null;
      Page<Recorded<LogRow>> page = before == null ? reader.read(offset, limit) : before;
      if (offset == 0) {
        first = page;
      }
      return page;
    }

    PageReader.Page<Recorded<LogRow>> page() {
      return Objects.requireNonNull(first);
    }
  }
}
