package dev.redrive.baanx;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.NotFoundException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.BaanxWire.Events;
import dev.redrive.baanx.BaanxWire.LogRow;
import dev.redrive.baanx.BaanxWire.WebhookRow;
import dev.redrive.baanx.BaanxWire.Webhooks;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the webhooks, their logs, and the failed deliveries. */
final class BaanxListing {
  private static final Comparator<WebhookLog> NEWEST_FIRST =
      Comparator.comparing(
              WebhookLog::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
          .reversed();

  private final ProviderHttp http;
  private final BaanxApi api;
  private final BaanxMapper mapper;
  private final EventReader events;
  private final EventRecords records;
  private final DefaultWebhook webhook;

  BaanxListing(
      ProviderHttp http,
      BaanxApi api,
      BaanxMapper mapper,
      EventReader events,
      DefaultWebhook webhook) {
    this.http = http;
    this.api = api;
    this.mapper = mapper;
    this.events = events;
    this.records = new EventRecords(api);
    this.webhook = webhook;
  }

  List<Webhook> webhooks() {
    return api.listWebhooks().get().readable().stream().map(BaanxMapper::webhook).toList();
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    DeliveryQuery effective = webhook.applyTo(query, BaanxClient.DISPLAY_NAME, "list logs");
    return LeftOutRows.listing(
        leftOut -> Stream.of(effective).flatMap(q -> read(q, leftOut).stream()).iterator());
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    DeliveryQuery effective = webhook.applyTo(query, BaanxClient.DISPLAY_NAME, "list failures");
    return LeftOutRows.listing(
        leftOut ->
            new FailureWalk(
                effective, () -> failedEvents().events(), events, http.concurrency(), leftOut));
  }

  /** Reads how many failed events there are beyond those that the list shows. */
  long outOfSight() {
    return failedEvents().notShown();
  }

  private Events failedEvents() {
    return api.listEvents("failed", BaanxApi.MOST_ROWS).get();
  }

  /** An attempt, and the webhook in whose log it is listed. */
  private record Row(Recorded<LogRow> attempt, String webhookId) {
    @Nullable String businessId() {
      return attempt.value().eventId();
    }
  }

  /** Reads the attempts in the logs of the webhooks, newest first. */
  private List<WebhookLog> read(DeliveryQuery query, LeftOutRows leftOut) {
    List<Row> rows = query.webhookId() == null ? sweep(leftOut) : rows(query.webhookId(), leftOut);
    Map<String, EventRow> found =
        records.find(
            rows.stream()
                .map(Row::businessId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
    return rows.stream()
        .map(row -> log(row, found.get(row.businessId())))
        .filter(log -> leftOut.matches(query, log))
        .sorted(NEWEST_FIRST)
        .limit(query.limit())
        .toList();
  }

  /**
   * Reads one webhook after the other. There are at most five, and this way a refused key fails at
   * the first one.
   */
  private List<Row> sweep(LeftOutRows leftOut) {
    Webhooks webhooks = api.listWebhooks().get();
    for (long i = 0; i < webhooks.unreadable(); i++) {
      leftOut.addUnreadable();
    }
    return ids(webhooks).stream()
        .flatMap(webhookId -> rowsIfThere(webhookId, leftOut).stream())
        .toList();
  }

  private static List<String> ids(Webhooks webhooks) {
    return webhooks.readable().stream().map(WebhookRow::id).toList();
  }

  /**
   * Reads the rows of a webhook, which may have been deleted after it was listed. A 404 for a
   * webhook that is still listed is an error.
   */
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

  private WebhookLog log(Row row, @Nullable EventRow event) {
    return event == null
        ? mapper.log(row.attempt(), null, null, row.webhookId())
        : mapper.log(row.attempt(), event.id(), event.eventType(), row.webhookId());
  }
}
