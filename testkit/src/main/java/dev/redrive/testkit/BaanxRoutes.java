package dev.redrive.testkit;

import dev.redrive.testkit.BaanxEvent.Attempt;
import dev.redrive.testkit.BaanxEvent.Delivery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of a {@link FakeBaanx}. */
final class BaanxRoutes {
  private static final String WEBHOOKS = "/v1/webhooks";
  private static final String EVENTS = WEBHOOKS + "/events";
  private static final int MAX_LIMIT = 100;
  private static final int DEFAULT_LIMIT = 50;
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final FakeBaanx fake;
  private final BaanxEvents events;
  private final BaanxJson json;
  private final boolean oldestFirst;
  private final boolean showsQueued;

  BaanxRoutes(FakeBaanx fake, BaanxEvents events, FakeBaanx.Builder settings) {
    this.fake = fake;
    this.events = events;
    this.json =
        new BaanxJson(
            fake.ids("baanx business event"),
            fake.ids("baanx attempt"),
            fake.ids("baanx signature"));
    this.oldestFirst = settings.oldestFirst;
    this.showsQueued = settings.showsQueued;
  }

  void declare() {
    fake.get(WEBHOOKS, Operation.WEBHOOKS, call -> listWebhooks());
    fake.get(WEBHOOKS + "/{webhook}/logs", Operation.LIST, this::webhookLogs);
    fake.get(EVENTS, Operation.LIST, this::listEvents);
    fake.get(
        EVENTS + "/{id}/status",
        Operation.READ,
        atEvent((call, event) -> Answer.ok(json.status(event))));
    fake.get(EVENTS + "/{id}/logs", Operation.READ, atEvent((call, event) -> eventLogs(event)));
    fake.post(EVENTS + "/{id}/retry", Operation.RETRY, this::retry).naming(BaanxRoutes::named);
  }

  private Route.Handler atEvent(BiFunction<Call, BaanxEvent, Answer> handler) {
    return call -> {
      if (!isUuid(call.path("id"))) {
        return fake.error(400, "eventId must be a valid UUID");
      }
      BaanxEvent event = events.find(call.path("id"));
      return event == null ? fake.error(404, "Event not found") : handler.apply(call, event);
    };
  }

  private static boolean isUuid(String text) {
    return UUID.matcher(text).matches();
  }

  private Answer listWebhooks() {
    return Answer.ok(
        fake.subscriptions().all().stream()
            .map(each -> BaanxJson.webhook(each, BaanxEvent.TYPES))
            .toList());
  }

  private Answer listEvents(Call call) {
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String status = call.query("status", "");
    if (!status.isEmpty() && !BaanxEvent.STATUSES.contains(status)) {
      throw new InvalidParameterException(
          "status", "must be one of " + String.join(", ", BaanxEvent.STATUSES));
    }
    OrderedRows<BaanxEvent> found = events.list(status);
    List<BaanxEvent> rows = oldestFirst ? found.ascending() : found.descending();
    List<Json> window = Json.page(rows, 0, limit, json::event);
    return Answer.ok(Json.object().put("total", found.size()).put("events", window));
  }

  private Answer eventLogs(BaanxEvent event) {
    List<Attempt> attempts = new ArrayList<>();
    event.deliveries.forEach(delivery -> attempts.addAll(delivery.attempts));
    return Answer.ok(Json.object().put("event", json.event(event)).put("logs", logs(attempts)));
  }

  private Answer webhookLogs(Call call) {
    if (!isUuid(call.path("webhook"))) {
      return fake.error(400, "webhookId must be a valid UUID");
    }
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Subscription webhook = fake.subscriptions().find(call.path("webhook"));
    if (webhook == null) {
      return fake.error(404, "Webhook not found");
    }
    List<Attempt> all = events.attemptsAt(webhook).descending();
    List<Attempt> newest = all.subList(0, Math.min(limit, all.size()));
    return Answer.ok(Json.object().put("count", newest.size()).put("logs", logs(newest)));
  }

  private List<Json> logs(List<Attempt> attempts) {
    Comparator<Attempt> order = BaanxEvents.OLDEST_FIRST;
    return attempts.stream()
        .sorted(oldestFirst ? order : order.reversed())
        .map(json::attempt)
        .toList();
  }

  /** The webhook that the body of a retry names, null if it names none. */
  private static @Nullable String webhookId(Call call) {
    return call.json() instanceof Map<?, ?> body && body.get("webhookId") instanceof String id
        ? id
        : null;
  }

  private static List<String> named(Call call) {
    String webhookId = webhookId(call);
    return List.of(webhookId == null ? call.path("id") : call.path("id") + "/" + webhookId);
  }

  private Answer retry(Call call) {
    boolean malformed =
        call.bodySize() == 0
            ? call.header("Content-Type") != null
            : !(call.json() instanceof Map<?, ?> body)
                || (body.containsKey("webhookId") && webhookId(call) == null);
    return malformed
        ? fake.error(400, "Body must be a JSON object")
        : atEvent((same, event) -> retry(event, webhookId(call))).handle(call);
  }

  private Answer retry(BaanxEvent event, @Nullable String webhookId) {
    Delivery named = null;
    if (webhookId == null) {
      if (event.targets(null).isEmpty()) {
        return fake.error(400, "No active webhooks");
      }
    } else {
      if (!isUuid(webhookId)) {
        return fake.error(400, "webhookId must be a valid UUID");
      }
      named = event.to(fake.subscriptions().find(webhookId));
      if (named == null) {
        return fake.error(404, "Webhook not found");
      }
      if (!named.webhook().isActive()) {
        return fake.error(400, "Webhook is not active");
      }
    }
    queue(event, named);
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put(
                "data",
                Json.object()
                    .put("eventId", event.id)
                    .put("webhookCount", event.targets(named).size())
                    .put("message", "Event queued for retry")));
  }

  private void queue(BaanxEvent event, @Nullable Delivery named) {
    event.queuedRetries++;
    if (showsQueued) {
      event.targets(named).forEach(each -> events.addAttempt(each, fake.now(), BaanxEvent.QUEUED));
    }
    events.setStatus(event, BaanxEvent.PENDING);
    fake.enqueue(
        () -> {
          event.queuedRetries--;
          event.targets(named).forEach(each -> events.attempt(each, fake.now(), true));
          events.processed(event, fake.now());
        });
  }
}
