package dev.redrive.chatt2me;

import dev.redrive.DeliveryQuery;
import dev.redrive.NotFoundException;
import dev.redrive.chatt2me.Wire.LogRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ReadAhead;
import dev.redrive.http.Recorded;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Logs of one webhook after the other. Once the caller has shown that it wants more than a page,
 * the next webhooks are begun as soon as the ones before leave too little to read at once.
 *
 * @param <R> what is made of a log
 */
final class LogListing<R> implements Iterator<R> {
  private final ProviderHttp http;
  private final LogReader reader;
  private final Iterator<LogSource> sources;
  private final @Nullable FailedLogs failed;
  private final DeliveryQuery query;
  private final BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick;
  private final LeftOutRows leftOut;
  private final AtomicLong left;
  private final long enough;
  private final Deque<Turn> upcoming = new ArrayDeque<>();
  private @Nullable Turn turn;
  private @Nullable R next;
  private long looked;
  private boolean readsOn;

  /**
   * @param failed reads the failed logs; null for all logs
   * @param leftOut counts the rows that cannot be read
   * @param pick what to list for a log; null to leave it out
   */
  LogListing(
      ProviderHttp http,
      LogReader reader,
      @Nullable FailedLogs failed,
      DeliveryQuery query,
      LeftOutRows leftOut,
      BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick) {
    this.http = http;
    this.reader = reader;
    this.leftOut = leftOut;
    this.sources = reader.sources(query.webhookId(), leftOut);
    this.failed = failed;
    this.query = query;
    this.pick = pick;
    this.left = new AtomicLong(query.limit());
    this.enough = 2L * http.concurrency() * Chatt2meClient.PAGE_SIZE;
  }

  @Override
  public boolean hasNext() {
    while (next == null && left.get() > 0) {
      if (turn != null && hasRow(turn)) {
        next = turn.look();
      } else if (!upcoming.isEmpty()) {
        turn = upcoming.remove();
      } else if (sources.hasNext()) {
        // Who has read one webhook to its end will want all of the next.
        readsOn |= turn != null;
        turn = new Turn(sources.next(), 0);
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
    left.decrementAndGet();
    return picked;
  }

  private boolean hasRow(Turn current) {
    readsOn |= looked >= Chatt2meClient.PAGE_SIZE;
    if (readsOn && failed != null) {
      beginUpcoming(current);
    }
    return current.hasRow();
  }

  private void beginUpcoming(Turn current) {
    long expected = current.expected();
    for (Turn begun : upcoming) {
      expected += begun.expected();
    }
    while (expected < Math.min(enough, left.get())
        && upcoming.size() < http.concurrency() - 1
        && sources.hasNext()) {
      var another = new Turn(sources.next(), expected);
      another.begin();
      upcoming.add(another);
      expected += another.expected();
    }
  }

  /** One webhook's part of the listing. */
  private final class Turn {
    private final LogSource source;
    private final long sure;
    private final long there;
    private @Nullable ReadAhead<Iterator<Recorded<LogRow>>> begun;
    private @Nullable Iterator<Recorded<LogRow>> rows;
    private long taken;

    /**
     * @param before how many rows are expected from the webhooks before
     */
    Turn(LogSource source, long before) {
      this.source = source;
      this.sure = left.get() - before;
      this.there =
          readsOn && failed != null && query.since() == null
              ? Math.min(source.failedAtLeast(), sure)
              : 0;
    }

    void begin() {
      begun =
          http.ahead(
              () -> {
                Iterator<Recorded<LogRow>> read = read();
                boolean unused = read.hasNext();
                return read;
              });
    }

    /** How many rows are wanted of it: until its turn has come, what those before it leave. */
    private long wanted() {
      return rows == null ? sure : left.get();
    }

    /** How many more rows it will have, at least, as far as that is known. */
    long expected() {
      return query.since() == null ? Math.max(0, source.failedAtLeast() - taken) : 0;
    }

    boolean hasRow() {
      try {
        if (rows == null) {
          ReadAhead<Iterator<Recorded<LogRow>>> ahead = begun;
          begun = null;
          rows = ahead == null ? read() : ahead.get();
        }
        return rows.hasNext();
      } catch (NotFoundException e) {
        if (!source.swept() || !reader.isGone(source.webhookId())) {
          throw e;
        }
        // Deleted since it was listed, and its logs with it.
        rows = Collections.emptyIterator();
        return false;
      }
    }

    @Nullable R look() {
      if (rows == null) {
        throw new NoSuchElementException();
      }
      taken++;
      looked++;
      return pick.apply(rows.next(), source);
    }

    private Iterator<Recorded<LogRow>> read() {
      return failed == null
          ? reader.read(source.webhookId(), null, query.since(), this::wanted, there, leftOut)
          : failed.read(source, query.since(), this::wanted, there, leftOut);
    }
  }
}
