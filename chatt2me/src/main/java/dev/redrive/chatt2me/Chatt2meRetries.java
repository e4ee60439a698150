package dev.redrive.chatt2me;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.chatt2me.Chatt2meWire.BulkRetry;
import dev.redrive.chatt2me.Chatt2meWire.BulkRetryAnswer;
import dev.redrive.chatt2me.Chatt2meWire.BulkRetryRow;
import dev.redrive.chatt2me.Chatt2meWire.RetryAnswer;
import dev.redrive.http.Batches;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends retry requests for failed logs. */
final class Chatt2meRetries {
  private final ProviderHttp http;
  private final Chatt2meApi api;

  Chatt2meRetries(ProviderHttp http, Chatt2meApi api) {
    this.http = http;
    this.api = api;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries()
        .all(deliveries, Chatt2meRetries::objection, Chatt2meRetries::batches, this::send);
  }

  /** Returns why a delivery is rejected without a request; null if it is sent. */
  private static @Nullable String objection(FailedDelivery delivery) {
    if (!ClientBuilder.isUuid(delivery.key().id())) {
      return "not sent: its id is not a UUID, so it is not a log of Chatt2.me";
    }
    String webhookId = delivery.latest().webhookId();
    if (webhookId == null || !ClientBuilder.isUuid(webhookId)) {
      return "not sent: Chatt2.me needs the id of the log's webhook, a UUID, too: pass both";
    }
    return null;
  }

  private static List<List<FailedDelivery>> batches(List<FailedDelivery> deliveries) {
    var byWebhook = new LinkedHashMap<String, List<FailedDelivery>>();
    for (FailedDelivery delivery : deliveries) {
      byWebhook.computeIfAbsent(Ids.ofWebhook(delivery), id -> new ArrayList<>()).add(delivery);
    }
    return byWebhook.values().stream()
        .flatMap(all -> Batches.of(all, Chatt2meApi.BATCH_SIZE).stream())
        .toList();
  }

  /** Sends a batch of one to the single route, which says why it refuses a retry. */
  private List<RetryResult> send(List<FailedDelivery> batch) {
    String webhookId = Ids.ofWebhook(batch.get(0));
    if (batch.size() == 1) {
      FailedDelivery only = batch.get(0);
      Sent<RetryAnswer> sent = api.retryLog(webhookId, Ids.of(only)).once();
      return List.of(
          sent.toResult(
              only,
              answer ->
                  result(only, answer.body().success(), answer.body().newLogId(), answer.at())));
    }
    Sent<BulkRetryAnswer> sent =
        api.retryLogs(webhookId, new BulkRetry(batch.stream().map(Ids::of).toList())).once();
    Map<String, BulkRetryRow> rows = rowsById(sent);
    return batch.stream()
        .map(
            delivery ->
                sent.toResult(
                    delivery, answer -> result(delivery, rows.get(Ids.of(delivery)), answer.at())))
        .toList();
  }

  private static Map<String, BulkRetryRow> rowsById(Sent<BulkRetryAnswer> sent) {
    var rows = new HashMap<String, BulkRetryRow>();
    if (sent instanceof Sent.Answered<BulkRetryAnswer> answer) {
      for (@Nullable BulkRetryRow row : answer.body().results()) {
        if (row != null && row.webhookLogId() != null) {
          rows.put(row.webhookLogId().toLowerCase(Locale.ROOT), row);
        }
      }
    }
    return rows;
  }

  private static RetryResult result(
      FailedDelivery delivery, @Nullable BulkRetryRow row, Instant at) {
    return row == null
        ? RetryResult.unknown(delivery, "the response does not mention this log", at)
        : result(delivery, row.success(), row.newLogId(), at);
  }

  /** A new log proves an attempt, even if {@code success} is false. */
  private static RetryResult result(
      FailedDelivery delivery, @Nullable Boolean success, @Nullable String newLogId, Instant at) {
    if (newLogId != null || Boolean.TRUE.equals(success)) {
      return RetryResult.accepted(delivery, newLogId, at);
    }
    return success == null
        ? RetryResult.unknown(delivery, "the response does not say whether the log was retried", at)
        : RetryResult.rejected(
            delivery, "the log cannot be retried: it is unknown, is deleted or has not failed", at);
  }
}
