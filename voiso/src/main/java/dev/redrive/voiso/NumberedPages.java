package dev.redrive.voiso;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.http.SeenIds;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Walks a list that is paged by number and moves while it is read. Such pages cannot overlap: a row
 * that leaves pulls one across the edge between a page that was read and the next. So a list of
 * more than one page is read forwards, backwards, and so on, until a pass still shows every row of
 * the pass before: then none had left, and none was skipped. Forwards, rows that come do no harm;
 * backwards, rows that leave do none, so that a caller that sends failures again as they come has
 * them all after two passes. A list that does not move is read twice.
 */
final class NumberedPages<T> implements Iterator<T> {
  private static final int MOST_PAGES = 1_000_000;
  private static final int MOST_REPEATS = 3;

  private final int pageSize;
  private final Function<T, String> id;
  private final IntFunction<List<T>> reader;
  private final int mostPasses;

  private final SeenIds seen = new SeenIds();
  private final ArrayDeque<T> rows = new ArrayDeque<>();
  private Pass before = new Pass();
  private Pass pass = new Pass();
  private int passes = 1;
  private int number = 1;
  private boolean forwards = true;
  private int pages;
  private int repeats;
  private List<String> lastIds = List.of();
  private boolean atEnd;
  private boolean complete;

  /**
   * @param reader reads the page of a number, counted from 1
   * @param mostPasses how often the list is read at the most; a list that does not come to rest
   *     ends then, and is not {@link #isComplete}
   */
  NumberedPages(int pageSize, Function<T, String> id, IntFunction<List<T>> reader, int mostPasses) {
    this.pageSize = pageSize;
    this.id = id;
    this.reader = reader;
    this.mostPasses = mostPasses;
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

  /** Whether the walk ended with evidence that no row was skipped. */
  boolean isComplete() {
    return complete;
  }

  private void readNext() {
    List<T> page = reader.apply(number);
    List<String> ids = page.stream().map(id).toList();
    checkProgress(ids);
    for (int i = 0; i < ids.size(); i++) {
      if (seen.add(ids.get(i))) {
        rows.add(page.get(i));
      }
    }
    pass.add(ids, before);
    boolean isLast = ids.size() < pageSize;
    if (number == 1 && isLast) {
      atEnd = true;
      complete = true;
    } else if (forwards && isLast) {
      turn(ids, number - 1);
    } else if (!forwards && number == 1) {
      turn(ids, 2);
    } else {
      number += forwards ? 1 : -1;
    }
  }

  /** Ends a pass; the page that it ends with is the first of the next one. */
  private void turn(List<String> ids, int next) {
    complete = passes > 1 && pass.holds(before);
    atEnd = complete || passes == mostPasses;
    passes++;
    forwards = !forwards;
    number = next;
    before = pass;
    pass = new Pass();
    pass.add(ids, before);
  }

  private void checkProgress(List<String> ids) {
    repeats = !ids.isEmpty() && ids.equals(lastIds) ? repeats + 1 : 0;
    lastIds = ids;
    if (repeats >= MOST_REPEATS || ++pages > MOST_PAGES) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              VoisoClient.DISPLAY_NAME,
              "list failures",
              "the same page comes again and again (page " + number + ")"),
          null);
    }
  }

  /** The rows that one reading of the list showed. */
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
