package dev.redrive.http;

import java.util.ArrayDeque;
import java.util.NoSuchElementException;

/**
 * Rows that are read page by page, as the caller needs them.
 *
 * @param <T> the rows
 */
public abstract class PagedRows<T> implements PageReader.Rows<T> {
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private boolean atEnd;

  /** Creates rows that start before the first page. */
  protected PagedRows() {}

  /** Reads the next page: calls {@link #add} for its rows, and {@link #end} if it is the last. */
  protected abstract void readNext();

  /** Adds a row to those that are returned. */
  protected final void add(T row) {
    rows.add(row);
  }

  /** Ends the list: no further page is read. */
  protected final void end() {
    atEnd = true;
  }

  /** Whether the last page was read. */
  protected final boolean isAtEnd() {
    return atEnd;
  }

  @Override
  public final boolean hasNext() {
    while (rows.isEmpty() && !atEnd) {
      readNext();
    }
    return !rows.isEmpty();
  }

  @Override
  public final T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.remove();
  }

  @Override
  public boolean isNextAtHand() {
    return !rows.isEmpty();
  }
}
