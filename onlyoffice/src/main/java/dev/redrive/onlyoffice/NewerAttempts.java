package dev.redrive.onlyoffice;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds newer attempts of an event whose log was read by its id. A retry makes a new log, and the
 * old one stays failed, even while the new one is being sent and after it has delivered the event.
 *
 * <p>The logs of a webhook are read from the newest to the oldest, once for all logs of one call
 * and no further than to the oldest of them. Logs of every status are read: a failed one may have a
 * next attempt. Thread-safe.
 */
final class NewerAttempts {
  private static final String LIST = "list logs";
  private static final String UNREADABLE =
      "a newer log cannot be read, and may be another attempt of the same event";

  private final PortalLogs logs;
  private final Map<String, Walk> walks = new ConcurrentHashMap<>();

  NewerAttempts(PortalLogs logs) {
    this.logs = logs;
  }

  /**
   * Returns the attempt that decides whether the event of a log needs a retry: a newer one that
   * succeeded, is queued, is being sent or will be sent again by the portal; if there is none, the
   * log itself. It has the key of the log.
   *
   * @throws RedriveException if the newer logs cannot be read
   */
  WebhookLog deciding(WebhookLog log) {
    if (!needsRetry(log) || !Fingerprint.isOne(log.lineage())) {
      return log;
    }
    String webhook = Objects.requireNonNullElse(log.webhookId(), "");
    Newer newer =
        walks
            .computeIfAbsent(webhook, id -> new Walk(PortalId.parse(id)))
            .newerThan(Integer.parseInt(log.logId()), log.lineage());
    List<WebhookLog> attempts = read(newer.ids());
    for (WebhookLog attempt : attempts) {
      if (attempt.status() == DeliveryStatus.SUCCEEDED) {
        return named(log.key(), attempt);
      }
    }
    for (WebhookLog attempt : attempts) {
      if (!needsRetry(attempt)) {
        return named(log.key(), attempt);
      }
    }
    boolean readAll = attempts.size() == newer.ids().size();
    if (newer.isAnyUnreadable() || !readAll || attempts.stream().anyMatch(NewerAttempts::isOdd)) {
      throw new MalformedResponseException(
          FailedCall.withoutAnswer(OnlyOfficeClient.DISPLAY_NAME, LIST, UNREADABLE), null);
    }
    return log;
  }

  /** Reads logs again, in full and as they are now: most walks meet none, so none is kept. */
  private List<WebhookLog> read(List<Integer> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<Integer, WebhookLog> found = logs.read(ids);
    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  private static boolean needsRetry(WebhookLog log) {
    return (log.status() == DeliveryStatus.FAILED || isOdd(log)) && log.nextRetryAt() == null;
  }

  private static boolean isOdd(WebhookLog log) {
    return log.status() == DeliveryStatus.UNKNOWN;
  }

  /** Returns a log under the key of an older attempt. */
  private static WebhookLog named(DeliveryKey key, WebhookLog log) {
    return new WebhookLog(
        key,
        log.logId(),
        log.lineage(),
        log.webhookId(),
        log.webhookName(),
        log.endpoint(),
        log.eventId(),
        log.eventType(),
        log.status(),
        log.providerStatus(),
        log.httpStatus(),
        log.error(),
        log.responseBody(),
        log.attemptNumber(),
        log.createdAt(),
        log.attemptedAt(),
        log.nextRetryAt(),
        log.json());
  }

  /**
   * The newer logs of an event.
   *
   * @param ids those that have not failed for good, newest first
   * @param isAnyUnreadable whether there may be others
   */
  private record Newer(List<Integer> ids, boolean isAnyUnreadable) {}

  /** The logs of one webhook, as far as they were needed. */
  private final class Walk {
    private final @Nullable Integer webhook;
    private final LeftOutRows leftOut = new LeftOutRows();
    private final PageReader.Rows<PortalLog> rows;

    /** Not a monitor: waiting in one would pin the carrier of a virtual thread. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, List<Integer>> byEvent = new HashMap<>();

    /** The lowest id read so far. */
    private int reached = Integer.MAX_VALUE;

    /** Each log with a lower id may have a newer attempt that cannot be recognized. */
    private int certainDownTo;

    private @Nullable RedriveException failure;

    Walk(@Nullable Integer webhook) {
      this.webhook = webhook;
      this.rows = logs.all(webhook, 1, leftOut);
    }

    Newer newerThan(int id, String event) {
      try {
        lock.lockInterruptibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OperationInterruptedException(OnlyOfficeClient.DISPLAY_NAME, LIST);
      }
      try {
        readDownTo(id);
        return new Newer(
            byEvent.getOrDefault(event, List.of()).stream().filter(newer -> newer > id).toList(),
            id < certainDownTo);
      } finally {
        lock.unlock();
      }
    }

    /** A walk that failed is not continued, or each log of the call would wait for it anew. */
    private void readDownTo(int id) {
      if (failure != null && reached > id) {
        throw failure;
      }
      try {
        while (reached > id) {
          readNext();
        }
      } catch (RedriveException e) {
        failure = e;
        throw e;
      }
    }

    private void readNext() {
      boolean isAnother = rows.hasNext();
      if (leftOut.soFar().unreadable() > 0) {
        certainDownTo = Math.max(certainDownTo, reached);
      }
      if (isAnother) {
        take(rows.next());
      } else {
        reached = 0;
      }
    }

    private void take(PortalLog row) {
      WebhookLog log = logs.log(row, webhook);
      int id = Integer.parseInt(log.logId());
      reached = Math.min(reached, id);
      boolean hasFailed = needsRetry(log) && !isOdd(log);
      if (!hasFailed && Fingerprint.isOne(log.lineage())) {
        byEvent.computeIfAbsent(log.lineage(), event -> new ArrayList<>()).add(id);
      } else if (!hasFailed) {
        certainDownTo = Math.max(certainDownTo, id);
      }
    }
  }
}
