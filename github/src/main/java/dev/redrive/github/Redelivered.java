package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.WebhookLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the failures among the deliveries to one webhook, which are read from the newest to the
 * oldest. An event with a delivery that succeeded has no failure. So a failed redelivery is held
 * back until the event's first delivery was read: one between them may have succeeded.
 */
final class Redelivered {
  private final Map<String, List<WebhookLog>> held = new LinkedHashMap<>();
  private final Set<String> delivered = new HashSet<>();

  /** Whether failures are held back. */
  boolean isOpen() {
    return !held.isEmpty();
  }

  /**
   * Takes the next delivery, and passes on the failures that are certain now.
   *
   * @param isFirst whether it is the event's first delivery to the webhook
   */
  void take(WebhookLog log, boolean isFirst, Consumer<WebhookLog> failures) {
    String event = log.lineage();
    if (log.status() == DeliveryStatus.SUCCEEDED) {
      held.remove(event);
      if (!isFirst) {
        delivered.add(event);
      }
    } else if (!delivered.contains(event)) {
      held.computeIfAbsent(event, key -> new ArrayList<>(1)).add(log);
    }
    List<WebhookLog> certain = isFirst ? held.remove(event) : null;
    if (certain != null) {
      certain.forEach(failures);
    }
  }

  /** Passes on what is still held back: no older delivery is listed. */
  void end(Consumer<WebhookLog> failures) {
    held.values().forEach(logs -> logs.forEach(failures));
    held.clear();
  }
}
