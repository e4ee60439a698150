package dev.redrive.keycloak;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import java.util.List;
import java.util.stream.Stream;

/** Lists the webhooks of the realm, their sends, and the failures among these. */
final class KeycloakListing {
  private final ProviderHttp http;
  private final SendReader reader;
  private final KeycloakMapper mapper;
  private final DefaultWebhook webhook;

  KeycloakListing(
      ProviderHttp http, SendReader reader, KeycloakMapper mapper, DefaultWebhook webhook) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
    this.webhook = webhook;
  }

  List<Webhook> webhooks() {
    return LeftOutRows.listing(reader::webhooks).stream().map(KeycloakMapper::webhook).toList();
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    DeliveryQuery effective = webhook.applyTo(query, KeycloakClient.DISPLAY_NAME, "list logs");
    return LeftOutRows.logs(effective, leftOut -> sends(effective, leftOut));
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    DeliveryQuery effective = webhook.applyTo(query, KeycloakClient.DISPLAY_NAME, "list failures");
    return LeftOutRows.failures(effective, leftOut -> sends(effective, leftOut));
  }

  /** Reads the sends of each webhook from the latest attempt back to the start of the query. */
  private Stream<WebhookLog> sends(DeliveryQuery query, LeftOutRows leftOut) {
    PagesAhead ahead = http.pagesAhead(query);
    return http.sweep(
        PagesAhead.none(),
        reader.webhookIds(query, leftOut),
        webhookId -> reader.sends(webhookId, ahead, leftOut),
        (webhookId, notFound) -> query.webhookId() == null && SendReader.isOfTheExtension(notFound),
        (String webhookId, Stream<Recorded<SendRow>> rows) ->
            OlderRows.cutOff(
                    rows, KeycloakApi.PAGE_SIZE, row -> row.value().sentAt(), query.since())
                .map(row -> mapper.log(row, webhookId)));
  }
}
