package dev.redrive.chatt2me;

import dev.redrive.DeliveryQuery;
import dev.redrive.NotFoundException;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ReadAhead;
import dev.redrive.http.Recorded;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lists the logs of one webhook after the other. The first pages of the next webhooks are read
 * ahead like the pages of one list: see {@link PagesAhead}.
 *
 * @param <R> the type of the listed rows
 */
final class WebhookSweep<R> implements Iterator<R> {
  private final ProviderHttp http;
  private final LogReader reader;
  private final Iterator<LogSource> sources;
  private final BiFunction<LogSource, PagesAhead, Iterator<Recorded<LogRow>>> read;
  private final BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick;
  private final PagesAhead ahead;
  private final Deque<Turn> upcoming = new ArrayDeque<>();
  private @Nullable Turn turn;
  private @Nullable R next;
  private long left;

  /**
   * @param sources the webhooks
   * @param read starts to read the logs of a webhook
   * @param pick returns the row to list for a log; null to leave it out
   */
  WebhookSweep(
      ProviderHttp http,
      LogReader reader,
      Iterator<LogSource> sources,
      DeliveryQuery query,
      BiFunction<LogSource, PagesAhead, Iterator<Recorded<LogRow>>> read,
      BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick) {
    this.http = http;
    this.reader = reader;
    this.sources = sources;
    this.read = read;
    this.pick = pick;
    this.ahead = http.pagesAhead(query);
    this.left = query.limit();
  }

  @Override
  public boolean hasNext() {
    while (next == null && left > 0) {
      beginUpcoming();
      if (turn != null && turn.hasRow()) {
        next = turn.look();
      } else if (!upcoming.isEmpty()) {
        turn = upcoming.remove();
      } else if (sources.hasNext()) {
        turn = new Turn(sources.next());
      } else {
        return false;
      }
    }
    return next != null;
  }

  @Override
  public R next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    R picked = next;
    next = null;
    left--;
    return picked;
  }

  private void beginUpcoming() {
    while (ahead.isAnother(upcoming.size()) && sources.hasNext()) {
      var another = new Turn(sources.next());
      another.begin();
      upcoming.add(another);
    }
  }

  /** The part of the listing that is from one webhook. */
  private final class Turn {
    private final LogSource source;
    private @Nullable ReadAhead<Iterator<Recorded<LogRow>>> begun;
    private @Nullable Iterator<Recorded<LogRow>> rows;

    Turn(LogSource source) {
      this.source = source;
    }

    void begin() {
      begun =
          http.ahead(
              () -> {
                Iterator<Recorded<LogRow>> logs = read();
                boolean unused = logs.hasNext();
                return logs;
              });
    }

    boolean hasRow() {
      try {
        if (rows == null) {
          ReadAhead<Iterator<Recorded<LogRow>>> reading = begun;
          begun = null;
          rows = reading == null ? read() : reading.get();
        }
        return rows.hasNext();
      } catch (NotFoundException e) {
        if (!source.swept() || !reader.isGone(source.webhookId())) {
          throw e;
        }
        // The webhook was deleted after it was listed, so its logs cannot be read.
        rows = Collections.emptyIterator();
        return false;
      }
    }

    @Nullable R look() {
      if (rows == null) {
        throw new NoSuchElementException();
      }
      return pick.apply(rows.next(), source);
    }

    private Iterator<Recorded<LogRow>> read() {
      return read.apply(source, ahead);
    }
  }
}
