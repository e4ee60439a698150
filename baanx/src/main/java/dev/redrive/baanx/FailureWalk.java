package dev.redrive.baanx;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.http.LeftOutRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks the failed events that Baanx shows, and reads their logs, several at once, but no more of
 * them than the caller still needs.
 */
final class FailureWalk implements Iterator<FailedDelivery> {
  private final DeliveryQuery query;
  private final Supplier<List<@Nullable EventRow>> failedEvents;
  private final EventReader reader;
  private final int atOnce;
  private final LeftOutRows leftOut;
  private final ArrayDeque<FailedDelivery> ready = new ArrayDeque<>();
  private @Nullable ArrayDeque<EventRow> events;
  private @Nullable NotFoundException gone;
  private boolean anyFound;
  private long left;

  FailureWalk(
      DeliveryQuery query,
      Supplier<List<@Nullable EventRow>> failedEvents,
      EventReader reader,
      int atOnce,
      LeftOutRows leftOut) {
    this.query = query;
    this.failedEvents = failedEvents;
    this.reader = reader;
    this.atOnce = atOnce;
    this.leftOut = leftOut;
    this.left = query.limit();
  }

  @Override
  public boolean hasNext() {
    if (events == null) {
      events = wanted(failedEvents.get());
    }
    while (ready.isEmpty() && left > 0 && !events.isEmpty()) {
      readSome(events);
    }
    // None of the events was found: the account or the API is wrong, so the list is not empty.
    if (ready.isEmpty() && gone != null && !anyFound) {
      throw gone;
    }
    return left > 0 && !ready.isEmpty();
  }

  @Override
  public FailedDelivery next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    left--;
    return ready.remove();
  }

  private ArrayDeque<EventRow> wanted(List<@Nullable EventRow> listed) {
    Set<String> types = query.eventTypes();
    Set<String> seen = new HashSet<>();
    var wanted = new ArrayDeque<EventRow>();
    for (EventRow event : listed) {
      if (event == null) {
        leftOut.addUnreadable();
        continue;
      }
      boolean matches =
          types.isEmpty() || event.eventType() == null || types.contains(event.eventType());
      if (matches && seen.add(event.id())) {
        wanted.add(event);
      }
    }
    return wanted;
  }

  private void readSome(ArrayDeque<EventRow> events) {
    var some = new ArrayList<EventRow>();
    while (some.size() < Math.min(atOnce, left) && !events.isEmpty()) {
      some.add(events.remove());
    }
    for (EventReader.EventLog log : reader.readEach(some)) {
      anyFound |= log.gone() == null;
      gone = log.gone() == null ? gone : log.gone();
      if (log.gone() == null && !log.isUnderWay()) {
        addFailures(log);
      }
    }
  }

  private void addFailures(EventReader.EventLog log) {
    Collection<Attempts> deliveries = Attempts.byWebhook(log.attempts()).values();
    if (log.anyUnclear()
        || deliveries.isEmpty()
        || deliveries.stream().anyMatch(Attempts::isUnclear)) {
      leftOut.addUnreadable();
    }
    if (log.anyUnclear()) {
      return;
    }
    deliveries.stream()
        .filter(Attempts::needRetry)
        .map(attempts -> FailedDelivery.of(attempts.newest()))
        .filter(delivery -> leftOut.matches(query, delivery))
        .forEach(ready::add);
  }
}
