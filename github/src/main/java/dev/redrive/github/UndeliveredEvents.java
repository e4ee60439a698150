package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PagedRows;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the failures among the deliveries to one webhook, which are read from the newest to the
 * oldest. An event with a delivery that succeeded has no failure. So a failed redelivery is held
 * back until the event's first delivery was read: one between them may have succeeded. Reading ends
 * where the deliveries are older than a bound, unless a failure is held back.
 */
final class UndeliveredEvents extends PagedRows<WebhookLog> {
  private final GithubMapper mapper;
  private final Webhook hook;
  private final Iterator<Recorded<DeliveryRow>> rows;
  private final @Nullable Instant since;
  private final LeftOutRows leftOut;
  private final OlderRows older = new OlderRows(GithubApi.PAGE_SIZE);
  private final Map<String, List<WebhookLog>> held = new LinkedHashMap<>();
  private final Set<String> delivered = new HashSet<>();

  UndeliveredEvents(
      GithubMapper mapper,
      Webhook hook,
      Stream<Recorded<DeliveryRow>> rows,
      @Nullable Instant since,
      LeftOutRows leftOut) {
    this.mapper = mapper;
    this.hook = hook;
    this.rows = rows.iterator();
    this.since = since;
    this.leftOut = leftOut;
  }

  @Override
  protected void readNext() {
    if (!rows.hasNext()) {
      // No older delivery is listed, so what is still held back is certain.
      held.values().forEach(logs -> logs.forEach(this::add));
      end();
      return;
    }
    Recorded<DeliveryRow> row = rows.next();
    if (!older.goesOn(row.value().time(), since) && held.isEmpty()) {
      end();
      return;
    }
    WebhookLog log = mapper.log(row, hook);
    if (log.status() == DeliveryStatus.UNKNOWN || log.eventId() == null) {
      // It may have failed, so the caller must know about it.
      leftOut.addUnreadable();
    } else {
      take(log, row.value().isFirst());
    }
  }

  private void take(WebhookLog log, boolean isFirst) {
    String event = log.lineage();
    if (log.status() == DeliveryStatus.SUCCEEDED) {
      held.remove(event);
      if (!isFirst) {
        delivered.add(event);
      }
    } else if (!delivered.contains(event)) {
      held.computeIfAbsent(event, key -> new ArrayList<>(1)).add(log);
    }
    List<WebhookLog> certain = isFirst ? held.remove(event) : null;
    if (certain != null) {
      certain.forEach(this::add);
    }
  }
}
