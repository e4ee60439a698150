package dev.redrive.onlyoffice;

import dev.redrive.DeliveryStatus;
import dev.redrive.WebhookLog;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that the portal will send or is sending, collected during a walk from the newest log
 * to the oldest. A log of such an event is queued, is being sent or will get another attempt. A
 * retry of an older log of the event may deliver it twice.
 */
final class OpenEvents {
  private final Map<String, Instant> nextAttempts = new HashMap<>();

  /**
   * Looks at the next log of the walk.
   *
   * @return when a newer log of its event will be sent, or was due; null if there is no such log
   */
  @Nullable Instant look(WebhookLog log) {
    Instant newer = nextAttempts.get(log.lineage());
    Instant own = log.status() == DeliveryStatus.PENDING ? due(log) : log.nextRetryAt();
    if (newer == null && own != null && Fingerprint.isOne(log.lineage())) {
      nextAttempts.put(log.lineage(), own);
    }
    return newer;
  }

  /** A queued log is due at once. */
  private static Instant due(WebhookLog log) {
    return log.createdAt() == null ? Instant.EPOCH : log.createdAt();
  }
}
