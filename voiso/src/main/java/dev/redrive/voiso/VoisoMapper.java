package dev.redrive.voiso;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.MalformedResponseException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.SubscriptionRow;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class VoisoMapper {
  private final ProviderHttp http;
  private final String absentStatus;

  /**
   * @param absentStatus the status of a record that has none
   */
  VoisoMapper(ProviderHttp http, String absentStatus) {
    this.http = http;
    this.absentStatus = absentStatus;
  }

  /** Maps a webhook; null if the row cannot be read or has no id. */
  static @Nullable Webhook webhook(@Nullable SubscriptionRow row) {
    if (row == null || row.id() == null) {
      return null;
    }
    Set<String> events =
        row.events() == null
            ? Set.of()
            : row.events().stream()
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    return new Webhook(row.id(), row.name(), row.url(), null, null, events);
  }

  /**
   * Maps a failure.
   *
   * @throws MalformedResponseException if it cannot be read or has no id
   */
  WebhookLog log(@Nullable Recorded<FailureRow> recorded) {
    String id = recorded == null ? null : FailureRow.id(recorded);
    if (recorded == null || id == null || id.isBlank()) {
      throw VoisoWire.malformed("list failures", "the response has a failure without an id");
    }
    DeliveryKey key = http.key(id);
    FailureRow row = recorded.value();
    String status = row.status() == null ? absentStatus : row.status();
    Instant attempted = ProviderTime.parse(row.lastAttemptAt());
    return WebhookLog.builder(key, status(status))
        // One record has all attempts of a delivery, so its id identifies the lineage.
        .lineage("failure/" + key.id())
        .providerStatus(status)
        .webhook(row.webhookText("id"), row.webhookText("name"), null)
        .event(null, row.event())
        .httpStatus(FailureReason.httpStatus(row.reason()))
        .error(row.reason())
        .createdAt(row.createdAt())
        .attemptedAt(attempted == null ? ProviderTime.parse(row.updatedAt()) : attempted)
        .json(recorded.json())
        .build();
  }

  /**
   * Maps a status. {@code inactive} and {@code pending} are documented; the others are common words
   * that Voiso may use. {@code active} is the opposite of {@code inactive}, which is documented as
   * "no longer retried by the system": so it is still being sent.
   */
  private static DeliveryStatus status(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "inactive", "failed" -> DeliveryStatus.FAILED;
      case "pending", "queued", "processing", "in_progress", "retrying", "active" ->
          DeliveryStatus.PENDING;
      case "delivered", "succeeded", "success", "completed" -> DeliveryStatus.SUCCEEDED;
      default -> DeliveryStatus.UNKNOWN;
    };
  }
}
