package dev.redrive.keycloak;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.http.RequiredUuid;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    DeliveryQuery effective = effective(query, "list logs");
    DeliveryQuery filter = ofAnyWebhook(effective);
    return sweep(effective, leftOut -> log -> leftOut.matches(filter, log) ? log : null);
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    DeliveryQuery effective = effective(query, "list failures");
    DeliveryQuery filter = ofAnyWebhook(effective);
    return sweep(effective, leftOut -> log -> failure(log, filter, leftOut));
  }

  private static @Nullable FailedDelivery failure(
      WebhookLog log, DeliveryQuery filter, LeftOutRows leftOut) {
    if (log.status() == DeliveryStatus.UNKNOWN) {
      // It may have failed, so the caller must know about it.
      leftOut.addUnreadable();
    }
    if (log.status() != DeliveryStatus.FAILED) {
      return null;
    }
    FailedDelivery delivery = FailedDelivery.of(log);
    return leftOut.matches(filter, delivery) ? delivery : null;
  }

  private <R> Listing<R> sweep(
      DeliveryQuery query, Function<LeftOutRows, Function<WebhookLog, @Nullable R>> picks) {
    return LeftOutRows.listing(
        leftOut -> {
          Function<WebhookLog, @Nullable R> pick = picks.apply(leftOut);
          BiFunction<Recorded<SendRow>, String, @Nullable R> ofRow =
              (row, webhookId) -> pick.apply(mapper.log(row, webhookId));
          return new SendSweep<>(http, reader, query, leftOut, ofRow);
        });
  }

  private DeliveryQuery effective(DeliveryQuery query, String operation) {
    DeliveryQuery effective = webhook.applyTo(query);
    if (effective.webhookId() != null) {
      RequiredUuid.check(
          KeycloakClient.DISPLAY_NAME, operation, "webhook id", effective.webhookId());
    }
    return effective;
  }

  /** Returns the query without its webhook: the path selects the webhook already. */
  private static DeliveryQuery ofAnyWebhook(DeliveryQuery query) {
    return query.toBuilder().webhookId(null).build();
  }
}
