package dev.redrive.baanx;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.EventLogs;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.BaanxWire.LogRow;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.RequiredUuid;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads events' logs. */
final class EventReader {
  private final ProviderHttp http;
  private final BaanxApi api;
  private final BaanxMapper mapper;

  EventReader(ProviderHttp http, BaanxApi api, BaanxMapper mapper) {
    this.http = http;
    this.api = api;
    this.mapper = mapper;
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

  /** Where one event stands, by an id that a caller passes. */
  BaanxEvent status(String eventId) {
    checkId(eventId, "read event status");
    return BaanxMapper.event(api.readEventStatus(eventId).get());
  }

  /** One event's attempts, by an id that a caller passes. */
  List<WebhookLog> attempts(String eventId) {
    checkId(eventId, "read event logs");
    return read(EventRow.named(eventId)).attempts();
  }

  private static void checkId(String eventId, String operation) {
    RequiredUuid.check(BaanxClient.DISPLAY_NAME, operation, "event id", eventId);
  }

  /** One request each, some at once, in the order of {@code events}. */
  List<EventLog> readEach(List<EventRow> events) {
    return http.readEach(events, this::readIfThere);
  }

  EventLog readIfThere(EventRow event) {
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
  private boolean isThere(EventRow event) {
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
    EventLog log = readIfThere(EventRow.named(id.eventId()));
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
  EventLog read(EventRow known) {
    EventLogs answer = api.readEventLogs(known.id()).get();
    EventRow told = answer.event() == null ? known : answer.event();
    String type = told.eventType() == null ? known.eventType() : told.eventType();
    List<WebhookLog> attempts =
        answer.logs().stream()
            .filter(Objects::nonNull)
            .map(attempt -> mapper.log(attempt, known.id(), type, webhookId(attempt.value())))
            .toList();
    return new EventLog(
        known.id(), told.status(), attempts, attempts.size() < answer.logs().size(), null);
  }

  /**
   * Null unless it is a UUID: an attempt under a placeholder such as "n/a" may be any webhook's,
   * and taken for that of another one it would hide a delivered retry.
   */
  private static @Nullable String webhookId(LogRow attempt) {
    String told = attempt.webhookId();
    return told != null && ClientBuilder.isUuid(told) ? told : null;
  }
}
