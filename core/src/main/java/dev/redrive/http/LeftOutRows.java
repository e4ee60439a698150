package dev.redrive.http;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.WebhookLog;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Counts the rows that one iteration of a listing meets and does not list. Safe to share between
 * threads: pages are read ahead on others, and a caller may look on while it goes on.
 */
public final class LeftOutRows {
  private final AtomicLong undated = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();

  /**
   * A listing that tells what its latest iteration left out.
   *
   * @param begin begins an iteration, which counts there what it leaves out
   */
  public static <T> Listing<T> listing(Function<LeftOutRows, Iterator<T>> begin) {
    return new Listing<>() {
      private volatile LeftOutRows latest = new LeftOutRows();

      @Override
      public Iterator<T> iterator() {
        var leftOut = new LeftOutRows();
        latest = leftOut;
        return begin.apply(leftOut);
      }

      @Override
      public LeftOut leftOut() {
        return latest.soFar();
      }
    };
  }

  /** Whether a log is to be listed; one that is left out for want of a time is counted. */
  public boolean matches(DeliveryQuery query, WebhookLog log) {
    if (query.cannotDate(log)) {
      addUndated();
    }
    return query.matches(log);
  }

  /** Whether a failure is to be listed; one that is left out for want of a time is counted. */
  public boolean matches(DeliveryQuery query, FailedDelivery delivery) {
    if (query.cannotDate(delivery)) {
      addUndated();
    }
    return query.matches(delivery);
  }

  /** Counts a row whose time is needed and cannot be read. */
  public void addUndated() {
    undated.incrementAndGet();
  }

  /** Counts a row without an id, or that is no record at all. */
  public void addUnreadable() {
    unreadable.incrementAndGet();
  }

  /** What was counted so far. */
  public Listing.LeftOut soFar() {
    return new Listing.LeftOut(undated.get(), unreadable.get());
  }
}
