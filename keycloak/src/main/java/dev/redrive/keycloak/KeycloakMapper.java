package dev.redrive.keycloak;

import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import dev.redrive.keycloak.KeycloakWire.WebhookRow;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class KeycloakMapper {
  private final ProviderHttp http;
  private final ServerClock clock;

  KeycloakMapper(ProviderHttp http, ServerClock clock) {
    this.http = http;
    this.clock = clock;
  }

  static Webhook webhook(WebhookRow row) {
    List<@Nullable String> types = row.eventTypes() == null ? List.of() : row.eventTypes();
    return new Webhook(
        row.id(),
        null,
        row.url(),
        row.enabled(),
        null,
        types.stream().filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet()));
  }

  /** Maps a send of a webhook. */
  WebhookLog log(Recorded<SendRow> recorded, String webhookId) {
    SendRow row = recorded.value();
    Integer httpStatus = row.httpStatus();
    DeliveryStatus status = status(httpStatus);
    Instant sentAt = row.sentAt();
    return WebhookLog.builder(http.key(row.id()), status)
        // One record has all attempts of a send, so its id identifies the lineage.
        .lineage("send/" + ProviderHttp.canonicalId(row.id()))
        .providerStatus(row.statusText())
        .webhook(webhookId, null, row.webhook() == null ? null : row.webhook().url())
        .event(row.keycloakEventId(), row.eventType())
        .httpStatus(httpStatus)
        .error(status == DeliveryStatus.SUCCEEDED ? null : row.statusMessage())
        .attemptNumber(row.retries())
        .createdAt(sentAt)
        .attemptedAt(sentAt)
        .nextRetryAt(status == DeliveryStatus.SUCCEEDED ? null : nextRetry(sentAt, row.retries()))
        .json(recorded.json())
        .build();
  }

  private static DeliveryStatus status(@Nullable Integer httpStatus) {
    if (httpStatus == null) {
      return DeliveryStatus.UNKNOWN;
    }
    boolean isSuccess = httpStatus >= 200 && httpStatus < 300;
    return isSuccess ? DeliveryStatus.SUCCEEDED : DeliveryStatus.FAILED;
  }

  /**
   * Returns the latest time at which the extension may make another attempt; null if that time has
   * passed, or is not known.
   */
  private @Nullable Instant nextRetry(@Nullable Instant sentAt, @Nullable Integer retries) {
    Instant latest = sentAt == null ? null : sentAt.plus(OwnRetries.pauseAfter(retries));
    return latest == null || !clock.at(http.now()).isBefore(latest) ? null : latest;
  }
}
