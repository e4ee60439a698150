package dev.redrive.keycloak;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends resend requests, one for each send. */
final class KeycloakRetries {
  private final ProviderHttp http;
  private final KeycloakApi api;
  private final SendReader reader;

  KeycloakRetries(ProviderHttp http, KeycloakApi api, SendReader reader) {
    this.http = http;
    this.api = api;
    this.reader = reader;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries().each(deliveries, KeycloakRetries::refusal, reader::lookUp, this::resend);
  }

  /** Reads a send by its id; empty if Keycloak does not show it, or the id is none. */
  Optional<FailedDelivery> find(FailedDelivery delivery) {
    return refusal(delivery) == null
        ? Optional.ofNullable(reader.lookUp(delivery))
        : Optional.empty();
  }

  private static @Nullable String refusal(FailedDelivery delivery) {
    String obstacle = SendReader.obstacle(delivery);
    return obstacle == null ? null : "not sent: " + obstacle;
  }

  /** Keycloak accepts a resend whatever the status of the send: 202, without a body. */
  private RetryResult resend(FailedDelivery delivery) {
    String webhookId = Objects.requireNonNull(delivery.latest().webhookId());
    return api.resend(webhookId, ProviderHttp.canonicalId(delivery.key().id()))
        .once()
        .toResult(delivery, answered -> RetryResult.accepted(delivery, null, answered.at()));
  }
}
