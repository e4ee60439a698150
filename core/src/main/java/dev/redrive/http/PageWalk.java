package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Walks a list that moves while it is read. Each page starts with the last row of the page before:
 * rows that were pushed down come twice and are dropped by id; where that row is gone, rows have
 * moved up past the page's edge, and the walk steps back until a page starts with a row that it
 * knows. Only such pages are taken: so every row before a known one is known too. Pages are read
 * ahead once the caller has shown that it wants more than one, and no further than the rows that it
 * is sure to want.
 */
final class PageWalk<T> implements Iterator<T> {
  private static final int OVERLAP = 1;
  private static final int WINDOW_STEP = 3;
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;

  private final String provider;
  private final int pageSize;
  private final Function<T, String> id;
  private final PageReader<T> reader;
  private final ExecutorService threads;
  private final int mostAhead;
  private final LongSupplier wanted;
  private final long there;

  private final SeenIds seen = new SeenIds();
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private final ArrayDeque<ReadAhead<PageReader.Page<T>>> ahead = new ArrayDeque<>();
  private int offset;
  private int step;
  private int aheadOffset;
  private int window;
  private long total = -1;
  private int pages;
  private int repeats;
  private List<String> lastIds = List.of();
  private boolean atEnd;

  PageWalk(
      String provider,
      int pageSize,
      Function<T, String> id,
      PageReader<T> reader,
      ExecutorService threads,
      int mostAhead,
      LongSupplier wanted,
      long there) {
    if (pageSize <= OVERLAP) {
      throw new IllegalArgumentException("pages of " + pageSize + " cannot overlap");
    }
    this.provider = provider;
    this.pageSize = pageSize;
    this.step = pageSize - OVERLAP;
    this.id = id;
    this.reader = reader;
    this.threads = threads;
    this.mostAhead = mostAhead;
    this.wanted = wanted;
    this.there = there;
  }

  @Override
  public boolean hasNext() {
    while (rows.isEmpty() && !atEnd) {
      readNext();
    }
    return !rows.isEmpty();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.remove();
  }

  private void readNext() {
    boolean nothingAhead = ahead.isEmpty();
    if (nothingAhead) {
      readAhead();
    }
    PageReader.Page<T> page = ahead.isEmpty() ? read(offset) : take(ahead.remove());
    for (int back = step; offset > 0 && !startsKnown(page); back *= 2) {
      dropAhead();
      offset = Math.max(0, offset - back);
      page = read(offset);
    }
    accept(page);
    advance(page);
    if (!nothingAhead || wanted.getAsLong() < Long.MAX_VALUE) {
      readAhead();
    }
  }

  private boolean startsKnown(PageReader.Page<T> page) {
    return !page.rows().isEmpty() && seen.contains(idOf(page.rows().get(0)));
  }

  private void accept(PageReader.Page<T> page) {
    total = page.total();
    var ids = new ArrayList<String>(page.rows().size());
    for (T row : page.rows()) {
      String rowId = idOf(row);
      ids.add(rowId);
      if (seen.add(rowId)) {
        rows.add(row);
      }
    }
    repeats = !ids.isEmpty() && ids.equals(lastIds) ? repeats + 1 : 0;
    lastIds = ids;
    if (++pages > MOST_PAGES || (repeats >= MOST_REPEATS && ignoresOffset(ids))) {
      throw malformed("the same page comes again and again (offset " + offset + ")");
    }
  }

  /** Rows that arrive just as fast as pages are read push the same page on, too. */
  private boolean ignoresOffset(List<String> ids) {
    repeats = 0;
    return read(0).rows().stream().map(this::idOf).toList().equals(ids);
  }

  private String idOf(T row) {
    String rowId = row == null ? null : id.apply(row);
    if (rowId == null) {
      throw malformed("a row has no id");
    }
    return rowId;
  }

  private MalformedResponseException malformed(String message) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(provider, "list", message), null);
  }

  /** Goes on behind a page, or ends the walk at the last one. */
  private void advance(PageReader.Page<T> page) {
    int size = page.rows().size();
    atEnd = isLast(size);
    if (atEnd) {
      dropAhead();
      return;
    }
    if (size - OVERLAP != step) {
      dropAhead();
      step = size - OVERLAP;
    }
    offset += step;
  }

  /**
   * A total beyond a short page tells that the provider gives fewer rows than asked for; one before
   * the end of a full page is no evidence of anything.
   */
  private boolean isLast(int size) {
    if (size <= OVERLAP) {
      return true;
    }
    long end = (long) offset + size;
    return (total < 0 || end > total) ? size < pageSize : end == total && repeats == 0;
  }

  private PageReader.Page<T> read(int at) {
    return reader.read(at, pageSize);
  }

  /**
   * The rows that are there and sure to be wanted are read at once. Where the caller wants all
   * there may be, the first page comes alone; behind it the window grows to its limit.
   */
  private void readAhead() {
    if (atEnd || mostAhead < 2 || (pages == 0 && there <= pageSize)) {
      return;
    }
    if (ahead.isEmpty()) {
      aheadOffset = offset;
    }
    long sure = pages == 0 ? there - OVERLAP : wanted.getAsLong();
    window = sure < Long.MAX_VALUE ? mostAhead : Math.min(mostAhead, window + WINDOW_STEP);
    long most = Math.min(window, pagesFor(sure - rows.size()));
    while (ahead.size() < most && (total < 0 || aheadOffset + OVERLAP < total)) {
      int at = aheadOffset;
      ReadAhead<PageReader.Page<T>> page = ReadAhead.begin(provider, threads, () -> read(at));
      if (page == null) {
        return;
      }
      ahead.add(page);
      aheadOffset += step;
    }
  }

  /** Pages that bring so many rows beyond those at hand, each page one row short. */
  private long pagesFor(long missing) {
    return missing <= 0 ? 0 : (missing - 1) / step + 1;
  }

  private void dropAhead() {
    ahead.forEach(ReadAhead::cancel);
    ahead.clear();
    window = 0;
  }

  private PageReader.Page<T> take(ReadAhead<PageReader.Page<T>> page) {
    try {
      return page.get();
    } catch (RuntimeException e) {
      dropAhead();
      throw e;
    }
  }
}
