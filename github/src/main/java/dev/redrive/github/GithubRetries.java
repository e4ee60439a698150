package dev.redrive.github;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.Objects;

/** Sends retry requests, one for each delivery. */
final class GithubRetries {
  private final ProviderHttp http;
  private final GithubApi api;
  private final GithubListing listing;

  GithubRetries(ProviderHttp http, GithubApi api, GithubListing listing) {
    this.http = http;
    this.api = api;
    this.listing = listing;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries()
        .each(
            deliveries,
            delivery -> DeliveryId.refusal(delivery.key().id()),
            delivery -> listing.find(delivery.key().id()),
            this::redeliver);
  }

  private RetryResult redeliver(FailedDelivery delivery) {
    DeliveryId id = Objects.requireNonNull(DeliveryId.parse(delivery.key().id()));
    return api.redeliver(DeliveryId.path(id.hook()), id.delivery())
        .once()
        .toResult(delivery, sent -> RetryResult.accepted(delivery, null, sent.at()));
  }
}
