package dev.redrive.http;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.WebhookLog;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Counts the rows that one iteration of a listing reads but does not list. Thread-safe: other
 * threads read pages ahead, and a caller may ask for the counts meanwhile.
 */
public final class LeftOutRows {
  private final AtomicLong undated = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();

  /**
   * Returns a listing that knows what its latest iteration left out.
   *
   * @param begin starts an iteration, which counts the rows that it leaves out
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

  /**
   * Returns a listing of the logs that match a query.
   *
   * @param begin starts to read logs, and counts the rows that it leaves out
   */
  public static Listing<WebhookLog> logs(
      DeliveryQuery query, Function<LeftOutRows, Stream<WebhookLog>> begin) {
    return listing(
        leftOut ->
            begin
                .apply(leftOut)
                .filter(log -> leftOut.matches(query, log))
                .limit(query.limit())
                .iterator());
  }

  /**
   * Returns a listing of the failures that match a query.
   *
   * @param begin starts to read logs, those that did not fail among them, and counts the rows that
   *     it leaves out. A log whose status is unknown may have failed, so it is counted, too
   */
  public static Listing<FailedDelivery> failures(
      DeliveryQuery query, Function<LeftOutRows, Stream<WebhookLog>> begin) {
    return listing(
        leftOut ->
            begin
                .apply(leftOut)
                .filter(leftOut::hasFailed)
                .map(FailedDelivery::of)
                .filter(delivery -> leftOut.matches(query, delivery))
                .limit(query.limit())
                .iterator());
  }

  private boolean hasFailed(WebhookLog log) {
    if (log.status() == DeliveryStatus.UNKNOWN) {
      addUnreadable();
    }
    return log.status() == DeliveryStatus.FAILED;
  }

  /** Whether to list a log. A log that is left out because it has no readable time is counted. */
  public boolean matches(DeliveryQuery query, WebhookLog log) {
    if (query.cannotDate(log)) {
      addUndated();
    }
    return query.matches(log);
  }

  /** Whether to list a failure. One that is left out because it has no readable time is counted. */
  public boolean matches(DeliveryQuery query, FailedDelivery delivery) {
    if (query.cannotDate(delivery)) {
      addUndated();
    }
    return query.matches(delivery);
  }

  /** Counts a row whose time is needed but cannot be read. */
  public void addUndated() {
    undated.incrementAndGet();
  }

  /** Counts a row that has no id or is not a record. */
  public void addUnreadable() {
    unreadable.incrementAndGet();
  }

  /** Returns the counts so far. */
  public Listing.LeftOut soFar() {
    return new Listing.LeftOut(undated.get(), unreadable.get());
  }
}
