package dev.redrive.chatt2me;

import dev.redrive.DeliveryQuery;
import dev.redrive.NotFoundException;
import dev.redrive.chatt2me.Wire.LogRow;
import dev.redrive.http.Recorded;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Logs of one webhook after the other, each webhook read when its turn comes.
 *
 * @param <R> what is made of a log
 */
final class LogListing<R> implements Iterator<R> {
  private final LogReader reader;
  private final Iterator<LogSource> sources;
  private final @Nullable String status;
  private final DeliveryQuery query;
  private final BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick;
  private @Nullable LogSource source;
  private @Nullable Iterator<Recorded<LogRow>> rows;
  private @Nullable R next;
  private long left;
  private boolean readsOn;

  /**
   * @param status the status to ask the provider for; null for all
   * @param pick what to list for a log; null to leave it out
   */
  LogListing(
      LogReader reader,
      @Nullable String status,
      DeliveryQuery query,
      BiFunction<Recorded<LogRow>, LogSource, @Nullable R> pick) {
    this.reader = reader;
    this.sources = reader.sources(query.webhookId());
    this.status = status;
    this.query = query;
    this.pick = pick;
    this.left = query.limit();
  }

  @Override
  public boolean hasNext() {
    while (next == null && left > 0) {
      if (source != null && hasRow(source) && rows != null) {
        next = pick.apply(rows.next(), source);
      } else if (sources.hasNext()) {
        readsOn = source != null;
        source = sources.next();
        rows = null;
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

  private boolean hasRow(LogSource from) {
    try {
      if (rows == null) {
        // Who has read one webhook to its end will want all of the next.
        long there = readsOn && status != null ? Math.min(from.failedLogs(), left) : 0;
        rows = reader.read(from.webhookId(), status, query.since(), () -> left, there);
      }
      return rows.hasNext();
    } catch (NotFoundException e) {
      if (!from.swept() || !reader.isGone(from.webhookId())) {
        throw e;
      }
      // Deleted since it was listed, and its logs with it.
      source = null;
      return false;
    }
  }
}
