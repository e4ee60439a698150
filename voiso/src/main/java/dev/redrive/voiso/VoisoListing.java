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

  /** Always throws, because Voiso lists failures only. */
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
   * Whether a log may have failed. An unknown status counts as failed, because the list has
   * failures only. If it is not one, Voiso refuses to retrigger it (409); to leave it out could
   * lose an event silently.
   */
  private static boolean mayHaveFailed(WebhookLog log) {
    return log.status() == DeliveryStatus.FAILED || log.status() == DeliveryStatus.UNKNOWN;
  }

  /**
   * Filters the rows. Voiso has already applied the times of the query, so a row without a time
   * matches them. A row with an unreadable time is left out, because it cannot be checked.
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
