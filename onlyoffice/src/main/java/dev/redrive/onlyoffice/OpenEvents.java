package dev.redrive.onlyoffice;

import dev.redrive.DeliveryStatus;
import dev.redrive.WebhookLog;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that the portal is about to send, as told by a walk from the newest log down: those of
 * a log that waits, is being sent or gets another attempt. A retry of an older log of such an event
 * may deliver it twice.
 */
final class OpenEvents {
  private final Map<String, Instant> nextAttempts = new HashMap<>();

  /**
   * Looks at the next log of the walk.
   *
   * @return when a newer log of its event is sent, or was due to be; null if there is no such log
   */
  @Nullable Instant look(WebhookLog log) {
    Instant newer = nextAttempts.get(log.lineage());
    Instant own = log.status() == DeliveryStatus.PENDING ? due(log) : log.nextRetryAt();
    if (newer == null && own != null && Fingerprint.isOne(log.lineage())) {
      nextAttempts.put(log.lineage(), own);
    }
    return newer;
  }

  /** What is queued is due at once. */
  private static Instant due(WebhookLog log) {
    return log.createdAt() == null ? Instant.EPOCH : log.createdAt();
  }
}
