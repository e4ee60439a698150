package dev.redrive.baanx;

import dev.redrive.DeliveryQuery;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads webhooks' logs, whose rows name events by business id, and finds the events' records. */
final class LogReader {
  /** The lists to look for an event in; the first is that of all events. */
  private static final List<@Nullable String> EVENT_LISTS =
      Arrays.asList(null, "failed", "completed", "processing", "pending");

  private static final Comparator<WebhookLog> NEWEST_FIRST =
      Comparator.comparing(
              WebhookLog::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
          .reversed();

  private final BaanxApi api;
  private final EventReader events;

  LogReader(BaanxApi api, EventReader events) {
    this.api = api;
    this.events = events;
  }

  /** An attempt, and the webhook in whose log it stands. */
  private record Row(Recorded<Wire.Attempt> attempt, String webhookId) {
    @Nullable String businessId() {
      return attempt.value().eventId();
    }
  }

  /** The attempts that the logs of the webhooks show, newest first. */
  List<WebhookLog> read(DeliveryQuery query, LeftOutRows leftOut) {
    List<Row> rows = query.webhookId() == null ? sweep(leftOut) : rows(query.webhookId(), leftOut);
    Map<String, Wire.Event> records = records(rows);
    return rows.stream()
        .map(row -> toLog(row, records.get(row.businessId())))
        .filter(log -> leftOut.matches(query, log))
        .sorted(NEWEST_FIRST)
        .limit(query.limit())
        .toList();
  }

  /** One webhook after the other: there are five at the most, and a refused key is told at once. */
  private List<Row> sweep(LeftOutRows leftOut) {
    Wire.Webhooks webhooks = api.listWebhooks().get();
    for (long i = 0; i < webhooks.unreadable(); i++) {
      leftOut.addUnreadable();
    }
    return ids(webhooks).stream()
        .flatMap(webhookId -> rowsIfThere(webhookId, leftOut).stream())
        .toList();
  }

  private static List<String> ids(Wire.Webhooks webhooks) {
    return webhooks.readable().stream().map(Wire.Webhook::id).toList();
  }

  /** A webhook may be deleted during a sweep; a 404 for one that is still listed is an error. */
  private List<Row> rowsIfThere(String webhookId, LeftOutRows leftOut) {
    try {
      return rows(webhookId, leftOut);
    } catch (NotFoundException e) {
      if (ids(api.listWebhooks().get()).contains(webhookId)) {
        throw e;
      }
      return List.of();
    }
  }

  private List<Row> rows(String webhookId, LeftOutRows leftOut) {
    var byId = new LinkedHashMap<String, Row>();
    for (var attempt : api.listLogs(webhookId, BaanxApi.MOST_ROWS).get().logs()) {
      if (attempt == null) {
        leftOut.addUnreadable();
      } else {
        byId.putIfAbsent(attempt.value().id(), new Row(attempt, webhookId));
      }
    }
    return List.copyOf(byId.values());
  }

  private WebhookLog toLog(Row row, Wire.@Nullable Event record) {
    return record == null
        ? events.toLog(row.attempt(), null, null, row.webhookId())
        : events.toLog(row.attempt(), record.id(), record.eventType(), row.webhookId());
  }

  /** Events by business id, as far as the lists show them and the business id is theirs alone. */
  private Map<String, Wire.Event> records(List<Row> rows) {
    Set<String> wanted =
        rows.stream().map(Row::businessId).filter(Objects::nonNull).collect(Collectors.toSet());
    var found = new HashMap<String, Wire.Event>();
    var ambiguous = new HashSet<String>();
    for (String status : EVENT_LISTS) {
      if (found.keySet().containsAll(wanted)) {
        break;
      }
      Wire.Events list = api.listEvents(status, BaanxApi.MOST_ROWS).get();
      for (Wire.Event event : list.events()) {
        if (event != null && event.eventId() != null) {
          Wire.Event other = found.putIfAbsent(event.eventId(), event);
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
