package dev.redrive.onlyoffice;

import dev.redrive.FailedDelivery;
import dev.redrive.RateLimit;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.Batches;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Sent;
import dev.redrive.onlyoffice.OnlyOfficeWire.RetriedLog;
import dev.redrive.onlyoffice.OnlyOfficeWire.RetriedLogs;
import dev.redrive.onlyoffice.OnlyOfficeWire.RetryRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Sends retry requests for failed logs. */
final class OnlyOfficeRetries {
  /** The most writes of one user in flight. The portal returns 429 for more (server source). */
  static final int CONCURRENT_WRITES = 15;

  /** The documented limits. */
  static final List<RateLimit> LIMITS =
      List.of(
          new RateLimit(RateLimit.Scope.BULK_RETRY, 5, Duration.ofMinutes(15)),
          new RateLimit(RateLimit.Scope.SINGLE_RETRY, 1500, Duration.ofMinutes(1)),
          new RateLimit(RateLimit.Scope.RETRY, 10_000, Duration.ofDays(1)));

  private final ProviderHttp http;
  private final OnlyOfficeApi api;
  private final PortalLogs logs;
  private final int batchSize;
  private final Semaphore writes = new Semaphore(CONCURRENT_WRITES);

  OnlyOfficeRetries(ProviderHttp http, OnlyOfficeApi api, PortalLogs logs, int batchSize) {
    this.http = http;
    this.api = api;
    this.logs = logs;
    this.batchSize = batchSize;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    var newer = new NewerAttempts(logs);
    return http.retries()
        .all(
            deliveries,
            OnlyOfficeRetries::refusal,
            delivery -> lookUp(delivery, newer),
            all -> Batches.of(all, batchSize),
            this::sendBatch);
  }

  /** Reads deliveries by their ids. Those that the portal does not show are absent. */
  Map<String, FailedDelivery> findAll(Collection<String> ids) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (String id : ids) {
      Integer number = PortalId.parse(id);
      if (number != null) {
        numbers.put(id, number);
      }
    }
    Map<Integer, WebhookLog> read = logs.read(List.copyOf(Set.copyOf(numbers.values())));
    var newer = new NewerAttempts(logs);
    Map<String, FailedDelivery> found = new LinkedHashMap<>();
    numbers.forEach(
        (id, number) -> {
          WebhookLog log = read.get(number);
          if (log != null) {
            found.put(id, FailedDelivery.of(newer.deciding(log)));
          }
        });
    return found;
  }

  private @Nullable FailedDelivery lookUp(FailedDelivery delivery, NewerAttempts newer) {
    Integer id = logId(delivery);
    WebhookLog log = logs.read(List.of(id)).get(id);
    return log == null ? null : FailedDelivery.of(newer.deciding(log));
  }

  private static @Nullable String refusal(FailedDelivery delivery) {
    return PortalId.parse(delivery.key().id()) == null
        ? "its id is not an id of "
            + OnlyOfficeClient.DISPLAY_NAME
            + ": use a positive number, as listed"
        : null;
  }

  /** If the thread is interrupted, it does not wait: the request then fails without being sent. */
  private List<RetryResult> sendBatch(List<FailedDelivery> batch) {
    try {
      writes.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return send(batch);
    }
    try {
      return send(batch);
    } finally {
      writes.release();
    }
  }

  private List<RetryResult> send(List<FailedDelivery> batch) {
    return batch.size() == 1 ? List.of(sendOne(batch.get(0))) : sendMany(batch);
  }

  private RetryResult sendOne(FailedDelivery delivery) {
    Sent<RetriedLog> sent = api.retryWebhook(logId(delivery)).once();
    if (sent instanceof Sent.NotSent<RetriedLog> refused && isAnothers(delivery, refused.error())) {
      return RetryResult.rejected(
          delivery,
          refused.error().summary() + ": the log is gone or belongs to another member's webhook",
          refused.at());
    }
    return sent.toResult(
        delivery,
        answer -> {
          var queued = answer.body().response();
          return queued == null || queued.value().id() == null
              ? RetryResult.unknown(
                  delivery, "the portal's response names no queued log", answer.at())
              : RetryResult.accepted(delivery, OnlyOfficeMapper.id(queued), answer.at());
        });
  }

  /**
   * Whether a 403 is about this log rather than the key. The portal returns 403 for a log of
   * another member, and also for a key that may not retry at all (server source). A key of the
   * first kind can still list logs, but not this one.
   */
  private boolean isAnothers(FailedDelivery delivery, RedriveException refusal) {
    Integer status = refusal.call().httpStatus();
    if (status == null || status != 403) {
      return false;
    }
    try {
      return logs.read(List.of(logId(delivery))).isEmpty();
    } catch (RedriveException e) {
      return false;
    }
  }

  private List<RetryResult> sendMany(List<FailedDelivery> batch) {
    var request = new RetryRequest(batch.stream().map(OnlyOfficeRetries::logId).toList());
    Sent<RetriedLogs> sent = api.retryWebhooks(request).once();
    var queued =
        new BulkAnswer(
            batch, sent instanceof Sent.Answered<RetriedLogs> a ? a.body().response() : null);
    return batch.stream()
        .map(delivery -> sent.toResult(delivery, a -> queued.result(delivery, a.at())))
        .toList();
  }

  private static Integer logId(FailedDelivery delivery) {
    return Objects.requireNonNull(PortalId.parse(delivery.key().id()));
  }
}
