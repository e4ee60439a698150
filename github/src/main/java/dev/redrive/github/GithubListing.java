package dev.redrive.github;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists webhooks, their deliveries and the failures among these, and finds single deliveries. */
final class GithubListing {
  private final ProviderHttp http;
  private final GithubApi api;
  private final Hooks hooks;
  private final GithubMapper mapper;

  GithubListing(ProviderHttp http, GithubApi api, Hooks hooks, GithubMapper mapper) {
    this.http = http;
    this.api = api;
    this.hooks = hooks;
    this.mapper = mapper;
  }

  List<Webhook> webhooks() {
    return LeftOutRows.listing(hooks::all).toList();
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    return LeftOutRows.logs(query, leftOut -> sweep(query, false, leftOut));
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    return LeftOutRows.failures(query, leftOut -> sweep(query, true, leftOut));
  }

  private Stream<WebhookLog> sweep(DeliveryQuery query, boolean failuresOnly, LeftOutRows leftOut) {
    return http.sweep(
        PagesAhead.none(),
        hooks.of(query, leftOut),
        hook -> hooks.deliveries(hook.id(), clock -> {}, leftOut),
        (hook, notFound) -> hooks.isGone(hook.id()),
        (Webhook hook, Stream<Recorded<DeliveryRow>> rows) ->
            failuresOnly
                ? new UndeliveredEvents(mapper, hook, rows, query.since(), leftOut).stream()
                : OlderRows.cutOff(
                        rows, GithubApi.PAGE_SIZE, row -> row.value().time(), query.since())
                    .map(row -> mapper.log(row, hook)));
  }

  /**
   * Reads a delivery, and the list for the delivery that decides about its event: one that
   * succeeded, or else the newest. Null if GitHub does not show it, or the id is none.
   */
  @Nullable FailedDelivery find(String keyId) {
    DeliveryId id = DeliveryId.parse(keyId);
    return id == null
        ? null
        : api.readDelivery(DeliveryId.path(id.hook()), id.delivery())
            .find()
            .map(own -> FailedDelivery.of(deciding(id, own)))
            .orElse(null);
  }

  private WebhookLog deciding(DeliveryId id, Recorded<DeliveryRow> own) {
    String guid = own.value().guid();
    if (guid == null) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              GithubClient.DISPLAY_NAME, "read delivery", "the delivery has no GUID"),
          null);
    }
    Webhook hook = Hooks.named(id.hook());
    WebhookLog deciding = mapper.log(own, hook, id);
    var rows = hooks.deliveries(id.hook(), clock -> {}, new LeftOutRows());
    var older = new OlderRows(GithubApi.PAGE_SIZE);
    Instant oldest = own.value().isFirst() ? own.value().time() : null;
    boolean isNewest = true;
    boolean goesOn = true;
    while (goesOn && deciding.status() != DeliveryStatus.SUCCEEDED && rows.hasNext()) {
      Recorded<DeliveryRow> row = rows.next();
      goesOn = older.goesOn(row.value().time(), oldest);
      if (guid.equals(row.value().guid())) {
        WebhookLog log = mapper.log(row, hook, id);
        deciding = isNewest || log.status() == DeliveryStatus.SUCCEEDED ? log : deciding;
        isNewest = false;
        goesOn = goesOn && !row.value().isFirst();
      }
    }
    return deciding;
  }
}
