package dev.redrive.voiso;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has failures sent again, each in a request of its own. */
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

  /** Why Voiso need not be asked for a failure; null if it must. */
  static @Nullable String refusal(DeliveryKey key) {
    return key.id().isBlank() || key.id().equals(".") || key.id().equals("..")
        ? "\"" + key.id() + "\" is no id of a failure"
        : null;
  }
}
