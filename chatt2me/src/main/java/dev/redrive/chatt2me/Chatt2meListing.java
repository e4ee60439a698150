package dev.redrive.chatt2me;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.chatt2me.Chatt2meWire.WebhookRow;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.http.RequiredUuid;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists the webhooks of the application, their logs, and the failures among these. */
final class Chatt2meListing {
  private final ProviderHttp http;
  private final Chatt2meApi api;
  private final LogReader reader;
  private final FailedLogs failedLogs;
  private final Chatt2meMapper mapper;
  private final DefaultWebhook webhook;

  Chatt2meListing(
      ProviderHttp http,
      Chatt2meApi api,
      LogReader reader,
      Chatt2meMapper mapper,
      DefaultWebhook webhook) {
    this.http = http;
    this.api = api;
    this.reader = reader;
    this.failedLogs = new FailedLogs(reader);
    this.mapper = mapper;
    this.webhook = webhook;
  }

  List<Webhook> webhooks() {
    return webhookDetails().stream().map(Chatt2meMapper::neutral).toList();
  }

  List<Chatt2meWebhook> webhookDetails() {
    return LeftOutRows.listing(this::webhookRows).stream().map(Chatt2meMapper::webhook).toList();
  }

  Chatt2meWebhook webhook(String id) {
    return Chatt2meMapper.webhook(api.readWebhook(checked(id, "read webhook")).get());
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    return LeftOutRows.logs(
        ofAnyWebhook(query),
        leftOut ->
            sweep(
                query,
                leftOut,
                (source, ahead) ->
                    reader.read(source.webhookId(), null, query.since(), ahead, leftOut),
                row -> true));
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    return LeftOutRows.failures(
        ofAnyWebhook(query),
        leftOut ->
            sweep(
                query,
                leftOut,
                (source, ahead) -> failedLogs.read(source, query.since(), ahead, leftOut),
                row -> !Boolean.TRUE.equals(row.isDeleted())));
  }

  private Stream<WebhookLog> sweep(
      DeliveryQuery query,
      LeftOutRows leftOut,
      BiFunction<LogSource, PagesAhead, Iterator<Recorded<LogRow>>> read,
      Predicate<LogRow> isListed) {
    PagesAhead ahead = http.pagesAhead(query);
    return http.sweep(
        ahead,
        sources(query, leftOut),
        source -> read.apply(source, ahead),
        (source, notFound) -> source.swept() && reader.isGone(source.webhookId()),
        (source, rows) ->
            rows.filter(row -> isListed.test(row.value())).map(row -> mapper.log(row, source)));
  }

  /**
   * Returns the query without its webhook. The path selects the webhook already, and to compare ids
   * again could lose rows.
   */
  private static DeliveryQuery ofAnyWebhook(DeliveryQuery query) {
    return query.toBuilder().webhookId(null).build();
  }

  /** Returns the only webhook to list, or all webhooks, which are read lazily. */
  private Iterator<LogSource> sources(DeliveryQuery query, LeftOutRows leftOut) {
    String only = webhook.applyTo(query).webhookId();
    return only != null
        ? List.of(LogSource.named(checked(only, "list logs"))).iterator()
        : new Sources(webhookRows(leftOut));
  }

  private static String checked(String webhookId, String operation) {
    return RequiredUuid.check(Chatt2meClient.DISPLAY_NAME, operation, "webhook id", webhookId);
  }

  private Iterator<WebhookRow> webhookRows(LeftOutRows leftOut) {
    return http.pages(
        Chatt2meApi.PAGE_SIZE,
        WebhookRow::id,
        (offset, limit) -> api.listWebhooks(offset, limit).get().neutral(),
        http.pagesAhead(DeliveryQuery.all()),
        leftOut);
  }

  /** The webhooks, read lazily. */
  private record Sources(Iterator<WebhookRow> rows) implements Iterator<LogSource> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public LogSource next() {
      return LogSource.of(Chatt2meMapper.webhook(rows.next()));
    }
  }
}
