package dev.redrive.testkit;

import dev.redrive.testkit.OnlyOfficeLogs.Log;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of a {@link FakeOnlyOffice}. */
final class OnlyOfficeRoutes {
  private static final String SETTINGS = "/api/2.0/settings";
  private static final String WEBHOOKS = SETTINGS + "/webhook";
  private static final String LOGS = SETTINGS + "/webhooks/log";
  private static final int PAGE = 100;

  private final FakeOnlyOffice fake;
  private final OnlyOfficeLogs logs;
  private final OnlyOfficeSender sender;
  private final OnlyOfficeJson json;
  private final boolean answersNull;

  OnlyOfficeRoutes(
      FakeOnlyOffice fake,
      OnlyOfficeLogs logs,
      OnlyOfficeSender sender,
      FakeOnlyOffice.Builder settings) {
    this.fake = fake;
    this.logs = logs;
    this.sender = sender;
    this.json = new OnlyOfficeJson(fake.ids("onlyoffice signature"), settings);
    this.answersNull = settings.answersNull;
  }

  void declare() {
    fake.get(WEBHOOKS, Operation.WEBHOOKS, this::listWebhooks);
    fake.get(WEBHOOKS + "/triggers", Operation.WEBHOOKS, this::listTriggers);
    fake.get(LOGS, Operation.READ, this::listLogs)
        .when(call -> !eventId(call).isEmpty())
        .naming(call -> List.of(eventId(call)));
    fake.get(LOGS, Operation.LIST, this::listLogs);
    fake.put(WEBHOOKS + "/retry", Operation.RETRY, this::retryBatch)
        .naming(call -> call.textsInBody("ids"));
    fake.put(WEBHOOKS + "/{id}/retry", Operation.RETRY, this::retry)
        .when(call -> OnlyOfficeLogs.isInt(call.path("id")));
  }

  private static String eventId(Call call) {
    return call.query("eventId", "");
  }

  /** The answer of a route that streams its rows, of which the envelope counts one [src]. */
  private Answer streamed(Call call, List<Json> rows, @Nullable Integer total) {
    return envelope(call, rows, 1, total);
  }

  private Answer envelope(
      Call call, @Nullable Object response, int count, @Nullable Integer total) {
    String href = fake.baseUrl() + call.encodedPath();
    return Answer.ok(OnlyOfficeJson.envelope(response, count, total, href, call.method()));
  }

  private Answer listWebhooks(Call call) {
    List<Json> all =
        fake.subscriptions().all().stream()
            .filter(webhook -> !logs.isRemoved(webhook))
            .map(this::webhookJson)
            .toList();
    return streamed(call, all, null);
  }

  /** A subscription with the status of its latest delivery, and when one failed and succeeded. */
  private Json webhookJson(Subscription webhook) {
    Json configs = json.webhook(webhook);
    List<Log> newestFirst =
        logs.newestFirst().stream().filter(log -> log.webhook() == webhook).toList();
    Set<String> told = new HashSet<>();
    for (Log log : newestFirst) {
      String name = Endpoint.isSuccess(log.status) ? "lastSuccessOn" : "lastFailureOn";
      if (log.sent && told.add(name)) {
        configs.put(name, json.local(log.createdAt));
      }
    }
    int status = newestFirst.isEmpty() ? 0 : newestFirst.get(0).storedStatus();
    return Json.object().put("configs", configs).put("status", status);
  }

  private Answer listTriggers(Call call) {
    List<Json> all =
        Stream.concat(Stream.of(OnlyOfficeTrigger.ALL), OnlyOfficeTrigger.EVENTS.stream())
            .map(
                each ->
                    Json.object()
                        .put("name", each.name())
                        .put("id", each.bit())
                        .put("available", true))
            .toList();
    return envelope(call, all, all.size(), null);
  }

  private Answer listLogs(Call call) {
    int count = fake.pageSize(call.number("count", PAGE, 1, PAGE));
    int start = call.number("startIndex", 0, 0, Integer.MAX_VALUE);
    Predicate<Log> wanted = OnlyOfficeFilter.of(call).and(log -> !logs.isRemoved(log.webhook()));
    List<Log> found;
    if (call.number("eventId", 0, Integer.MIN_VALUE, Integer.MAX_VALUE) == 0) {
      found = logs.newestFirst().stream().filter(wanted).toList();
    } else {
      Log one = logs.find(eventId(call));
      found = one != null && wanted.test(one) ? List.of(one) : List.of();
    }
    List<Json> page = Json.page(found, start, count, json::listed);
    return streamed(call, page, found.size());
  }

  private Answer retry(Call call) {
    String id = call.path("id");
    if (Integer.parseInt(id) == 0) {
      return fake.error(400, "Value does not fall within the expected range. (Parameter 'Id')");
    }
    Log log = logs.find(id);
    if (log == null || logs.isRemoved(log.webhook())) {
      return fake.error(404, "The required item was not found");
    }
    if (log.foreign) {
      return fake.error(403, "Access denied");
    }
    Log queued = queueRetry(log);
    return answersNull ? envelope(call, null, 0, null) : envelope(call, json.log(queued), 1, null);
  }

  private Answer retryBatch(Call call) {
    if (!call.hasJsonType()) {
      return fake.error(415, "Unsupported media type");
    }
    List<?> ids = call.listInBody("ids");
    if (ids == null) {
      return fake.error(500, "Object reference not set to an instance of an object.");
    }
    if (!ids.stream().allMatch(id -> id instanceof Integer)) {
      throw new InvalidParameterException(
          "$.ids", "The JSON value could not be converted to System.Int32.");
    }
    List<Json> queued = new ArrayList<>();
    for (Object id : ids) {
      Log log = logs.find(id.toString());
      if (log != null && !logs.isRemoved(log.webhook()) && !log.foreign) {
        queued.add(json.log(queueRetry(log)));
      }
    }
    return streamed(call, queued, null);
  }

  private Log queueRetry(Log log) {
    Log queued = logs.queueRetry(log, fake.now());
    sender.sendLater(queued);
    return queued;
  }
}
