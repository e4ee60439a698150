package dev.redrive.baanx;

import dev.redrive.http.ProviderTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as Baanx keeps it. It may be meant for up to five webhooks.
 *
 * @param id the id of the event's record: what Baanx's paths take, and the first half of a {@link
 *     dev.redrive.DeliveryKey}'s id
 * @param businessId the event's other id, Baanx's field {@code eventId}; null if not told. No path
 *     takes it
 * @param type the event's type, null if not told
 * @param status where the event stands, over all of its webhooks
 * @param providerStatus Baanx's own word for it, as sent
 * @param createdAt when the event came to be, null if not told
 * @param processedAt when Baanx was done with it, null if it is not or does not tell
 */
public record BaanxEvent(
    String id,
    @Nullable String businessId,
    @Nullable String type,
    Status status,
    String providerStatus,
    @Nullable Instant createdAt,
    @Nullable Instant processedAt) {

  /** Where an event stands. */
  public enum Status {
    /** Baanx has not begun. */
    PENDING,
    /** Baanx is working on it. */
    PROCESSING,
    /** Baanx is done with it. */
    COMPLETED,
    /** Baanx has given it up. */
    FAILED,
    /** Baanx does not send it; when that is so, it does not document. */
    SKIPPED,
    /** A value that this version does not know; see {@link #providerStatus()}. */
    UNKNOWN;

    static Status of(String providerStatus) {
      return switch (providerStatus.toLowerCase(Locale.ROOT)) {
        case "pending" -> PENDING;
        case "processing" -> PROCESSING;
        case "completed" -> COMPLETED;
        case "failed" -> FAILED;
        case "skipped" -> SKIPPED;
        default -> UNKNOWN;
      };
    }

    /** Whether Baanx is certainly at work on the event. */
    boolean isUnderWay() {
      return this == PENDING || this == PROCESSING;
    }

    /** Whether Baanx has certainly done with the event. */
    boolean isFinal() {
      return this == COMPLETED || this == FAILED || this == SKIPPED;
    }
  }

  public BaanxEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(providerStatus, "providerStatus");
  }

  static BaanxEvent of(Wire.Event event) {
    String status = event.status() == null ? "" : event.status();
    return new BaanxEvent(
        event.id(),
        event.eventId(),
        event.eventType(),
        Status.of(status),
        status,
        ProviderTime.parse(event.createdAt()),
        ProviderTime.parse(event.processedAt()));
  }
}
