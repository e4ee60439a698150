package dev.redrive.onlyoffice;

import dev.redrive.DeliveryStatus;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads logs into the common model. */
final class LogMapper {
  private final ProviderHttp http;

  LogMapper(ProviderHttp http) {
    this.http = http;
  }

  static String id(Recorded<LogRow> row) {
    return Objects.requireNonNull(row.value().id()).toString();
  }

  /**
   * @param webhookId the webhook that was asked for, null if any: logs of older builds do not tell
   */
  WebhookLog log(Recorded<LogRow> recorded, @Nullable Integer webhookId) {
    LogRow row = recorded.value();
    String id = id(recorded);
    RequestPayload payload = RequestPayload.parse(row.requestPayload());
    DeliveryStatus status = status(row);
    boolean failed = status == DeliveryStatus.FAILED;
    Instant delivered = ProviderTime.parse(row.delivery());
    return WebhookLog.builder(http.key(id), status)
        .lineage(payload.fingerprint() == null ? id : payload.fingerprint())
        .webhook(
            webhookId == null ? payload.webhookId() : webhookId.toString(),
            row.configName() == null ? payload.webhookName() : row.configName(),
            payload.endpoint() == null ? row.route() : payload.endpoint())
        .event(
            payload.subject(),
            payload.trigger() == null ? Triggers.name(row.trigger()) : payload.trigger())
        .providerStatus(row.status() == null ? "" : row.status())
        .httpStatus(httpStatus(row))
        .error(failed ? row.responsePayload() : null)
        .responseBody(failed ? null : row.responsePayload())
        .attemptNumber(row.attempts() == null || row.attempts() < 1 ? null : row.attempts())
        .createdAt(ProviderTime.parse(row.creationTime()))
        .attemptedAt(delivered == null ? ProviderTime.parse(payload.retriedOn()) : delivered)
        .nextRetryAt(failed ? ProviderTime.parse(row.nextAttemptOn()) : null)
        .json(recorded.json())
        .build();
  }

  /** Status 0 is a failure with an error text or if given up: else the log waits or is sent. */
  private static DeliveryStatus status(LogRow row) {
    int status = number(row.status());
    if (status == 0) {
      boolean answered = row.responsePayload() != null && !row.responsePayload().isEmpty();
      return answered || isGivenUp(row) ? DeliveryStatus.FAILED : DeliveryStatus.PENDING;
    }
    if (status >= 200 && status < 300) {
      return DeliveryStatus.SUCCEEDED;
    }
    return status >= 300 && status < 600 ? DeliveryStatus.FAILED : DeliveryStatus.UNKNOWN;
  }

  /**
   * The build that counts attempts sends what has a next one and nothing else: WebhookPublisher.cs
   * queues with it, WebhookSender.cs takes it away unsent if the target's URL or host is invalid.
   */
  private static boolean isGivenUp(LogRow row) {
    return row.attempts() != null && row.nextAttemptOn() == null;
  }

  private static @Nullable Integer httpStatus(LogRow row) {
    int status = number(row.status());
    return status >= 100 ? status : null;
  }

  private static int number(@Nullable String status) {
    try {
      return status == null ? -1 : Integer.parseInt(status);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
