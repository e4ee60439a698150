package dev.redrive.baanx;

import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.BaanxWire.Events;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the records of events by their business ids. */
final class EventRecords {
  /** The statuses whose lists to search, in this order; null is the list of all events. */
  private static final List<@Nullable String> EVENT_LISTS =
      Arrays.asList(null, "failed", "completed", "processing", "pending");

  private final BaanxApi api;

  EventRecords(BaanxApi api) {
    this.api = api;
  }

  /** Returns the records by business id. A business id with several records is left out. */
  Map<String, EventRow> find(Set<String> businessIds) {
    var found = new HashMap<String, EventRow>();
    var ambiguous = new HashSet<String>();
    for (String status : EVENT_LISTS) {
      if (found.keySet().containsAll(businessIds)) {
        break;
      }
      Events list = api.listEvents(status, BaanxApi.MOST_ROWS).get();
      for (EventRow event : list.events()) {
        if (event != null && event.eventId() != null) {
          EventRow other = found.putIfAbsent(event.eventId(), event);
          if (other != null && !other.id().equals(event.id())) {
            ambiguous.add(event.eventId());
          }
        }
      }
      if (status == null && list.total() != null && list.notShown() == 0) {
        break;
      }
    }
    found.keySet().removeAll(ambiguous);
    return found;
  }
}
