package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list in which each page names the next one. A row whose id was seen before is dropped; a
 * row without an id is counted but not returned. The walk ends at the page that names no next one:
 * a page without rows does not end it. Pages cannot be read ahead.
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
    if (page.rows() == null) {
      throw malformed("the response has no list");
    }
    page.rows().forEach(this::accept);
    String following = page.next();
    if (following != null && !cursors.add(following)) {
      throw malformed("the next page is one that was read before");
    }
    next = following;
    if (following == null) {
      end();
    }
  }

  private MalformedResponseException malformed(String why) {
    return new MalformedResponseException(FailedCall.withoutAnswer(provider, "list", why), null);
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
