package dev.redrive.baanx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads events' logs and turns attempts into the common model. */
final class EventReader {
  private final BaanxApi api;
  private final ProviderHttp http;

  EventReader(BaanxApi api, ProviderHttp http) {
    this.api = api;
    this.http = http;
  }

  /**
   * What is logged of one event.
   *
   * @param status the event's own status in the same answer, null if not told
   * @param anyUnreadable whether there is an attempt among them that cannot be read, so that
   *     nothing can be concluded from the others
   * @param gone why there is nothing; null if the event was found
   */
  record EventLog(
      String eventId,
      @Nullable String status,
      List<WebhookLog> attempts,
      boolean anyUnreadable,
      @Nullable NotFoundException gone) {
    /** Whether there is an attempt of which nobody can tell what or whose it is. */
    boolean anyUnclear() {
      return anyUnreadable || attempts.stream().anyMatch(one -> one.webhookId() == null);
    }

    /** Whether Baanx is at work on the event again, be it that no new attempt shows yet. */
    boolean isUnderWay() {
      return status != null && BaanxEvent.Status.of(status).isUnderWay();
    }
  }

  /** One request each, some at once, in the order of {@code events}. */
  List<EventLog> readEach(List<Wire.Event> events) {
    return http.readEach(events, this::readIfThere);
  }

  EventLog readIfThere(Wire.Event event) {
    try {
      return read(event);
    } catch (NotFoundException e) {
      if (isThere(event)) {
        throw e;
      }
      return new EventLog(event.id(), null, List.of(), false, e);
    }
  }

  /** One 404 may be a proxy's; a second route has to say so too before an event is left out. */
  private boolean isThere(Wire.Event event) {
    try {
      api.readEventStatus(event.id()).get();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * What Baanx shows of the delivery that a key names: its newest attempt, or one that got through.
   * Null if there is none.
   */
  @Nullable FailedDelivery lookUp(FailedDelivery delivery) {
    DeliveryId id = Objects.requireNonNull(DeliveryId.parse(delivery.key().id()));
    EventLog log = readIfThere(Wire.Event.named(id.eventId()));
    Attempts attempts = Attempts.byWebhook(log.attempts()).get(id.webhookId());
    if (attempts == null) {
      return null;
    }
    WebhookLog deciding = attempts.deciding();
    boolean isOpen = log.isUnderWay() && deciding.status() != DeliveryStatus.SUCCEEDED;
    return FailedDelivery.of(
        isOpen ? WebhookLog.builder(deciding.key(), DeliveryStatus.PENDING).build() : deciding);
  }

  /** Reads one event's log; what the answer does not tell of the event is as in {@code known}. */
  EventLog read(Wire.Event known) {
    Wire.EventLogs answer = api.readEventLogs(known.id()).get();
    Wire.Event told = answer.event() == null ? known : answer.event();
    String type = told.eventType() == null ? known.eventType() : told.eventType();
    List<WebhookLog> attempts =
        answer.logs().stream()
            .filter(Objects::nonNull)
            .map(attempt -> toLog(attempt, known.id(), type, webhookId(attempt.value())))
            .toList();
    return new EventLog(
        known.id(), told.status(), attempts, attempts.size() < answer.logs().size(), null);
  }

  /**
   * Null unless it is a UUID: an attempt under a placeholder such as "n/a" may be any webhook's,
   * and taken for that of another one it would hide a delivered retry.
   */
  private static @Nullable String webhookId(Wire.Attempt attempt) {
    String told = attempt.webhookId();
    return told != null && ClientBuilder.isUuid(told) ? told : null;
  }

  /**
   * An attempt in the common model.
   *
   * @param eventId the id of the event's record; null if it is not known
   * @param webhookId the webhook; null if not told
   */
  WebhookLog toLog(
      Recorded<Wire.Attempt> recorded,
      @Nullable String eventId,
      @Nullable String eventType,
      @Nullable String webhookId) {
    Wire.Attempt attempt = recorded.value();
    String keyId = DeliveryId.keyId(eventId, attempt, webhookId == null ? "" : webhookId);
    Instant at = ProviderTime.parse(attempt.createdAt());
    return WebhookLog.builder(http.key(keyId), status(attempt.deliveryStatus()))
        .logId(attempt.id())
        .webhook(webhookId, null, attempt.requestUrl())
        .event(eventId, eventType)
        .providerStatus(attempt.deliveryStatus() == null ? "" : attempt.deliveryStatus())
        .httpStatus(attempt.responseStatus())
        .error(attempt.errorMessage())
        .responseBody(attempt.responseBody())
        .attemptNumber(attempt.attemptNumber())
        .createdAt(at)
        .attemptedAt(at)
        .nextRetryAt(nextRetry(attempt.nextRetryAt()))
        .json(recorded.json())
        .build();
  }

  /** One whose time cannot be read may be made at once: a retry now would deliver twice. */
  private @Nullable Instant nextRetry(@Nullable JsonNode told) {
    if (told == null || told.isNull() || (told.isValueNode() && told.asText().isBlank())) {
      return null;
    }
    Instant at = ProviderTime.parse(told.asText());
    return at == null ? http.now() : at;
  }

  private static DeliveryStatus status(@Nullable String deliveryStatus) {
    if (deliveryStatus == null) {
      return DeliveryStatus.UNKNOWN;
    }
    return switch (deliveryStatus.toLowerCase(Locale.ROOT)) {
      case "pending", "processing" -> DeliveryStatus.PENDING;
      case "success" -> DeliveryStatus.SUCCEEDED;
      case "failed" -> DeliveryStatus.FAILED;
      default -> DeliveryStatus.UNKNOWN;
    };
  }
}
