package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list whose pages each name the next one. A row that comes again is dropped by its id; one
 * without an id is counted, not yielded. Only the last page names no other: a page without rows
 * ends nothing. Nothing can be read ahead.
 */
final class CursorWalk<T> extends PagedRows<T> {
  private final String provider;
  private final Function<T, @Nullable String> id;
  private final CursorReader<T> reader;
  private final LeftOutRows leftOut;
  private final SeenIds seen = new SeenIds();
  private final Set<String> cursors = new HashSet<>();
  private @Nullable String next;

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
  protected void readNext() {
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
    if (following == null) {
      end();
    }
  }

  private void accept(@Nullable T row) {
    String rowId = row == null ? null : id.apply(row);
    if (row == null || rowId == null || rowId.isBlank()) {
      leftOut.addUnreadable();
    } else if (seen.add(rowId)) {
      add(row);
    }
  }
}
