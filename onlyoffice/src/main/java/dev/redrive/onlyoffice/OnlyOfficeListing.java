package dev.redrive.onlyoffice;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.ProviderText;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.onlyoffice.OnlyOfficeWire.WebhookList;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the webhooks, their logs, and the failed deliveries. */
final class OnlyOfficeListing {
  /** The sum of NotSent 1, Status3xx 4, Status4xx 8 and Status5xx 16 of WebhookGroupStatus. */
  private static final int FAILURES = 29;

  private final ProviderHttp http;
  private final OnlyOfficeApi api;
  private final OnlyOfficeMapper mapper;
  private final PortalLogs logs;
  private final PortalZone zone;
  private final DefaultWebhook webhook;

  OnlyOfficeListing(
      ProviderHttp http,
      OnlyOfficeApi api,
      OnlyOfficeMapper mapper,
      PortalLogs logs,
      DefaultWebhook webhook) {
    this.http = http;
    this.api = api;
    this.mapper = mapper;
    this.logs = logs;
    this.zone = logs.zone();
    this.webhook = webhook;
  }

  List<Webhook> webhooks() {
    return api.listWebhooks().get().response().stream().map(OnlyOfficeMapper::webhook).toList();
  }

  List<OnlyOfficeWebhook> webhookConfigurations() {
    WebhookList list = api.listWebhooks().get();
    if (list.response().stream().anyMatch(OnlyOfficeMapper::tellsLocalTimes)) {
      logs.learnZone();
    }
    return list.response().stream().map(mapper::configuration).toList();
  }

  List<OnlyOfficeTrigger> triggers() {
    return OnlyOfficeMapper.triggers(api.listTriggers().get());
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    Integer webhookId = webhookId(query);
    return LeftOutRows.listing(
        leftOut ->
            rows(null, webhookId, query, leftOut)
                .map(row -> log(row, webhookId, query))
                .filter(log -> leftOut.matches(query, log))
                .limit(query.limit())
                .iterator());
  }

  /** Lists the failed logs, and marks those whose event has a newer log that will be sent. */
  Listing<FailedDelivery> failures(DeliveryQuery query) {
    Integer webhookId = webhookId(query);
    return LeftOutRows.listing(
        leftOut -> {
          var open = new OpenEvents();
          return rows(FAILURES, webhookId, query, leftOut)
              .map(row -> marked(row, webhookId, query, open))
              .filter(log -> hasFailed(log, leftOut))
              .map(FailedDelivery::of)
              .filter(delivery -> leftOut.matches(query, delivery))
              .limit(query.limit())
              .iterator();
        });
  }

  private @Nullable Integer webhookId(DeliveryQuery query) {
    String asked = webhook.applyTo(query).webhookId();
    Integer id = PortalId.parse(asked);
    if (asked != null && id == null) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(
              OnlyOfficeClient.DISPLAY_NAME,
              "list logs",
              "the webhook id \""
                  + ProviderText.clean(asked, 40)
                  + "\" is invalid: use one of the positive numbers that webhooks() lists"),
          null);
    }
    return id;
  }

  /**
   * Reads the rows back to the start of the query. The walk ends after a page's worth of
   * consecutive older rows. That is safe because the portal lists by descending id and assigns ids
   * as it records logs. Only differences between the clocks of a cluster can change the order of
   * times, and only among a few adjacent rows.
   */
  private Stream<PortalLog> rows(
      @Nullable Integer groupStatus,
      @Nullable Integer webhookId,
      DeliveryQuery query,
      LeftOutRows leftOut) {
    Stream<PortalLog> rows =
        logs.pages(groupStatus, webhookId, http.pagesAhead(query), leftOut).stream();
    Instant since = query.since();
    if (since == null) {
      return rows;
    }
    var older = new OlderRows(PortalLogs.PAGE_SIZE);
    return rows.takeWhile(row -> older.goesOn(zone.latestTime(row), since));
  }

  private WebhookLog log(PortalLog row, @Nullable Integer webhookId, DeliveryQuery query) {
    return zone.decides(row, query) ? mapper.undated(row, webhookId) : mapper.log(row, webhookId);
  }

  private WebhookLog marked(
      PortalLog row, @Nullable Integer webhookId, DeliveryQuery query, OpenEvents open) {
    WebhookLog log = log(row, webhookId, query);
    Instant next = open.look(log);
    return next == null || log.nextRetryAt() != null || zone.decides(row, query)
        ? log
        : mapper.log(row, webhookId, next);
  }

  /** Whether a log has failed. If its status is unknown, it is counted as unreadable. */
  private static boolean hasFailed(WebhookLog log, LeftOutRows leftOut) {
    if (log.status() == DeliveryStatus.UNKNOWN) {
      leftOut.addUnreadable();
    }
    return log.status() == DeliveryStatus.FAILED;
  }
}
