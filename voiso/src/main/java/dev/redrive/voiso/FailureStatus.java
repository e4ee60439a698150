package dev.redrive.voiso;

import dev.redrive.DeliveryStatus;
import java.util.Locale;

/**
 * What a status word means. {@code inactive} and {@code pending} are documented; the others are
 * plain words that an API of this kind may use. {@code active} is the opposite of {@code inactive},
 * which is "no longer retried by the system": still under way, and no proof of anything.
 */
final class FailureStatus {
  private FailureStatus() {}

  static DeliveryStatus of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "inactive", "failed" -> DeliveryStatus.FAILED;
      case "pending", "queued", "processing", "in_progress", "retrying", "active" ->
          DeliveryStatus.PENDING;
      case "delivered", "succeeded", "success", "completed" -> DeliveryStatus.SUCCEEDED;
      default -> DeliveryStatus.UNKNOWN;
    };
  }
}
