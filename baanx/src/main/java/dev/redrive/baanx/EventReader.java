package dev.redrive.baanx;

import dev.redrive.DeliveryKey;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the logs of events. */
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
   * The log of one event.
   *
   * @param status the status of the event in the same response; null if Baanx does not say
   * @param anyUnreadable whether an attempt cannot be read. Then nothing can be concluded from the
   *     other attempts
   * @param gone the error that says that there is no such event; null if the event was found
   */
  record EventLog(
      String eventId,
      @Nullable String status,
      List<WebhookLog> attempts,
      boolean anyUnreadable,
      @Nullable NotFoundException gone) {
    /** Whether an attempt cannot be read or names no webhook. */
    boolean anyUnclear() {
      return anyUnreadable || attempts.stream().anyMatch(one -> one.webhookId() == null);
    }

    /** Whether Baanx is sending the event again, even if its log has no new attempt yet. */
    boolean isUnderWay() {
      return status != null && BaanxEvent.Status.of(status).isUnderWay();
    }
  }

  /** Reads the status of an event, by an id from a caller. */
  BaanxEvent status(String eventId) {
    checkId(eventId, "read event status");
    return BaanxMapper.event(api.readEventStatus(eventId).get());
  }

  /** Reads the attempts of an event, by an id from a caller. */
  List<WebhookLog> attempts(String eventId) {
    checkId(eventId, "read event logs");
    return read(EventRow.named(eventId)).attempts();
  }

  private static void checkId(String eventId, String operation) {
    RequiredUuid.check(BaanxClient.DISPLAY_NAME, operation, "event id", eventId);
  }

  /**
   * Reads the logs of events with one request each, several at once, in the order of {@code
   * events}.
   */
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

  /** One 404 may come from a proxy, so an event is left out only if a second route says so, too. */
  private boolean isThere(EventRow event) {
    try {
      api.readEventStatus(event.id()).get();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** Like {@link #lookUp}; empty as well if the key is not one of this API. */
  Optional<FailedDelivery> find(DeliveryKey key) {
    return DeliveryId.refusal(key.id()) == null
        ? Optional.ofNullable(lookUp(FailedDelivery.of(key, null)))
        : Optional.empty();
  }

  /**
   * Reads a delivery by its key: its newest attempt, or a successful one. Null if there is no
   * attempt.
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

  /** Reads the log of an event. Fields that the response lacks are taken from {@code known}. */
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
   * Returns the webhook id if it is a UUID, or else null. An attempt with a placeholder such as
   * "n/a" may belong to any webhook: to count it for another one would hide a delivered retry.
   */
  private static @Nullable String webhookId(LogRow attempt) {
    String told = attempt.webhookId();
    return told != null && ClientBuilder.isUuid(told) ? told : null;
  }
}
