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
 * Walks a list whose rows move while it is read. Each page starts with the last row of the page
 * before. Rows that were pushed down are read twice and dropped by their ids. If the page does not
 * start with a known row, rows have moved up past its start: the walk steps back until a page
 * starts with a known row. Since only such pages are accepted, no row before a known row is missed.
 * Without this overlap, rows that move may be missed.
 *
 * <p>The walk ends at a page without a new row, or when the provider's total is reached. A short
 * page does not end it: some providers return fewer rows than they are asked for. Rows without an
 * id are counted but not returned. {@link PagesAhead} decides how many pages are read ahead.
 */
final class PageWalk<T> extends PagedRows<T> {
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;
  private static final int MOST_RETURNS = 30;
  private static final int MOST_UNREADABLE = 100;

  private final String provider;
  private final int pageSize;
  private final int usualOverlap;
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

  /**
   * @param overlap how many rows of a page the next page repeats
   */
  PageWalk(
      String provider,
      int pageSize,
      int overlap,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      ExecutorService threads,
      PagesAhead pagesAhead,
      LeftOutRows leftOut) {
    if (pageSize <= overlap) {
      throw new IllegalArgumentException(
          "page size is " + pageSize + ": it must be at least " + (overlap + 1));
    }
    this.provider = provider;
    this.pageSize = pageSize;
    this.usualOverlap = overlap;
    this.step = pageSize - overlap;
    this.id = id;
    this.reader = reader;
    this.threads = threads;
    this.pagesAhead = pagesAhead;
    this.leftOut = leftOut;
  }

  @Override
  public boolean isNextAtHand() {
    ReadAhead<PageReader.Page<T>> next = ahead.peek();
    return super.isNextAtHand() || (next != null && next.isDone());
  }

  @Override
  protected void readNext() {
    pagesAhead.isAsked();
    ReadAhead<PageReader.Page<T>> begun = ahead.poll();
    // Without a total, this page may be the last one.
    if (pages == 0 || total >= 0) {
      readAhead(offset + step);
    }
    PageReader.Page<T> page = begun == null ? read(offset) : take(begun);
    isSameElsewhere = false;
    for (int back = step; offset > 0 && !startsKnown(page); back *= 2) {
      isSameElsewhere |= idsOf(page).equals(lastIds);
      dropAhead();
      offset = Math.max(0, offset - back);
      page = read(offset);
    }
    accept(page);
    advance(page);
    readAhead(offset);
  }

  /** A row without an id counts as known if the page before ended with such a row. */
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

  /** Whether the provider ignores offset and limit, and returns the whole list each time. */
  private boolean isUnpaged() {
    if (repeats == 0) {
      return false;
    }
    if (offset == 0 && !isSameElsewhere) {
      // The walk is back at the start because rows moved. An unchanged first page says nothing
      // about the other pages.
      if (repeats < MOST_RETURNS) {
        return false;
      }
      throw repeating();
    }
    if (lastIds.stream().allMatch(Objects::isNull)) {
      // Pages without a readable row all look the same; there may be a few of them.
      if (repeats < MOST_UNREADABLE) {
        return false;
      }
      throw repeating();
    }
    boolean mayBe = total < 0 && lastIds.size() != pageSize;
    if (!mayBe && repeats < MOST_REPEATS) {
      return false;
    }
    // New rows may also push the same page down as fast as pages are read: check with page 0.
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
            provider,
            "list",
            "the provider returns the same page again and again (offset " + offset + ")"),
        null);
  }

  /** Moves to the next page, or ends the walk at the last one. */
  private void advance(PageReader.Page<T> page) {
    int size = page.rows().size();
    if (isLast(size) || isUnpaged()) {
      end();
      dropAhead();
      return;
    }
    // After a page of a single row, an overlap would read the same page again.
    overlap = Math.min(usualOverlap, size - 1);
    edgeIsUnreadable = idOf(page.rows().get(size - 1)) == null;
    if (size - overlap != step) {
      dropAhead();
      step = size - overlap;
    }
    offset += step;
  }

  /** A total that is smaller than what was read is wrong, and does not end the walk. */
  private boolean isLast(int size) {
    return size <= overlap || ((long) offset + size == total && repeats == 0);
  }

  private PageReader.Page<T> read(int at) {
    return reader.read(at, pageSize);
  }

  /** {@code next} is the offset to begin with if nothing is read ahead. */
  private void readAhead(int next) {
    if (ahead.isEmpty()) {
      aheadOffset = next;
    }
    while (!isAtEnd()
        && (ahead.isEmpty() || mayBeLong())
        && (pages > 0 || pagesAhead.isCertain())
        && (total < 0 || aheadOffset + usualOverlap < total)
        && pagesAhead.isAnother(ahead.size())) {
      int at = aheadOffset;
      ahead.add(ReadAhead.begin(provider, threads, () -> read(at)));
      aheadOffset += step;
    }
  }

  /** Whether there may be more than one further page: a short page is usually the last one. */
  private boolean mayBeLong() {
    return pages == 0 || total >= 0 || lastIds.size() == pageSize;
  }

  private void dropAhead() {
    ahead.forEach(ReadAhead::cancel);
    ahead.clear();
  }

  private PageReader.Page<T> take(ReadAhead<PageReader.Page<T>> page) {
    try {
      return page.get(ahead);
    } catch (RuntimeException e) {
      dropAhead();
      throw e;
    }
  }
}
