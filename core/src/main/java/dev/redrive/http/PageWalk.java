package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.RedriveException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list that moves while it is read. Each page starts with the last row of the page before:
 * rows that were pushed down come twice and are dropped by id; where that row is gone, rows have
 * moved up past the page's edge, and the walk steps back until it meets a row that it knows. Pages
 * are read ahead once the caller has shown that it wants more than one, and no further than the
 * rows that it is sure to want.
 */
final class PageWalk<T> implements Iterator<T> {
  private static final int OVERLAP = 1;
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;

  private final int pageSize;
  private final Function<T, String> id;
  private final PageReader<T> reader;
  private final ExecutorService threads;
  private final int mostAhead;
  private final LongSupplier wanted;
  private final Supplier<? extends RedriveException> interrupted;

  private final SeenIds seen = new SeenIds();
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private final ArrayDeque<Future<PageReader.Page<T>>> ahead = new ArrayDeque<>();
  private int offset;
  private int aheadOffset;
  private int window;
  private long total = -1;
  private int pages;
  private int repeats;
  private List<String> lastIds = List.of();
  private boolean atEnd;

  PageWalk(
      int pageSize,
      Function<T, String> id,
      PageReader<T> reader,
      ExecutorService threads,
      int mostAhead,
      LongSupplier wanted,
      Supplier<? extends RedriveException> interrupted) {
    if (pageSize <= OVERLAP) {
      throw new IllegalArgumentException("pages of " + pageSize + " cannot overlap");
    }
    this.pageSize = pageSize;
    this.id = id;
    this.reader = reader;
    this.threads = threads;
    this.mostAhead = mostAhead;
    this.wanted = wanted;
    this.interrupted = interrupted;
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
    PageReader.Page<T> page = ahead.isEmpty() ? read(offset) : take(ahead.remove());
    boolean joined = offset == 0 || startsKnown(page);
    accept(page);
    if (!joined) {
      stepBack();
      return;
    }
    advance(page);
    readAhead();
  }

  /** Goes on behind a page, or ends the walk at a short one. */
  private void advance(PageReader.Page<T> page) {
    int size = page.rows().size();
    boolean complete = page.total() >= 0 && offset + size >= page.total();
    if (size < pageSize || complete) {
      atEnd = true;
      dropAhead();
    } else {
      offset += size - OVERLAP;
    }
  }

  /** Rows moved up past the edge: reads backwards until a page starts with a row that was there. */
  private void stepBack() {
    dropAhead();
    window = 0;
    boolean joined = false;
    PageReader.Page<T> page = PageReader.Page.of(List.of());
    while (!joined) {
      offset = Math.max(0, offset - (pageSize - OVERLAP));
      page = read(offset);
      joined = offset == 0 || startsKnown(page);
      accept(page);
    }
    advance(page);
  }

  private boolean startsKnown(PageReader.Page<T> page) {
    return !page.rows().isEmpty() && seen.contains(id.apply(page.rows().get(0)));
  }

  private void accept(PageReader.Page<T> page) {
    total = page.total();
    boolean fresh = false;
    for (T row : page.rows()) {
      if (seen.add(id.apply(row))) {
        rows.add(row);
        fresh = true;
      }
    }
    List<String> ids = fresh ? List.of() : page.rows().stream().map(id).toList();
    repeats = !ids.isEmpty() && ids.equals(lastIds) ? repeats + 1 : 0;
    lastIds = ids;
    if (repeats >= MOST_REPEATS || ++pages > MOST_PAGES) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              "Provider", "list", "the same page comes again and again (offset " + offset + ")"),
          null);
    }
  }

  private PageReader.Page<T> read(int at) {
    return reader.read(at, pageSize);
  }

  /** The first two pages come one by one; behind them the window doubles up to its limit. */
  private void readAhead() {
    if (atEnd || mostAhead < 2) {
      return;
    }
    if (ahead.isEmpty()) {
      aheadOffset = offset;
    }
    if (pages > 1) {
      window = Math.min(mostAhead, Math.max(2, window * 2));
    }
    long most = Math.min(window, pagesWanted());
    while (ahead.size() < most && (total < 0 || aheadOffset < total)) {
      int at = aheadOffset;
      ahead.add(threads.submit(() -> read(at)));
      aheadOffset += pageSize - OVERLAP;
    }
  }

  /** Pages that bring the rows still wanted beyond those at hand, each page one row short. */
  private long pagesWanted() {
    long missing = wanted.getAsLong() - rows.size();
    return missing <= 0 ? 0 : (missing - 1) / (pageSize - OVERLAP) + 1;
  }

  private void dropAhead() {
    ahead.forEach(page -> page.cancel(true));
    ahead.clear();
  }

  private PageReader.Page<T> take(Future<PageReader.Page<T>> page) {
    try {
      return page.get();
    } catch (InterruptedException e) {
      dropAhead();
      page.cancel(true);
      Thread.currentThread().interrupt();
      throw interrupted.get();
    } catch (ExecutionException e) {
      dropAhead();
      throw rethrown(e.getCause());
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException e) {
      return e;
    }
    return new IllegalStateException(cause);
  }
}
