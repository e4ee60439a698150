package dev.redrive.onlyoffice;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.http.Recorded;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps each log in the response of a bulk retry to its delivery. The portal leaves out ids that it
 * does not know or that belong to others, and the logs have new ids, so the position in the list
 * does not help. A log belongs to the delivery with the same id (in builds that reset logs), or
 * else to the delivery whose id is in its payload, or else to the delivery of the same event.
 */
final class BulkAnswer {
  private static final String SKIPPED =
      "the portal skipped it: the log is unknown or belongs to another member's webhook";
  private static final String UNCLEAR = "the portal's response does not say whether it was queued";

  private final Map<String, FailedDelivery> unanswered = new LinkedHashMap<>();
  private final Map<String, String> newIds = new HashMap<>();
  private final List<Queued> unmapped = new ArrayList<>();
  private boolean complete = true;

  private record Queued(String id, RequestPayload payload) {}

  /**
   * @param batch the deliveries of the request, each id once
   * @param logs the queued logs; null if the response does not list them
   */
  BulkAnswer(List<FailedDelivery> batch, @Nullable List<@Nullable Recorded<LogRow>> logs) {
    batch.forEach(delivery -> unanswered.put(delivery.key().id(), delivery));
    read(logs);
    mapBySameId();
    mapByIdInPayload();
    mapByEvent();
  }

  private void read(@Nullable List<@Nullable Recorded<LogRow>> logs) {
    if (logs == null) {
      complete = false;
      return;
    }
    for (Recorded<LogRow> log : logs) {
      if (log == null || log.value().id() == null) {
        complete = false;
      } else {
        unmapped.add(new Queued(OnlyOfficeMapper.id(log), log.value().requestPayload()));
      }
    }
  }

  private void mapBySameId() {
    unmapped.removeIf(log -> map(log.id(), log));
  }

  private void mapByIdInPayload() {
    unmapped.removeIf(log -> log.payload().logId() != null && map(log.payload().logId(), log));
  }

  private boolean map(String deliveryId, Queued log) {
    if (unanswered.remove(deliveryId) == null) {
      return false;
    }
    newIds.put(deliveryId, log.id());
    return true;
  }

  /** The logs of one event are interchangeable if there are as many logs as deliveries of it. */
  private void mapByEvent() {
    Map<String, List<FailedDelivery>> deliveries = new HashMap<>();
    for (FailedDelivery delivery : unanswered.values()) {
      deliveries.computeIfAbsent(delivery.lineage(), event -> new ArrayList<>()).add(delivery);
    }
    Map<String, List<Queued>> logs = new HashMap<>();
    for (Queued log : unmapped) {
      if (log.payload().fingerprint() != null) {
        logs.computeIfAbsent(log.payload().fingerprint(), event -> new ArrayList<>()).add(log);
      }
    }
    logs.forEach(
        (event, queued) -> {
          List<FailedDelivery> asked = deliveries.getOrDefault(event, List.of());
          if (asked.size() == queued.size()) {
            for (int i = 0; i < asked.size(); i++) {
              map(asked.get(i).key().id(), queued.get(i));
            }
            unmapped.removeAll(queued);
          }
        });
  }

  /** Returns the result for one delivery of the batch. */
  RetryResult result(FailedDelivery delivery, Instant answeredAt) {
    String newId = newIds.get(delivery.key().id());
    if (newId != null) {
      return RetryResult.accepted(delivery, newId, answeredAt);
    }
    return complete && unmapped.isEmpty()
        ? RetryResult.rejected(delivery, SKIPPED, answeredAt)
        : RetryResult.unknown(delivery, UNCLEAR, answeredAt);
  }
}
