package dev.redrive.voiso;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PagedRows;
import dev.redrive.http.SeenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list that is paged by number and whose rows move while it is read. Such pages cannot
 * overlap: when a row leaves the list, the first row of the next page moves to the page that was
 * just read, and is missed. So a list of more than one page is read forwards, then backwards, and
 * so on, until a pass shows all rows of the pass before. Then no row had left, and none was missed.
 *
 * <p>New rows do no harm to a forward pass, and leaving rows do none to a backward pass. So a
 * caller that retries failures while it reads them has them all after two passes. A list that does
 * not move is read twice. A pass ends at an empty page: a short page does not end it, because the
 * provider may return fewer rows than requested.
 */
final class NumberedPages<T> extends PagedRows<T> {
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;

  private final int pageSize;
  private final Function<T, @Nullable String> id;
  private final IntFunction<List<@Nullable T>> reader;
  private final int mostPasses;
  private final LeftOutRows leftOut;

  private final SeenIds seen = new SeenIds();
  private Pass before = new Pass();
  private Pass pass = new Pass();
  private int passes = 1;
  private int number = 1;
  private boolean forwards = true;
  private int pages;
  private int repeats;
  private List<String> lastIds = List.of();
  private int lastSize;
  private boolean complete;
  private boolean anyUnreadable;

  /**
   * @param reader reads a page by its number, which starts at 1
   * @param mostPasses the most times that the list is read. If it still moves then, the walk ends
   *     and is not {@link #isComplete}
   * @param leftOut counts the rows that cannot be read
   */
  NumberedPages(
      int pageSize,
      Function<T, @Nullable String> id,
      IntFunction<List<@Nullable T>> reader,
      int mostPasses,
      LeftOutRows leftOut) {
    this.pageSize = pageSize;
    this.id = id;
    this.reader = reader;
    this.mostPasses = mostPasses;
    this.leftOut = leftOut;
  }

  /** Whether the walk ended with evidence that no row was missed, and all rows were readable. */
  boolean isComplete() {
    return complete && !anyUnreadable;
  }

  @Override
  protected void readNext() {
    List<@Nullable T> page = reader.apply(number);
    List<String> ids = accept(page);
    boolean isSame = !page.isEmpty() && page.size() == lastSize && ids.equals(lastIds);
    repeats = isSame ? repeats + 1 : 0;
    lastIds = ids;
    lastSize = page.size();
    boolean isUnpaged = isSame && passes == 1 && number == 2 && page.size() != pageSize;
    if (isUnpaged || (number == 1 && page.isEmpty())) {
      end();
      complete = true;
      return;
    }
    checkProgress();
    pass.add(ids, before);
    if (forwards && page.isEmpty()) {
      turn(ids, number - 1);
    } else if (!forwards && number == 1) {
      turn(ids, 2);
    } else {
      number += forwards ? 1 : -1;
    }
  }

  /** Adds the new rows of a page. Returns the ids of all its readable rows. */
  private List<String> accept(List<@Nullable T> page) {
    var ids = new ArrayList<String>(page.size());
    for (T row : page) {
      String rowId = row == null ? null : id.apply(row);
      if (row == null || rowId == null || rowId.isBlank()) {
        anyUnreadable = true;
        if (passes == 1) {
          leftOut.addUnreadable();
        }
        continue;
      }
      ids.add(rowId);
      if (seen.add(rowId)) {
        add(row);
      }
    }
    return ids;
  }

  /** Ends a pass. Its last page is also the first page of the next pass. */
  private void turn(List<String> ids, int next) {
    complete = passes > 1 && pass.holds(before);
    if (complete || passes == mostPasses) {
      end();
    }
    passes++;
    forwards = !forwards;
    number = next;
    before = pass;
    pass = new Pass();
    pass.add(ids, before);
  }

  private void checkProgress() {
    if (repeats >= MOST_REPEATS || ++pages > MOST_PAGES) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              VoisoClient.DISPLAY_NAME,
              "list failures",
              "the provider returns the same page again and again (page " + number + ")"),
          null);
    }
  }

  /** The rows that one pass showed. */
  private static final class Pass {
    private final SeenIds ids = new SeenIds();
    private int count;
    private int shared;

    void add(List<String> page, Pass before) {
      for (String row : page) {
        if (ids.add(row)) {
          count++;
          shared += before.ids.contains(row) ? 1 : 0;
        }
      }
    }

    boolean holds(Pass before) {
      return shared == before.count;
    }
  }
}
