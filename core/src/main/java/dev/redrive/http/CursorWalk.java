package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list whose pages each name the next one. A row that comes again is dropped by its id; one
 * without an id is counted, not yielded. Only the last page names no other: a page without rows
 * ends nothing. Nothing can be read ahead.
 */
final class CursorWalk<T> implements PageReader.Rows<T> {
  private final String provider;
  private final Function<T, @Nullable String> id;
  private final CursorReader<T> reader;
  private final LeftOutRows leftOut;
  private final SeenIds seen = new SeenIds();
  private final Set<String> cursors = new HashSet<>();
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private @Nullable String next;
  private boolean atEnd;

  CursorWalk(
      String provider,
      Function<T, @Nullable String> id,
      CursorReader<T> reader,
      LeftOutRows leftOut) {
    this.provider = provider;
    this.id = id;
    this.reader = reader;
    this.leftOut = leftOut;
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

  @Override
  public boolean isNextAtHand() {
    return !rows.isEmpty();
  }

  private void readNext() {
    CursorReader.Page<T> page = reader.read(next);
    page.rows().forEach(this::accept);
    String following = page.next();
    if (following != null && !cursors.add(following)) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              provider, "list", "a page names one that was read before as the next one"),
          null);
    }
    next = following;
    atEnd = following == null;
  }

  private void accept(@Nullable T row) {
    String rowId = row == null ? null : id.apply(row);
    if (row == null || rowId == null || rowId.isBlank()) {
      leftOut.addUnreadable();
    } else if (seen.add(rowId)) {
      rows.add(row);
    }
  }
}
