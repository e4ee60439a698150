package dev.redrive.github;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
            this::lookUp,
            this::redeliver);
  }

  private @Nullable FailedDelivery lookUp(FailedDelivery delivery) {
    return find(delivery.key().id()).orElse(null);
  }

  /** Reads a delivery by its id; empty if GitHub does not show it, or the id is none. */
  Optional<FailedDelivery> find(String keyId) {
    DeliveryId id = DeliveryId.parse(keyId);
    return id == null ? Optional.empty() : listing.find(id);
  }

  private RetryResult redeliver(FailedDelivery delivery) {
    DeliveryId id = DeliveryId.parse(delivery.key().id());
    if (id == null) {
      throw new IllegalArgumentException(delivery.key().id());
    }
    return api.redeliver(DeliveryId.path(id.hook()), id.delivery())
        .once()
        .toResult(delivery, sent -> RetryResult.accepted(delivery, null, sent.at()));
  }
}
