package dev.redrive.voiso;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends retry requests, one for each failure. */
final class VoisoRetries {
  private final ProviderHttp http;
  private final Generation api;

  VoisoRetries(ProviderHttp http, Generation api) {
    this.http = http;
    this.api = api;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries()
        .each(deliveries, delivery -> refusal(delivery.key()), api::lookUp, api::retrigger);
  }

  /** Reads a failure by its id; empty if Voiso does not show it, or the id is none. */
  Optional<FailedDelivery> find(FailedDelivery failure) {
    return refusal(failure.key()) == null
        ? Optional.ofNullable(api.lookUp(failure))
        : Optional.empty();
  }

  /** Returns why a failure is rejected without a request; null if it is sent. */
  static @Nullable String refusal(DeliveryKey key) {
    return key.id().isBlank() || key.id().equals(".") || key.id().equals("..")
        ? "\"" + key.id() + "\" is not the id of a failure: copy it from a listing"
        : null;
  }
}
