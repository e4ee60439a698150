package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogRow;
import dev.redrive.onlyoffice.OnlyOfficeWire.TriggerList;
import dev.redrive.onlyoffice.OnlyOfficeWire.WebhookConfig;
import dev.redrive.onlyoffice.OnlyOfficeWire.WebhookRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class OnlyOfficeMapper {
  private static final String TIMEOUT =
      "The request was canceled due to the configured HttpClient.Timeout of ";
  private static final String CANCELED = "A task was canceled.";

  private final ProviderHttp http;
  private final PortalZone zone;

  OnlyOfficeMapper(ProviderHttp http, PortalZone zone) {
    this.http = http;
    this.zone = zone;
  }

  static Webhook webhook(WebhookRow row) {
    WebhookConfig config = row.configs();
    return new Webhook(
        config.id(),
        config.name(),
        config.uri(),
        config.enabled(),
        null,
        Triggers.names(config.triggers()));
  }

  OnlyOfficeWebhook configuration(WebhookRow row) {
    WebhookConfig config = row.configs();
    Integer status = row.status();
    return new OnlyOfficeWebhook(
        config.id(),
        config.name(),
        config.uri(),
        config.enabled(),
        config.ssl(),
        Triggers.names(config.triggers()),
        config.targetId(),
        status == null || status == 0 ? null : status,
        config.lastFailureContent(),
        zone.ofLocal(config.lastFailureOn()),
        zone.ofLocal(config.lastSuccessOn()));
  }

  /** Whether a webhook has times in the portal's zone. */
  static boolean tellsLocalTimes(WebhookRow row) {
    return PortalZone.isLocal(row.configs().lastFailureOn())
        || PortalZone.isLocal(row.configs().lastSuccessOn());
  }

  static List<OnlyOfficeTrigger> triggers(TriggerList list) {
    JsonNode response = list.response();
    List<OnlyOfficeTrigger> triggers = new ArrayList<>();
    if (response == null) {
      return triggers;
    }
    if (response.isObject()) {
      response
          .properties()
          .forEach(
              entry ->
                  triggers.add(
                      new OnlyOfficeTrigger(entry.getKey(), entry.getValue().asLong(), null)));
      return triggers;
    }
    for (JsonNode trigger : response) {
      JsonNode available = trigger.path("available");
      triggers.add(
          new OnlyOfficeTrigger(
              trigger.path("name").asText(),
              trigger.path("id").asLong(),
              available.isBoolean() ? available.asBoolean() : null));
    }
    return triggers;
  }

  static String id(Recorded<LogRow> row) {
    return Objects.requireNonNull(row.value().id()).toString();
  }

  /**
   * Maps a log, whose listed times are shifted by the portal's zone.
   *
   * @param webhookId the webhook that was requested, because logs of older builds do not have it;
   *     null if all were
   */
  WebhookLog log(PortalLog listed, @Nullable Integer webhookId) {
    return read(listed, webhookId).build();
  }

  /** Maps a log without its time, because the portal's zone is not known. */
  WebhookLog undated(PortalLog listed, @Nullable Integer webhookId) {
    return read(listed, webhookId).createdAt(null).build();
  }

  /**
   * Maps a failed log whose event the portal will send by itself, as another log.
   *
   * @param nextAttempt when it will be sent
   */
  WebhookLog log(PortalLog listed, @Nullable Integer webhookId, Instant nextAttempt) {
    return read(listed, webhookId).nextRetryAt(nextAttempt).build();
  }

  private WebhookLog.Builder read(PortalLog listed, @Nullable Integer webhookId) {
    LogRow row = listed.row();
    String id = listed.id();
    RequestPayload payload = listed.payload();
    Duration offset = zone.of(listed);
    DeliveryStatus status = status(row);
    boolean failed = status == DeliveryStatus.FAILED;
    Instant delivered = time(row.delivery(), offset);
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
        .createdAt(shifted(listed.listedTime(), offset))
        .attemptedAt(delivered == null ? ProviderTime.parse(payload.retriedOn()) : delivered)
        .nextRetryAt(failed ? nextAttempt(row, offset) : null)
        .json(listed.recorded().json());
  }

  /**
   * Returns the status of a log. Status 0 is a failure if there is an error text or the portal has
   * given up; otherwise the log is queued or being sent.
   */
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
   * Whether the portal has given up. Builds that count attempts send only logs with a next attempt:
   * WebhookPublisher.cs sets it, and WebhookSender.cs removes it without sending the log if the URL
   * or host of the target is invalid.
   */
  private static boolean isGivenUp(LogRow row) {
    return row.attempts() != null && !row.tellsNextAttempt();
  }

  private static @Nullable Integer httpStatus(LogRow row) {
    int status = number(row.status());
    return status < 100 || (status == 500 && isTimeout(row.responsePayload())) ? null : status;
  }

  /** The server records a timeout as 500, with the text of its own exception (WebhookSender.cs). */
  private static boolean isTimeout(@Nullable String error) {
    return error != null && (error.startsWith(TIMEOUT) || error.equals(CANCELED));
  }

  /**
   * Takes an unreadable time as now: the portal will send the log again, so a retry could deliver
   * the event twice.
   */
  private @Nullable Instant nextAttempt(LogRow row, @Nullable Duration offset) {
    JsonNode told = row.nextAttemptOn();
    if (told == null || !row.tellsNextAttempt()) {
      return null;
    }
    Instant at = time(told.asText(), offset);
    return at == null ? http.now() : at;
  }

  private static @Nullable Instant time(@Nullable String listed, @Nullable Duration offset) {
    return shifted(ProviderTime.parse(listed), offset);
  }

  private static @Nullable Instant shifted(@Nullable Instant time, @Nullable Duration offset) {
    return time == null || offset == null ? time : time.plus(offset);
  }

  private static int number(@Nullable String status) {
    try {
      return status == null ? -1 : Integer.parseInt(status);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
