package dev.redrive.keycloak;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import dev.redrive.keycloak.KeycloakWire.WebhookRow;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads webhooks and sends. */
final class SendReader {
  private final ProviderHttp http;
  private final KeycloakApi api;
  private final KeycloakMapper mapper;
  private final ServerClock clock;
  private final DefaultWebhook webhook;

  SendReader(
      ProviderHttp http,
      KeycloakApi api,
      KeycloakMapper mapper,
      ServerClock clock,
      DefaultWebhook webhook) {
    this.http = http;
    this.api = api;
    this.mapper = mapper;
    this.clock = clock;
    this.webhook = webhook;
  }

  /** Returns the webhooks of the realm, read lazily. */
  PageReader.Rows<WebhookRow> webhooks(LeftOutRows leftOut) {
    return http.pages(
        KeycloakApi.PAGE_SIZE,
        WebhookRow::id,
        (first, max) -> PageReader.Page.of(api.listWebhooks(first, max).get()),
        http.pagesAhead(DeliveryQuery.all()),
        leftOut);
  }

  /** Returns the ids of the webhooks that a query is about, read lazily. */
  Iterator<String> webhookIds(DeliveryQuery query, LeftOutRows leftOut) {
    String only = webhook.applyTo(query).webhookId();
    return only != null
        ? List.of(only).iterator()
        : webhooks(leftOut).stream().map(WebhookRow::id).iterator();
  }

  /** Returns the sends of a webhook, the latest attempt first, read lazily. */
  PageReader.Rows<Recorded<SendRow>> sends(
      String webhookId, PagesAhead ahead, LeftOutRows leftOut) {
    return http.pages(
        KeycloakApi.PAGE_SIZE,
        row -> row.value().id(),
        (first, max) -> page(webhookId, first, max),
        ahead,
        leftOut);
  }

  /** Reads one page of the sends of a webhook; null in the place of a row that cannot be read. */
  PageReader.Page<Recorded<SendRow>> page(String webhookId, int first, int max) {
    Read.Answer<List<@Nullable Recorded<SendRow>>> answer =
        api.listSends(webhookId, first, max).answer();
    clock.answered(answer.clock());
    return PageReader.Page.of(answer.body());
  }

  /** Reads a send of a webhook; null if Keycloak has none. */
  @Nullable WebhookLog read(String webhookId, String id) {
    try {
      Read.Answer<Recorded<SendRow>> answer =
          api.readSend(webhookId, ProviderHttp.canonicalId(id)).answer();
      clock.answered(answer.clock());
      return mapper.log(answer.body(), webhookId);
    } catch (NotFoundException e) {
      if (isOfTheExtension(e)) {
        return null;
      }
      throw e;
    }
  }

  /** Whether the extension says it. Keycloak itself, or a proxy, may say 404 to any path. */
  static boolean isOfTheExtension(NotFoundException e) {
    return Objects.requireNonNullElse(e.call().message(), "").startsWith("no webhook");
  }

  /** Reads a send whose webhook may not be known; null if no webhook has it. */
  @Nullable FailedDelivery lookUp(FailedDelivery delivery) {
    String known = delivery.latest().webhookId();
    Iterator<String> webhooks =
        known != null
            ? List.of(known).iterator()
            : webhookIds(DeliveryQuery.all(), new LeftOutRows());
    WebhookLog found = null;
    while (found == null && webhooks.hasNext()) {
      found = read(webhooks.next(), delivery.key().id());
    }
    return found == null ? null : FailedDelivery.of(found);
  }

  /** Returns why a delivery cannot be sent again or read; null if it can be. */
  static @Nullable String obstacle(FailedDelivery delivery) {
    String webhookId = delivery.latest().webhookId();
    if (!ClientBuilder.isUuid(delivery.key().id())) {
      return "its id is not a UUID, so it is not a send of Keycloak";
    }
    if (webhookId == null) {
      return delivery.knownByIdAlone() ? null : "its webhook is not known";
    }
    return ClientBuilder.isUuid(webhookId) ? null : "the id of its webhook is not a UUID";
  }
}
