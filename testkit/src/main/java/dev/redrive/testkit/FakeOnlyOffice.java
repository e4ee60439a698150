package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * ONLYOFFICE DocSpace. A delivery is named by the id of its log, a small integer.
 *
 * <p>A retry queues a delivery, as a new log in today's server or as the same log in the newest
 * ({@link Builder#resetsLog}) [src]; when it is delivered is up to {@link #settlesAfterReads} and
 * {@link #asyncDelay}. The limits of the vendor's cloud hold: 5 retry calls per path in 15 minutes,
 * 1500 requests a minute, 10,000 writes a day, 50 reads and 15 writes at once [src]; {@link
 * Builder#limits} switches them off as self-hosted portals do. An endpoint that answers 410 gets
 * its subscription deleted, and its logs with it [src]. The caller is an administrator; a log can
 * be another user's all the same ({@link Delivery#foreign}), to have it skipped as it would be for
 * others.
 */
public final class FakeOnlyOffice extends FakeProvider {
  private static final int PAGE = 100;
  private static final int FIRST_ID = 1_001;
  private static final int FIRST_CONFIG = 11;
  private static final int QUEUED = 0;
  private static final int SENT = 1;
  private static final List<String> SETTINGS = List.of("api", "2.0", "settings");
  private static final List<String> GROUPS =
      List.of("NotSent", "Status2xx", "Status3xx", "Status4xx", "Status5xx");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS0000", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final List<Trigger> TRIGGERS =
      List.of(
          new Trigger("user.created", 1),
          new Trigger("user.updated", 4),
          new Trigger("file.created", 128),
          new Trigger("file.updated", 512),
          new Trigger("file.moved", 16_384),
          new Trigger("room.created", 4_194_304),
          new Trigger("agent.created", 1L << 33));

  private final boolean resetsLog;
  private final boolean answersNull;
  private final boolean legacyPayloads;
  private final String suffix;
  private final ZoneId zone;
  private final @Nullable Limits limits;
  private final boolean tellsRetryAfter;

  // One row a log.
  private final RowIndex logs = new RowIndex();
  private final IntColumn config = new IntColumn();
  private final IntColumn status = new IntColumn();
  private final IntColumn state = new IntColumn();
  private final IntColumn slot = new IntColumn();
  private final IntColumn attempts = new IntColumn();
  private final IntColumn foreign = new IntColumn();
  private final IntColumn payloadLog = new IntColumn();
  private final IntColumn payloadRetries = new IntColumn();
  private final LongColumn created = new LongColumn();
  private final LongColumn delivery = new LongColumn();
  private final LongColumn nextAttempt = new LongColumn();
  // One row an event.
  private final IntColumn firstLog = new IntColumn();
  private final IntColumn trigger = new IntColumn();
  private final LongColumn happened = new LongColumn();

  // By subscription.
  private final boolean[] removed;

  private record Trigger(String name, long bit) {}

  private FakeOnlyOffice(Builder builder) {
    super(builder);
    this.resetsLog = builder.resetsLog;
    this.answersNull = builder.answersNull;
    this.legacyPayloads = builder.legacyPayloads;
    this.suffix = builder.timesWithoutZone ? "" : "Z";
    this.zone = builder.zone;
    this.limits = builder.limits ? new Limits() : null;
    this.tellsRetryAfter = builder.tellsRetryAfter;
    this.removed = new boolean[builder.webhooks];
    for (int i = 0; i < builder.webhooks; i++) {
      subscribe(
          new Subscription(
              Integer.toString(FIRST_CONFIG + i),
              "Portal events " + (i + 1),
              "https://receiver.example.com/webhooks/docspace/" + (i + 1),
              "*"));
    }
  }

  /** Starts a fake with the default settings: today's server, limits on. */
  public static FakeOnlyOffice start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts to describe one delivery; nothing is there until {@link Delivery#add}. */
  public Delivery delivery() {
    return new Delivery(this);
  }

  @Override
  @Nullable Route route(Call call) {
    List<String> path = call.path();
    if (path.size() < 4 || !path.subList(0, 3).equals(SETTINGS)) {
      return null;
    }
    List<String> rest = path.subList(3, path.size());
    if (call.method().equals("GET")) {
      return switch (String.join("/", rest)) {
        case "webhook" -> new Route(Operation.WEBHOOKS, List.of(), () -> listWebhooks(call));
        case "webhook/triggers" ->
            new Route(Operation.WEBHOOKS, List.of(), () -> listTriggers(call));
        case "webhooks/log" -> logRoute(call);
        default -> null;
      };
    }
    if (!call.method().equals("PUT")) {
      return null;
    }
    if (rest.equals(List.of("webhook", "retry"))) {
      JsonNode ids = ids(call);
      List<String> named = new ArrayList<>();
      if (ids != null) {
        ids.forEach(id -> named.add(id.asText()));
      }
      return new Route(Operation.RETRY, named, () -> retryBatch(call, ids));
    }
    if (rest.size() == 3 && rest.get(0).equals("webhook") && rest.get(2).equals("retry")) {
      String id = rest.get(1);
      return isInt(id) ? new Route(Operation.RETRY, List.of(id), () -> retry(call, id)) : null;
    }
    return null;
  }

  private Route logRoute(Call call) {
    String id = call.query("eventId", "");
    return id.isEmpty()
        ? new Route(Operation.LIST, List.of(), () -> listLogs(call))
        : new Route(Operation.READ, List.of(id), () -> listLogs(call));
  }

  @Override
  boolean authorized(Call call) {
    return bearer(call, apiKey());
  }

  @Override
  Answer unauthorized(Call call) {
    return error(401, "");
  }

  @Override
  Answer error(int httpStatus, String text) {
    if (httpStatus == 401) {
      return Answer.of(401, null);
    }
    ObjectNode body = Answer.object();
    body.putObject("error")
        .put("message", text)
        .put("type", "ASC.Common.Web.ItemNotFoundException")
        .put("stack", "   at ASC.Web.Api.Controllers.Settings.WebhooksController.RetryWebhook()")
        .put("hresult", -2146233088);
    return Answer.of(httpStatus, body.put("status", 1).put("statusCode", httpStatus));
  }

  @Override
  Answer invalid(Call call, InvalidParameterException problem) {
    ObjectNode body = Answer.object();
    ObjectNode response =
        body.putObject("response")
            .put("type", "https://tools.ietf.org/html/rfc9110#section-15.5.1")
            .put("title", "One or more validation errors occurred.")
            .put("status", 400);
    response.putObject("errors").putArray(problem.parameter()).add(problem.problem());
    response.put("traceId", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    return Answer.of(400, body.put("status", 1).put("statusCode", 400));
  }

  @Override
  Set<String> enumFields() {
    return Set.of("trigger");
  }

  @Override
  @Nullable Answer refuse(Call call, Route route) {
    if (limits == null) {
      return null;
    }
    boolean write = !call.method().equals("GET");
    long wait =
        limits.take(
            now(),
            write,
            route.operation() == Operation.RETRY,
            call.encodedPath(),
            write ? writesInFlight() : readsInFlight());
    if (wait == 0) {
      return null;
    }
    if (!tellsRetryAfter && !(write && limits.isDayUsedUp())) {
      String limit = route.operation() == Operation.RETRY ? "5" : "1500";
      return Answer.of(429, null)
          .with("X-RateLimit-Limit", limit)
          .with("X-RateLimit-Remaining", "0");
    }
    return error(429, "Too many requests").with("Retry-After", Long.toString((wait + 999) / 1_000));
  }

  @Override
  void seed(long at, int httpStatus, long random, int limit, IntColumn rows) {
    int index = pick(random, subscriptions().size());
    rows.add(newEvent(index, at, httpStatus, pick(random + 1, TRIGGERS.size())));
  }

  @Override
  int seedStillTrying(long at, long random) {
    int row =
        newQueued(pick(random, subscriptions().size()), at, pick(random + 1, TRIGGERS.size()));
    if (resetsLog && row % 2 == 0) {
      sent(row, at, 503);
      attempts.set(row, 1);
      nextAttempt.set(row, now() + 3_600_000L);
    }
    return row;
  }

  @Override
  void tryAgain(int row) {
    sent(row, now(), endpoint().receive(slot.get(row), config.get(row), false));
  }

  @Override
  int naturalDelivery(long at, long random) {
    int index = pick(random, subscriptions().size());
    int row = newQueued(index, at, pick(random + 1, TRIGGERS.size()));
    sent(row, at, endpoint().receive(slot.get(row), index, false));
    return row;
  }

  @Override
  String idOf(int row) {
    return Integer.toString(FIRST_ID + row);
  }

  @Override
  int rowOf(String id) {
    int row = isInt(id) ? Integer.parseInt(id) - FIRST_ID : -1;
    return row >= 0 && row < logs.size() ? row : -1;
  }

  @Override
  int[] slots(String id) {
    int row = rowOf(id);
    return row < 0 ? new int[0] : new int[] {slot.get(row)};
  }

  @Override
  String slotId(int index) {
    return idOf(firstLog.get(index));
  }

  @Override
  void deliver(int row, int target) {
    if (!removed[config.get(row)]) {
      sent(row, now(), endpoint().receive(slot.get(row), config.get(row), true));
    }
  }

  private Answer listWebhooks(Call call) {
    ArrayNode all = Answer.JSON.arrayNode();
    for (int i = 0; i < subscriptions().size(); i++) {
      if (!removed[i]) {
        Subscription subscription = subscription(i);
        ObjectNode item = all.addObject();
        item.putObject("configs")
            .put("id", FIRST_CONFIG + i)
            .put("name", subscription.name())
            .put("uri", subscription.url())
            .put("enabled", isActive(i))
            .put("ssl", true)
            .put("triggers", 0)
            .put("createdOn", local(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli()));
        putLatest(item, i);
      }
    }
    return envelope(call, all, all.size());
  }

  /** The status of the latest delivery, and when one last failed and succeeded. */
  private void putLatest(ObjectNode item, int index) {
    RowIndex.View view = logs.view("config " + index, row -> config.get(row) == index);
    item.put("status", view.size() == 0 ? 0 : storedStatus(view.at(view.size() - 1)));
    ObjectNode configs = (ObjectNode) item.get("configs");
    for (int i = view.size() - 1; i >= 0; i--) {
      int row = view.at(i);
      String name = Causes.isSuccess(status.get(row)) ? "lastSuccessOn" : "lastFailureOn";
      if (state.get(row) == SENT && !configs.has(name)) {
        configs.put(name, local(created.get(row)));
      }
    }
  }

  private Answer listTriggers(Call call) {
    ArrayNode all = Answer.JSON.arrayNode();
    for (Trigger each : TRIGGERS) {
      all.addObject().put("name", each.name()).put("id", each.bit()).put("available", true);
    }
    return envelope(call, all, all.size());
  }

  private Answer listLogs(Call call) {
    int count = oddLists().rows(call.number("count", PAGE, 1, PAGE));
    int start = call.number("startIndex", 0, 0, Integer.MAX_VALUE);
    String one = call.query("eventId", "");
    IntPredicate filter = filter(call);
    ArrayNode page = Answer.JSON.arrayNode();
    if (!one.isEmpty() && !one.equals("0")) {
      call.number("eventId", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
      int row = rowOf(one);
      boolean found = row >= 0 && filter.test(row);
      if (found && start == 0) {
        page.add(listed(row));
      }
      return envelope(call, page, found ? 1 : 0);
    }
    RowIndex.View view = logs.view(filterName(call), filter);
    for (int i = start; i < view.size() && i < (long) start + count; i++) {
      page.add(listed(view.at(view.size() - 1 - i)));
    }
    return envelope(call, page, view.size());
  }

  private static String filterName(Call call) {
    Map<String, String> parameters = call.queryParameters();
    parameters.remove("count");
    parameters.remove("startIndex");
    return parameters.toString();
  }

  private IntPredicate filter(Call call) {
    IntPredicate filter = row -> !removed[config.get(row)] && foreign.get(row) == 0;
    int wantedConfig = call.number("configId", 0, 0, Integer.MAX_VALUE);
    if (wantedConfig != 0) {
      filter = filter.and(row -> FIRST_CONFIG + config.get(row) == wantedConfig);
    }
    int groups = groups(call.query("groupStatus", "0"));
    if (groups != 0) {
      filter = filter.and(row -> (groups & group(storedStatus(row))) != 0);
    }
    String uri = call.query("hookUri", "");
    if (!uri.isEmpty()) {
      filter = filter.and(row -> subscription(config.get(row)).url().equals(uri));
    }
    long bit = triggerBit(call.query("trigger", "0"));
    if (bit != 0) {
      filter = filter.and(row -> TRIGGERS.get(trigger.get(slot.get(row))).bit() == bit);
    }
    Instant from = call.instant("deliveryFrom");
    Instant to = call.instant("deliveryTo");
    // Either bound hides what has no delivery time, and that is every failure [src].
    if (from != null) {
      long bound = from.toEpochMilli();
      filter = filter.and(row -> delivery.get(row) != 0 && delivery.get(row) >= bound);
    }
    if (to != null) {
      long bound = to.toEpochMilli();
      filter = filter.and(row -> delivery.get(row) != 0 && delivery.get(row) <= bound);
    }
    return filter;
  }

  /** Numbers are sums of bits, names may be joined by commas, as ASP.NET reads flags. */
  private static int groups(String text) {
    int groups = 0;
    if (isInt(text)) {
      groups = Integer.parseInt(text);
    } else {
      for (String name : text.split(",", -1)) {
        if (!name.trim().equals("None")) {
          int index = GROUPS.indexOf(name.trim());
          if (index < 0) {
            throw invalidGroups(text);
          }
          groups |= 1 << index;
        }
      }
    }
    if (groups < 0 || groups >= 1 << GROUPS.size()) {
      throw invalidGroups(text);
    }
    return groups;
  }

  private static InvalidParameterException invalidGroups(String text) {
    return new InvalidParameterException("groupStatus", "The value '" + text + "' is not valid.");
  }

  /** The bit of a status: 1 for not sent, then one for each class from 2xx to 5xx. */
  private static int group(int httpStatus) {
    return switch (httpStatus / 100) {
      case 0 -> 1;
      case 2 -> 2;
      case 3 -> 4;
      case 4 -> 8;
      default -> 16;
    };
  }

  private static long triggerBit(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new InvalidParameterException("trigger", "The value '" + text + "' is not valid.");
    }
  }

  private Answer retry(Call call, String id) {
    if (Integer.parseInt(id) == 0) {
      return error(400, "Value does not fall within the expected range. (Parameter 'Id')");
    }
    int row = rowOf(id);
    if (row < 0 || removed[config.get(row)]) {
      return error(404, "The required item was not found");
    }
    if (foreign.get(row) != 0) {
      return error(403, "Access denied");
    }
    int queued = queueRetry(row);
    return envelope(call, answersNull ? Answer.JSON.nullNode() : logJson(queued), 1);
  }

  private static @Nullable JsonNode ids(Call call) {
    JsonNode json = call.json();
    JsonNode ids = json == null ? null : json.get("ids");
    return ids != null && ids.isArray() ? ids : null;
  }

  private Answer retryBatch(Call call, @Nullable JsonNode ids) {
    String type = call.header("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      return error(415, "Unsupported media type");
    }
    if (ids == null) {
      throw new InvalidParameterException("Ids", "The Ids field is required.");
    }
    for (JsonNode id : ids) {
      if (!id.isInt()) {
        throw new InvalidParameterException(
            "$.ids", "The JSON value could not be converted to System.Int32.");
      }
    }
    ArrayNode queued = Answer.JSON.arrayNode();
    for (JsonNode id : ids) {
      int row = rowOf(id.asText());
      if (row >= 0 && !removed[config.get(row)] && foreign.get(row) == 0) {
        queued.add(logJson(queueRetry(row)));
      }
    }
    return envelope(call, queued, queued.size());
  }

  private int queueRetry(int row) {
    int queued = row;
    if (resetsLog) {
      status.set(row, 0);
      state.set(row, QUEUED);
      delivery.set(row, 0);
      nextAttempt.set(row, now());
      logs.changed(row);
    } else {
      queued = addLog(config.get(row), now(), slot.get(row));
      payloadLog.set(queued, payloadLog.get(row));
      payloadRetries.set(queued, payloadRetries.get(row));
    }
    enqueue(queued, 0);
    return queued;
  }

  private int newEvent(int index, long at, int httpStatus, int triggerIndex) {
    int row = newQueued(index, at, triggerIndex);
    sent(row, at, httpStatus);
    endpoint().seeded(slot.get(row), 1, Causes.isSuccess(httpStatus));
    return row;
  }

  private int newQueued(int index, long at, int triggerIndex) {
    firstLog.add(logs.size());
    trigger.add(triggerIndex);
    happened.add(at);
    return addLog(index, at, endpoint().open());
  }

  private int addLog(int index, long at, int slotIndex) {
    config.add(index);
    status.add(0);
    state.add(QUEUED);
    slot.add(slotIndex);
    attempts.add(0);
    foreign.add(0);
    payloadLog.add(-1);
    payloadRetries.add(0);
    created.add(at);
    delivery.add(0);
    // What is queued has a next attempt, due at once [src].
    int row = nextAttempt.add(at);
    logs.add(row);
    return row;
  }

  /** Writes down that a log was sent: its payload gets its own id only now [src]. */
  private void sent(int row, long at, int httpStatus) {
    if (payloadLog.get(row) >= 0) {
      payloadRetries.increment(row);
    }
    payloadLog.set(row, row);
    attempts.increment(row);
    nextAttempt.set(row, 0);
    state.set(row, SENT);
    status.set(row, httpStatus);
    delivery.set(row, Causes.isSuccess(httpStatus) ? at : 0);
    logs.changed(row);
    if (httpStatus == 410) {
      removed[config.get(row)] = true;
      logs.changed();
    }
  }

  private Answer envelope(Call call, JsonNode response, int total) {
    ObjectNode body = Answer.object();
    body.set("response", response);
    body.put("count", response.isArray() ? response.size() : 1).put("total", total);
    body.putArray("links")
        .addObject()
        .put("href", baseUrl() + call.encodedPath())
        .put("action", call.method());
    return Answer.ok(body.put("status", 0).put("statusCode", 200));
  }

  private JsonNode logJson(int row) {
    Subscription subscription = subscription(config.get(row));
    boolean sent = state.get(row) == SENT;
    ObjectNode log =
        Answer.object()
            .put("id", FIRST_ID + row)
            .put("configName", subscription.name())
            .put("trigger", TRIGGERS.get(trigger.get(slot.get(row))).bit())
            .put("creationTime", time(created.get(row)))
            .putNull("method")
            .putNull("route");
    putText(log, "requestHeaders", sent ? requestHeaders(row) : null);
    log.put("requestPayload", payload(row));
    putText(log, "responseHeaders", sent && delivery.get(row) != 0 ? "{\"Server\":\"x\"}" : null);
    putText(log, "responsePayload", sent ? responsePayload(row) : null);
    log.put("status", storedStatus(row));
    putText(log, "delivery", delivery.get(row) == 0 ? null : time(delivery.get(row)));
    if (resetsLog) {
      log.put("attempts", attempts.get(row));
      putText(log, "nextAttemptOn", nextAttempt.get(row) == 0 ? null : time(nextAttempt.get(row)));
    }
    return log;
  }

  /**
   * As the list has it: its times, which are UTC, are taken for the portal's local ones and
   * converted to UTC [src].
   */
  private JsonNode listed(int row) {
    ObjectNode log = (ObjectNode) logJson(row);
    for (String name : List.of("creationTime", "delivery", "nextAttemptOn")) {
      if (log.path(name).isTextual()) {
        LocalDateTime utc = LocalDateTime.parse(log.get(name).textValue().replace("Z", ""));
        log.put(name, time(utc.atZone(zone).toInstant().toEpochMilli()));
      }
    }
    return log;
  }

  /** A timeout is stored as 500 [src]. */
  private int storedStatus(int row) {
    return isTimeout(row) ? 500 : status.get(row);
  }

  private boolean isTimeout(int row) {
    return state.get(row) == SENT && status.get(row) == Endpoint.NO_ANSWER && row % 3 == 2;
  }

  /** A time in the portal's zone. */
  private String local(long millis) {
    return TIME.withZone(zone).format(Instant.ofEpochMilli(millis)) + suffix;
  }

  private static void putText(ObjectNode json, String name, @Nullable String value) {
    if (value == null) {
      json.putNull(name);
    } else {
      json.put(name, value);
    }
  }

  private String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis)) + suffix;
  }

  private String requestHeaders(int row) {
    return Answer.text(
        Answer.object()
            .put("Content-Type", "application/json")
            .put("x-docspace-signature-256", "sha256=" + Long.toHexString(Ids.mix(seed + row))));
  }

  private String responsePayload(int row) {
    int code = status.get(row);
    if (Causes.isSuccess(code)) {
      return "OK";
    }
    if (code == Endpoint.NO_ANSWER) {
      return switch (row % 3) {
        case 0 -> "Connection refused (receiver.example.com:443)";
        case 1 -> "Name or service not known (receiver.example.com:443)";
        default ->
            row % 2 == 0
                ? "A task was canceled."
                : "The request was canceled due to the configured HttpClient.Timeout of 100 seconds"
                    + " elapsing.";
      };
    }
    if (code == 500 && row % 4 == 0) {
      return "The SSL connection could not be established, see inner exception.";
    }
    return "Response status code does not indicate success: "
        + code
        + " ("
        + Causes.reason(code)
        + ").";
  }

  private String payload(int row) {
    int event = slot.get(row);
    Trigger cause = TRIGGERS.get(trigger.get(event));
    Subscription subscription = subscription(config.get(row));
    // Two events of one file: equal payloads alone do not mean the same event.
    int file = 70_000 + event / 2;
    ObjectNode payload =
        Answer.object()
            .put("id", file)
            .put("parentId", 42)
            .put("rootId", 42)
            .put("title", "Document " + file + ".docx");
    if (legacyPayloads) {
      return Answer.text(payload);
    }
    int sentLog = payloadLog.get(row);
    ObjectNode json = Answer.object();
    json.putObject("event")
        .put("id", sentLog < 0 ? 0 : FIRST_ID + sentLog)
        .put("createOn", time(happened.get(event)))
        .put("createBy", "66faa6e4-f133-11ea-b126-00ffeec8b4ef")
        .put("trigger", cause.name())
        .put("triggerId", cause.bit());
    json.set("payload", payload);
    ObjectNode webhook =
        json.putObject("webhook")
            .put("id", FIRST_CONFIG + config.get(row))
            .put("name", subscription.name())
            .put("url", subscription.url())
            .put("retryCount", payloadRetries.get(row));
    putText(webhook, "retryOn", payloadRetries.get(row) == 0 ? null : time(created.get(sentLog)));
    putText(webhook, "lastFailureOn", sentLog < 0 ? null : time(created.get(sentLog)));
    return Answer.text(json);
  }

  private static boolean isInt(String text) {
    try {
      Integer.parseInt(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The settings of a {@link FakeOnlyOffice}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private boolean resetsLog;
    private boolean answersNull;
    private boolean legacyPayloads;
    private boolean timesWithoutZone;
    private boolean limits = true;
    private boolean tellsRetryAfter;
    private ZoneId zone = ZoneOffset.UTC;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Behaves as the newest server: a retry resets the same log instead of adding one, and logs
     * tell {@code attempts} and {@code nextAttemptOn} [src]. Off by default.
     */
    public Builder resetsLog(boolean value) {
      this.resetsLog = value;
      return this;
    }

    /** Answers {@code null} to a single retry, as the newest server may [src]. Off by default. */
    public Builder answersNull(boolean value) {
      this.answersNull = value;
      return this;
    }

    /** Leaves {@code event} and {@code webhook} out of payloads, as older builds may [src]. */
    public Builder legacyPayloads(boolean value) {
      this.legacyPayloads = value;
      return this;
    }

    /** Writes UTC times without a {@code Z} [inferred]. Off by default. */
    public Builder timesWithoutZone(boolean value) {
      this.timesWithoutZone = value;
      return this;
    }

    /**
     * The portal's time zone, which shifts the times in lists [src]; UTC by default. Answers to
     * retries are not shifted.
     */
    public Builder zone(ZoneId value) {
      this.zone = value;
      return this;
    }

    /** Whether the rate limits hold; on by default, self-hosted portals have them off. */
    public Builder limits(boolean value) {
      this.limits = value;
      return this;
    }

    /**
     * Whether each 429 has a {@code Retry-After} and a body. Off by default, as at the vendor's:
     * only the 429 of the daily limit has them, the others have no headers but {@code
     * X-RateLimit-Limit} and {@code X-RateLimit-Remaining: 0} [src].
     */
    public Builder tellsRetryAfter(boolean value) {
      this.tellsRetryAfter = value;
      return this;
    }

    /** Starts the fake. */
    public FakeOnlyOffice start() {
      FakeOnlyOffice fake = new FakeOnlyOffice(this);
      fake.open();
      return fake;
    }
  }

  /** One delivery to seed: by default a failure without an answer, an hour old. */
  public static final class Delivery {
    private final FakeOnlyOffice fake;
    private int index;
    private int code = Endpoint.NO_ANSWER;
    private int triggerIndex = 2;
    private @Nullable Instant at;
    private @Nullable Instant next;
    private boolean isQueued;
    private boolean isCancelled;
    private boolean isForeign;

    private Delivery(FakeOnlyOffice fake) {
      this.fake = fake;
    }

    /** The subscription; the first one by default. */
    public Delivery webhook(String configId) {
      this.index = fake.webhookIndex(configId);
      return this;
    }

    /** What the endpoint answered; {@link Endpoint#NO_ANSWER} by default. */
    public Delivery status(int httpStatus) {
      this.code = httpStatus;
      return this;
    }

    /**
     * What happened; {@code file.created} by default.
     *
     * @throws IllegalArgumentException if the server has no such trigger
     */
    public Delivery trigger(String name) {
      this.triggerIndex = TRIGGERS.stream().map(Trigger::name).toList().indexOf(name);
      if (triggerIndex < 0) {
        throw new IllegalArgumentException("no trigger " + name);
      }
      return this;
    }

    /** When its log was made. */
    public Delivery at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** Not sent yet: status 0 without a {@code responsePayload}, and it stays so. */
    public Delivery queued() {
      this.isQueued = true;
      return this;
    }

    /**
     * Given up before it was sent, as the newest server does where the target's URL or host name is
     * invalid: as {@link #queued}, but with no next attempt [src].
     */
    public Delivery cancelled() {
      this.isCancelled = true;
      return this;
    }

    /** When the server will try again by itself; shown by the newest server only. */
    public Delivery nextAttemptOn(Instant instant) {
      this.next = instant;
      return this;
    }

    /** Of another user's subscription: not listed, 403 alone, left out of a batch. */
    public Delivery foreign() {
      this.isForeign = true;
      return this;
    }

    /** Adds it and returns its log's id. */
    public String add() {
      synchronized (fake.lock) {
        long time = at == null ? fake.now() - 3_600_000L : at.toEpochMilli();
        int row =
            isQueued || isCancelled
                ? fake.newQueued(index, time, triggerIndex)
                : fake.newEvent(index, time, code, triggerIndex);
        fake.foreign.set(row, isForeign ? 1 : 0);
        if (isCancelled) {
          fake.nextAttempt.set(row, 0);
        } else if (next != null) {
          fake.nextAttempt.set(row, next.toEpochMilli());
        }
        fake.logs.changed(row);
        return fake.idOf(row);
      }
    }
  }
}
