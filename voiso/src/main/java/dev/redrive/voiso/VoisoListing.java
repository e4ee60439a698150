package dev.redrive.voiso;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Lists webhooks, and the failures that need a retry. */
final class VoisoListing {
  private final Generation api;
  private final DefaultWebhook webhook;

  VoisoListing(Generation api, DefaultWebhook webhook) {
    this.api = api;
    this.webhook = webhook;
  }

  List<Webhook> webhooks() {
    return api.webhooks();
  }

  /** Voiso lists failures alone, so that this always throws. */
  @SuppressWarnings("DoNotCallSuggester") // All providers have this method.
  Listing<WebhookLog> logs(DeliveryQuery query) {
    throw new UnsupportedCapabilityException(VoisoClient.DISPLAY_NAME, Capability.LOGS);
  }

  Listing<FailedDelivery> failures(DeliveryQuery query) {
    DeliveryQuery effective = webhook.applyTo(query);
    ProviderTraits traits = api.traits();
    if (effective.webhookId() != null) {
      traits.require(Capability.WEBHOOK_FILTER);
    }
    if (!effective.causes().isEmpty()) {
      traits.require(Capability.CAUSES);
    }
    return LeftOutRows.listing(
        leftOut -> failures(api.failures(effective, leftOut), new Filter(effective, leftOut)));
  }

  private Iterator<FailedDelivery> failures(Iterator<Recorded<FailureRow>> rows, Filter filter) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .flatMap(row -> failure(row, filter))
        .limit(filter.query().limit())
        .iterator();
  }

  private Stream<FailedDelivery> failure(Recorded<FailureRow> row, Filter filter) {
    WebhookLog log = api.mapper().log(row);
    if (!mayHaveFailed(log)) {
      return Stream.empty();
    }
    FailedDelivery delivery = FailureReason.toFailedDelivery(log);
    return filter.matches(row.value(), delivery) ? Stream.of(delivery) : Stream.empty();
  }

  /**
   * An unknown status counts as failed: the list is of failures, and Voiso refuses to retrigger
   * (409) what is not; to leave it out would lose an event in silence.
   */
  private static boolean mayHaveFailed(WebhookLog log) {
    return log.status() == DeliveryStatus.FAILED || log.status() == DeliveryStatus.UNKNOWN;
  }

  /**
   * Voiso itself looks for a time: a row that tells none was matched there. One whose time cannot
   * be read was matched by what nobody knows, and is left out.
   */
  private record Filter(DeliveryQuery query, DeliveryQuery ofAnyTime, LeftOutRows leftOut) {
    Filter(DeliveryQuery query, LeftOutRows leftOut) {
      this(query, query.toBuilder().since(null).until(null).build(), leftOut);
    }

    boolean matches(FailureRow row, FailedDelivery delivery) {
      boolean tellsTime = row.createdAt() != null || row.isUndated();
      return tellsTime ? leftOut.matches(query, delivery) : ofAnyTime.matches(delivery);
    }
  }
}
