package dev.redrive.baanx;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of an event at Baanx. The event may be for up to five webhooks.
 *
 * @param id the id of the record. Baanx's routes use it, and it is the first half of the id of a
 *     {@link dev.redrive.DeliveryKey}
 * @param businessId the other id of the event, Baanx's field {@code eventId}; null if Baanx does
 *     not say. No route accepts it
 * @param type the type of the event; null if Baanx does not say
 * @param status the status across all webhooks of the event
 * @param providerStatus Baanx's own word for the status, as sent
 * @param createdAt when the event was created; null if Baanx does not say
 * @param processedAt when Baanx finished with it; null if it has not or does not say
 */
public record BaanxEvent(
    String id,
    @Nullable String businessId,
    @Nullable String type,
    Status status,
    String providerStatus,
    @Nullable Instant createdAt,
    @Nullable Instant processedAt) {

  /** The status of an event. */
  public enum Status {
    /** Baanx has not started to send it. */
    PENDING,
    /** Baanx is sending it. */
    PROCESSING,
    /** Baanx has finished sending it. */
    COMPLETED,
    /** Baanx has given up sending it. */
    FAILED,
    /** Baanx does not send it. The reasons are not documented. */
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

    /** Whether Baanx is certainly still sending the event. */
    boolean isUnderWay() {
      return this == PENDING || this == PROCESSING;
    }

    /** Whether Baanx has certainly finished with the event. */
    boolean isFinal() {
      return this == COMPLETED || this == FAILED || this == SKIPPED;
    }
  }

  public BaanxEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(providerStatus, "providerStatus");
  }
}
