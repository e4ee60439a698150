package dev.redrive.http;

import java.util.ArrayDeque;
import java.util.NoSuchElementException;

/**
 * Rows that are read page by page, as they are asked for.
 *
 * @param <T> the rows
 */
public abstract class PagedRows<T> implements PageReader.Rows<T> {
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private boolean atEnd;

  /** For subclasses. */
  protected PagedRows() {}

  /** Reads one more page: {@link #add}s its rows, and {@link #end}s the list if it is the last. */
  protected abstract void readNext();

  /** Yields a row. */
  protected final void add(T row) {
    rows.add(row);
  }

  /** Reads no further page. */
  protected final void end() {
    atEnd = true;
  }

  /** Whether no further page is read. */
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
  public final boolean isNextAtHand() {
    return !rows.isEmpty();
  }
}
