package dev.redrive.testkit;

import dev.redrive.testkit.Chatt2meLogs.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** The routes of a {@link FakeChatt2me}. */
final class Chatt2meRoutes {
  private static final String WEBHOOKS = "/v1/organization/webhook";
  private static final String WEBHOOK = WEBHOOKS + "/{webhook}";
  private static final String LOGS = WEBHOOK + "/webhook-log";
  private static final int PAGE = 50;
  private static final int BATCH = 50;

  private final FakeChatt2me fake;
  private final Chatt2meLogs logs;
  private final Chatt2meJson json;
  private final boolean oldestFirst;
  private final Set<String> statusNames;
  private final int otherStatus;
  private final boolean countsErrors;

  Chatt2meRoutes(FakeChatt2me fake, Chatt2meLogs logs, FakeChatt2me.Builder settings) {
    this.fake = fake;
    this.logs = logs;
    this.json =
        new Chatt2meJson(
            fake.ids("chatt2me application").uuid(0),
            fake.ids("chatt2me message"),
            settings.legacyStatusNames ? "Error" : "Failed");
    this.oldestFirst = settings.oldestFirst;
    this.statusNames = settings.statusNames;
    this.otherStatus = settings.otherStatus;
    this.countsErrors = settings.countsErrors;
  }

  void declare() {
    fake.get(WEBHOOKS, Operation.WEBHOOKS, this::listWebhooks);
    fake.get(WEBHOOK, Operation.WEBHOOKS, atWebhook((call, webhook) -> Answer.ok(toJson(webhook))));
    fake.get(LOGS, Operation.LIST, atWebhook(this::listLogs));
    fake.post(LOGS + "/{id}/retry", Operation.RETRY, atWebhook(this::retry));
    fake.post(LOGS + "/retry", Operation.RETRY, atWebhook(this::retryBatch))
        .naming(call -> call.textsInBody("webhookLogIds"));
  }

  private Route.Handler atWebhook(BiFunction<Call, Subscription, Answer> handler) {
    return call -> {
      Subscription webhook = fake.subscriptions().find(call.path("webhook"));
      return webhook == null
          ? FakeChatt2me.failure(404, "Webhook not found", "NOT_FOUND")
          : handler.apply(call, webhook);
    };
  }

  private Json toJson(Subscription webhook) {
    return json.webhook(webhook, countsErrors ? logs.failed(webhook).size() : null);
  }

  private Answer listWebhooks(Call call) {
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    int limit = call.number("limit", 20, 1, PAGE);
    List<Json> page = Json.page(fake.subscriptions().all(), offset, limit, this::toJson);
    return Answer.ok(Chatt2meJson.page(page, offset, limit, fake.subscriptions().all().size()));
  }

  private Answer listLogs(Call call, Subscription webhook) {
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    int limit = fake.pageSize(call.number("limit", 20, 1, PAGE));
    String status = call.query("status", "");
    boolean taken = status.isEmpty() || statusNames.contains(status);
    if (!taken && otherStatus != 200) {
      return FakeChatt2me.failure(
          otherStatus, "status must be one of " + statusNames, "INVALID_PAYLOAD");
    }
    List<Log> found = taken ? logs(webhook, status) : List.of();
    List<Json> page = Json.page(found, offset, limit, json::log);
    return Answer.ok(Chatt2meJson.page(page, offset, limit, found.size()));
  }

  private List<Log> logs(Subscription webhook, String status) {
    OrderedRows<Log> found =
        switch (status) {
          case "" -> logs.all(webhook);
          case "Success" -> logs.succeeded(webhook);
          default -> logs.failed(webhook);
        };
    return oldestFirst ? found.ascending() : found.descending();
  }

  private Answer retry(Call call, Subscription webhook) {
    Log log = logs.find(webhook, call.path("id"));
    if (log == null) {
      return FakeChatt2me.failure(404, "Webhook log not found", "NOT_FOUND");
    }
    if (log.succeeded()) {
      return FakeChatt2me.failure(400, "Webhook log cannot be retried", "LOG_CANNOT_BE_RETRIED");
    }
    return Answer.ok(
        Json.object().put("success", true).put("newLogId", logs.resend(log, fake.now()).id));
  }

  private Answer retryBatch(Call call, Subscription webhook) {
    List<String> ids = call.textsInBody("webhookLogIds");
    if (ids.isEmpty() || ids.size() > BATCH) {
      throw new InvalidParameterException("webhookLogIds", "must hold 1 to 50 ids");
    }
    List<Json> results = new ArrayList<>();
    for (String id : ids) {
      Log log = logs.find(webhook, id);
      String newLogId = log == null || log.succeeded() ? null : logs.resend(log, fake.now()).id;
      results.add(
          Json.object()
              .put("webhookLogId", id)
              .put("success", newLogId != null)
              .put("newLogId", newLogId));
    }
    return Answer.ok(Json.object().put("results", results));
  }
}
