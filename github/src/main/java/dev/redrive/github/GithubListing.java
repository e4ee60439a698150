package dev.redrive.github;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.Recorded;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists webhooks, their deliveries and the failures among these, and finds single deliveries. */
final class GithubListing {
  private final GithubApi api;
  private final Hooks hooks;
  private final GithubMapper mapper;

  GithubListing(GithubApi api, Hooks hooks, GithubMapper mapper) {
    this.api = api;
    this.hooks = hooks;
    this.mapper = mapper;
  }

  List<Webhook> webhooks() {
    return LeftOutRows.listing(hooks::all).toList();
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    return LeftOutRows.listing(
        leftOut ->
            rows(query, false, leftOut)
                .filter(log -> leftOut.matches(query, log))
                .limit(query.limit())
                .iterator());
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    return LeftOutRows.listing(
        leftOut ->
            rows(query, true, leftOut)
                .map(FailedDelivery::of)
                .filter(delivery -> leftOut.matches(query, delivery))
                .limit(query.limit())
                .iterator());
  }

  private Stream<WebhookLog> rows(DeliveryQuery query, boolean failuresOnly, LeftOutRows leftOut) {
    return new HookSweep(
            hooks, hooks.of(query, leftOut), mapper, query.since(), failuresOnly, leftOut)
        .stream();
  }

  /**
   * Reads a delivery, and the list for the delivery that decides about its event: one that
   * succeeded, or else the newest.
   */
  Optional<FailedDelivery> find(DeliveryId id) {
    Recorded<DeliveryRow> own;
    try {
      own = api.readDelivery(DeliveryId.path(id.hook()), id.delivery()).get();
    } catch (NotFoundException e) {
      // Without the API's message, it may come from a proxy.
      if (e.call().message() == null) {
        throw new MalformedResponseException(e.call(), e);
      }
      return Optional.empty();
    }
    String guid = own.value().guid();
    if (guid == null) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(
              GithubClient.DISPLAY_NAME, "read delivery", "the delivery has no GUID"),
          null);
    }
    return Optional.of(FailedDelivery.of(deciding(id, own, guid)));
  }

  private WebhookLog deciding(DeliveryId id, Recorded<DeliveryRow> own, String guid) {
    Webhook hook = Hooks.named(id.hook());
    WebhookLog deciding = mapper.log(own, hook, id);
    var rows = hooks.deliveries(id.hook(), clock -> {}, new LeftOutRows());
    var older = new OlderRows(GithubApi.PAGE_SIZE);
    boolean goesOn = deciding.status() != DeliveryStatus.SUCCEEDED;
    boolean isNewest = true;
    while (goesOn && rows.hasNext()) {
      Recorded<DeliveryRow> row = rows.next();
      DeliveryRow value = row.value();
      goesOn = !own.value().isFirst() || older.goesOn(value.time(), own.value().time());
      if (guid.equals(value.guid())) {
        WebhookLog log = mapper.log(row, hook, id);
        boolean succeeded = log.status() == DeliveryStatus.SUCCEEDED;
        deciding = succeeded || isNewest ? log : deciding;
        isNewest = false;
        goesOn = goesOn && !succeeded && !value.isFirst();
      }
    }
    return deciding;
  }
}
