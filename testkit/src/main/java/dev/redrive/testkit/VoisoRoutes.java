package dev.redrive.testkit;

import static dev.redrive.testkit.VoisoFailures.INACTIVE;
import static dev.redrive.testkit.VoisoFailures.PENDING;

import dev.redrive.testkit.VoisoFailures.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** The routes of a {@link FakeVoiso}, of both versions of the API. */
final class VoisoRoutes {
  private static final String V4 = "/api/v4/tasks";
  static final String V1 = "/api/webhooks/v1";
  private static final int V4_PAGE = 100;
  private static final int V1_PAGE = 50;
  private static final Duration V1_REACH = Duration.ofDays(31);

  private final FakeVoiso fake;
  private final VoisoFailures failures;
  private final boolean v1Details;
  private final boolean readOnlyKey;
  private final int v1RefusalStatus;

  VoisoRoutes(FakeVoiso fake, VoisoFailures failures, FakeVoiso.Builder settings) {
    this.fake = fake;
    this.failures = failures;
    this.v1Details = settings.v1Details;
    this.readOnlyKey = settings.readOnlyKey;
    this.v1RefusalStatus = settings.v1RefusalStatus;
  }

  void declare() {
    fake.get(V4 + "/webhooks", Operation.WEBHOOKS, this::listWebhooks);
    fake.get(V4 + "/webhooks/{webhook}", Operation.WEBHOOKS, this::readWebhook);
    fake.get(V4 + "/webhook_failures", Operation.LIST, this::listV4);
    fake.get(V4 + "/webhook_failures/{id}", Operation.READ, this::read);
    fake.post(V4 + "/webhook_failures/{id}/retrigger", Operation.RETRY, this::retriggerV4);
    fake.get(V1 + "/failures", Operation.LIST, this::listV1);
    fake.post(V1 + "/failures/{id}/retrigger", Operation.RETRY, this::retriggerV1);
  }

  static Answer errors(int httpStatus, String parameter, String problem) {
    return Answer.of(
        httpStatus, Json.object().put("errors", Json.object().put(parameter, List.of(problem))));
  }

  private Answer listV4(Call call) {
    int limit = fake.pageSize(call.number("limit", V4_PAGE, 1, V4_PAGE));
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    List<Failure> found =
        failures.listed(call.instant("created_at[gte]"), call.instant("created_at[lt]"));
    List<Json> page = Json.page(found, offset, limit, VoisoJson::failure);
    return Answer.ok(VoisoJson.page("webhook_failures", page, found.size()));
  }

  private Answer listV1(Call call) {
    int perPage = fake.pageSize(call.number("per_page", V1_PAGE, 1, V1_PAGE));
    int page = call.number("page", 1, 1, Integer.MAX_VALUE);
    Instant start = call.instant("start_date");
    if (start != null && start.isBefore(fake.clock().instant().minus(V1_REACH))) {
      throw new InvalidParameterException("start_date", "must be within the past 31 days");
    }
    List<Failure> found = failures.listed(start, call.instant("end_date"));
    Function<Failure, Json> json = v1Details ? VoisoJson::failure : VoisoJson::shortFailure;
    List<Json> rows = Json.page(found, (page - 1L) * perPage, perPage, json);
    return Answer.ok(Json.object().put("failures", rows));
  }

  private Answer read(Call call) {
    Failure failure = failures.findShown(call.path("id"));
    return failure == null ? fake.error(404, "Not found") : one(failure);
  }

  private static Answer one(Failure failure) {
    return Answer.ok(Json.object().put("webhook_failure", VoisoJson.failure(failure)));
  }

  private Answer retriggerV4(Call call) {
    if (readOnlyKey) {
      return fake.error(403, "Forbidden");
    }
    Failure failure = failures.findShown(call.path("id"));
    if (failure == null) {
      return fake.error(404, "Not found");
    }
    if (!failure.is(INACTIVE)) {
      return errors(409, "status", "cannot be retriggered in its current state");
    }
    retrigger(failure);
    return one(failure);
  }

  private Answer retriggerV1(Call call) {
    if (!call.hasJsonType()) {
      return fake.error(415, "Content-Type must be application/json");
    }
    String id = call.path("id");
    Failure failure = failures.findShown(id);
    if (failure == null || !failure.is(INACTIVE)) {
      return fake.error(v1RefusalStatus, "No failed webhook found with ID " + id);
    }
    retrigger(failure);
    return Answer.ok(Json.object().put("status", "success").put("failure_id", id));
  }

  private void retrigger(Failure failure) {
    failures.change(failure, PENDING, fake.now());
    fake.enqueue(() -> failures.attempt(failure, fake.now(), true));
  }

  private Answer listWebhooks(Call call) {
    int limit = call.number("limit", V4_PAGE, 1, V4_PAGE);
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    List<Json> page = Json.page(fake.subscriptions().all(), offset, limit, VoisoJson::webhook);
    return Answer.ok(VoisoJson.page("webhooks", page, fake.subscriptions().all().size()));
  }

  private Answer readWebhook(Call call) {
    Subscription webhook = fake.subscriptions().find(call.path("webhook"));
    return webhook == null
        ? fake.error(404, "Not found")
        : Answer.ok(Json.object().put("webhook", VoisoJson.webhook(webhook)));
  }
}
