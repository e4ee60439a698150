package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list that moves while it is read. Each page starts with the last row of the page before:
 * rows that were pushed down come twice and are dropped by id; where that row is gone, rows have
 * moved up past the page's edge, and the walk steps back until a page starts with a row that it
 * knows. Only such pages are taken: so every row before a known one is known too. The walk ends at
 * a page without another row, or where a told total is reached: a short page may just be what the
 * provider gives at once. Rows without an id are counted, not yielded. How many pages are read
 * ahead is up to {@link PagesAhead}.
 */
final class PageWalk<T> extends PagedRows<T> {
  private static final int OVERLAP = 1;
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;
  private static final int MOST_RETURNS = 30;
  private static final int MOST_UNREADABLE = 100;

  private final String provider;
  private final int pageSize;
  private final Function<T, @Nullable String> id;
  private final PageReader<T> reader;
  private final ExecutorService threads;
  private final PagesAhead pagesAhead;
  private final LeftOutRows leftOut;

  private final SeenIds seen = new SeenIds();
  private final ArrayDeque<ReadAhead<PageReader.Page<T>>> ahead = new ArrayDeque<>();
  private int offset;
  private int step;
  private int overlap;
  private boolean edgeIsUnreadable;
  private boolean isSameElsewhere;
  private int aheadOffset;
  private long total = -1;
  private int pages;
  private int repeats;
  private List<@Nullable String> lastIds = List.of();

  PageWalk(
      String provider,
      int pageSize,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      ExecutorService threads,
      PagesAhead pagesAhead,
      LeftOutRows leftOut) {
    if (pageSize <= OVERLAP) {
      throw new IllegalArgumentException("pages of " + pageSize + " cannot overlap");
    }
    this.provider = provider;
    this.pageSize = pageSize;
    this.step = pageSize - OVERLAP;
    this.id = id;
    this.reader = reader;
    this.threads = threads;
    this.pagesAhead = pagesAhead;
    this.leftOut = leftOut;
  }

  @Override
  protected void readNext() {
    readAhead();
    PageReader.Page<T> page = ahead.isEmpty() ? read(offset) : take(ahead.remove());
    isSameElsewhere = false;
    for (int back = step; offset > 0 && !startsKnown(page); back *= 2) {
      isSameElsewhere |= idsOf(page).equals(lastIds);
      dropAhead();
      offset = Math.max(0, offset - back);
      page = read(offset);
    }
    accept(page);
    advance(page);
    pagesAhead.pageTaken();
    readAhead();
  }

  /** Of rows without an id, one where one was expected has to do. */
  private boolean startsKnown(PageReader.Page<T> page) {
    if (overlap == 0) {
      return true;
    }
    if (page.rows().isEmpty()) {
      return false;
    }
    String first = idOf(page.rows().get(0));
    return first == null ? edgeIsUnreadable : seen.contains(first);
  }

  private void accept(PageReader.Page<T> page) {
    total = page.total();
    List<@Nullable String> ids = idsOf(page);
    for (int i = 0; i < ids.size(); i++) {
      String rowId = ids.get(i);
      T row = page.rows().get(i);
      if (row == null || rowId == null) {
        if (i >= overlap) {
          leftOut.addUnreadable();
        }
      } else if (seen.add(rowId)) {
        add(row);
      }
    }
    repeats = !ids.isEmpty() && ids.equals(lastIds) ? repeats + 1 : 0;
    lastIds = ids;
    if (++pages > MOST_PAGES) {
      throw repeating();
    }
  }

  /** A list that comes whole, whatever was asked for; the provider tells no total to end it by. */
  private boolean isUnpaged() {
    if (repeats == 0) {
      return false;
    }
    if (offset == 0 && !isSameElsewhere) {
      // The walk is back at the start, where rows come and go: that the first page is the same as
      // before tells nothing of the others.
      if (repeats < MOST_RETURNS) {
        return false;
      }
      throw repeating();
    }
    if (lastIds.stream().allMatch(Objects::isNull)) {
      // Pages on which nothing can be read look alike; there cannot be many of them.
      if (repeats < MOST_UNREADABLE) {
        return false;
      }
      throw repeating();
    }
    boolean mayBe = total < 0 && lastIds.size() != pageSize;
    if (!mayBe && repeats < MOST_REPEATS) {
      return false;
    }
    // Rows that arrive just as fast as pages are read push the same page on, too.
    boolean ignoresOffset = idsOf(read(0)).equals(lastIds);
    if (ignoresOffset && !mayBe) {
      throw repeating();
    }
    repeats = 0;
    return ignoresOffset;
  }

  private List<@Nullable String> idsOf(PageReader.Page<T> page) {
    var ids = new ArrayList<@Nullable String>(page.rows().size());
    page.rows().forEach(row -> ids.add(idOf(row)));
    return ids;
  }

  private @Nullable String idOf(@Nullable T row) {
    String rowId = row == null ? null : id.apply(row);
    return rowId == null || rowId.isBlank() ? null : rowId;
  }

  private MalformedResponseException repeating() {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(
            provider, "list", "the same page comes again and again (offset " + offset + ")"),
        null);
  }

  /** Goes on behind a page, or ends the walk at the last one. */
  private void advance(PageReader.Page<T> page) {
    int size = page.rows().size();
    if (isLast(size) || isUnpaged()) {
      end();
      dropAhead();
      return;
    }
    // Where a page is a single row, the next one cannot start with it.
    overlap = Math.min(OVERLAP, size - 1);
    edgeIsUnreadable = idOf(page.rows().get(size - 1)) == null;
    if (size - overlap != step) {
      dropAhead();
      step = size - overlap;
    }
    offset += step;
  }

  /** A total before a page's end is no evidence of anything. */
  private boolean isLast(int size) {
    return size <= overlap || ((long) offset + size == total && repeats == 0);
  }

  private PageReader.Page<T> read(int at) {
    return reader.read(at, pageSize);
  }

  private void readAhead() {
    if (ahead.isEmpty()) {
      aheadOffset = offset;
    }
    while (!isAtEnd()
        && (pages > 0 || pagesAhead.isCertain(ahead.size() + 1))
        && (total < 0 || aheadOffset + OVERLAP < total)
        && pagesAhead.isAnother(ahead.size())) {
      int at = aheadOffset;
      ahead.add(ReadAhead.begin(provider, threads, () -> read(at)));
      aheadOffset += step;
    }
  }

  private void dropAhead() {
    ahead.forEach(ReadAhead::cancel);
    ahead.clear();
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
