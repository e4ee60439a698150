package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Chatt2.me Hub. A delivery is named by the id of its log.
 *
 * <p>A retry is synchronous: when its answer comes, the new log is there, {@code Success} or {@code
 * Failed} as the endpoint answered, and the old log stays {@code Failed} for ever [doc]. Pages hold
 * 50 logs at most, a batch 50 ids [doc]. What is not documented: the order of the list (see {@link
 * Builder#oldestFirst}), and that a limit out of bounds or a batch of none or of more than 50 is
 * answered 400 [inferred].
 *
 * <pre>{@code
 * try (var chatt2me = FakeChatt2me.start()) {
 *   chatt2me.failures(1_000);
 *   // point a client at chatt2me.baseUrl() with chatt2me.apiKey()
 * }
 * }</pre>
 */
public final class FakeChatt2me extends FakeProvider {
  private static final int PAGE = 50;
  private static final int BATCH = 50;
  private static final List<String> API = List.of("v1", "organization", "webhook");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Ids logIds;
  private final Ids messageIds;
  private final boolean oldestFirst;
  private final boolean showsDeleted;
  private final String failedName;
  private final Set<String> statusNames;
  private final int otherStatus;
  private final boolean countsErrors;

  // One row a log.
  private final RowIndex logs = new RowIndex();
  private final IntColumn webhook = new IntColumn();
  private final IntColumn status = new IntColumn();
  private final IntColumn slot = new IntColumn();
  private final IntColumn message = new IntColumn();
  private final IntColumn deleted = new IntColumn();
  // One row an event: its first log.
  private final IntColumn firstLog = new IntColumn();
  private int messages;
  private int statusEvents;
  private int statusMessage;

  private FakeChatt2me(Builder builder) {
    super(builder);
    this.logIds = new Ids(seed, "chatt2me log");
    this.messageIds = new Ids(seed, "chatt2me message");
    this.oldestFirst = builder.oldestFirst;
    this.showsDeleted = builder.showsDeleted;
    this.failedName = builder.legacyStatusNames ? "Error" : "Failed";
    this.statusNames = builder.statusNames;
    this.otherStatus = builder.otherStatus;
    this.countsErrors = builder.countsErrors;
    Ids webhookIds = new Ids(seed, "chatt2me webhook");
    for (int i = 0; i < builder.webhooks; i++) {
      subscribe(
          new Subscription(
              webhookIds.uuid(i),
              "Webhook " + (i + 1),
              "https://receiver.example.com/webhooks/chatt2me/" + (i + 1),
              i % 2 == 0 ? "Message" : "MessageStatus"));
    }
  }

  /** Starts a fake with the default settings. */
  public static FakeChatt2me start() {
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

  /**
   * Deletes a log: lists leave it out (see {@link Builder#showsDeleted}), and a retry of it fails
   * [doc].
   *
   * @throws IllegalArgumentException if there is no such log
   */
  public void delete(String logId) {
    synchronized (lock) {
      int row = logIds.uuidRow(logId);
      if (row < 0 || row >= logs.size()) {
        throw new IllegalArgumentException("no log " + logId);
      }
      deleted.set(row, 1);
      logs.changed(row);
    }
  }

  @Override
  @Nullable Route route(Call call) {
    List<String> path = call.path();
    if (path.size() < 3 || !path.subList(0, 3).equals(API)) {
      return null;
    }
    List<String> rest = path.subList(3, path.size());
    if (call.method().equals("GET")) {
      return switch (rest.size()) {
        case 0 -> new Route(Operation.WEBHOOKS, List.of(), () -> listWebhooks(call));
        case 1 ->
            new Route(
                Operation.WEBHOOKS,
                List.of(),
                () -> atWebhook(rest.get(0), index -> Answer.ok(webhookJson(index))));
        case 2 ->
            rest.get(1).equals("webhook-log")
                ? new Route(
                    Operation.LIST,
                    List.of(),
                    () -> atWebhook(rest.get(0), index -> listLogs(call, index)))
                : null;
        default -> null;
      };
    }
    if (!call.method().equals("POST")
        || rest.size() < 3
        || !rest.get(1).equals("webhook-log")
        || !rest.get(rest.size() - 1).equals("retry")) {
      return null;
    }
    if (rest.size() == 4) {
      return new Route(
          Operation.RETRY,
          List.of(rest.get(2)),
          () -> atWebhook(rest.get(0), index -> retry(index, rest.get(2))));
    }
    if (rest.size() == 3) {
      JsonNode ids = batch(call);
      List<String> named = new ArrayList<>();
      if (ids != null) {
        ids.forEach(id -> named.add(id.asText()));
      }
      return new Route(
          Operation.RETRY,
          named,
          () -> atWebhook(rest.get(0), index -> retryBatch(index, ids == null ? null : named)));
    }
    return null;
  }

  @Override
  boolean authorized(Call call) {
    return apiKey().equals(call.header("x-api-key"));
  }

  @Override
  Answer unauthorized(Call call) {
    return failure(401, "Invalid or missing API key", "UNAUTHORIZED");
  }

  @Override
  Answer error(int httpStatus, String text) {
    return failure(httpStatus, text, text.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  @Override
  Answer invalid(Call call, InvalidParameterException problem) {
    return failure(400, problem.parameter() + " " + problem.problem(), "INVALID_PAYLOAD");
  }

  private static Answer failure(int httpStatus, String text, String code) {
    return Answer.of(httpStatus, Answer.object().put("errorMessage", text).put("errorCode", code));
  }

  @Override
  Set<String> enumFields() {
    return Set.of("status", "eventType");
  }

  @Override
  void seed(long at, int httpStatus, long random, int limit, IntColumn rows) {
    int index = pick(random, subscriptions().size());
    rows.add(newEvent(index, at, httpStatus, nextMessage(index, random)));
  }

  @Override
  int naturalDelivery(long at, long random) {
    int index = pick(random, subscriptions().size());
    int row = newLog(index, at, Endpoint.NO_ANSWER, nextMessage(index, random));
    status.set(row, endpoint().receive(slot.get(row), index, false));
    logs.changed(row);
    return row;
  }

  @Override
  String idOf(int row) {
    return logIds.uuid(row);
  }

  @Override
  int rowOf(String id) {
    int row = logIds.uuidRow(id);
    return row < logs.size() ? row : -1;
  }

  @Override
  int[] slots(String id) {
    int row = rowOf(id);
    return row < 0 ? new int[0] : new int[] {slot.get(row)};
  }

  @Override
  String slotId(int index) {
    return logIds.uuid(firstLog.get(index));
  }

  private Answer atWebhook(String id, IntFunction<Answer> action) {
    int index = findWebhook(id);
    return index < 0 ? failure(404, "Webhook not found", "NOT_FOUND") : action.apply(index);
  }

  private Answer listWebhooks(Call call) {
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    int limit = call.number("limit", 20, 1, PAGE);
    return page(offset, limit, subscriptions().size(), i -> webhookJson(i));
  }

  private Answer listLogs(Call call, int index) {
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    int limit = oddLists().rows(call.number("limit", 20, 1, PAGE));
    String wanted = call.query("status", "");
    if (!wanted.isEmpty() && !statusNames.contains(wanted)) {
      return otherStatus == 200
          ? page(offset, limit, 0, i -> Answer.object())
          : failure(otherStatus, "status must be one of " + statusNames, "INVALID_PAYLOAD");
    }
    RowIndex.View view = view(index, wanted);
    return page(
        offset, limit, view.size(), i -> logJson(view.at(oldestFirst ? i : view.size() - 1 - i)));
  }

  private RowIndex.View view(int index, String wanted) {
    IntPredicate here = row -> webhook.get(row) == index && (showsDeleted || deleted.get(row) == 0);
    return switch (wanted) {
      case "" -> logs.view(index + " all", here);
      case "Success" ->
          logs.view(index + " success", here.and(row -> Causes.isSuccess(status.get(row))));
      default -> logs.view(index + " failed", here.and(row -> !Causes.isSuccess(status.get(row))));
    };
  }

  private static Answer page(int offset, int limit, int total, IntFunction<JsonNode> item) {
    ObjectNode body = Answer.object();
    ArrayNode data = body.putArray("data");
    for (int i = offset; i < total && i < (long) offset + limit; i++) {
      data.add(item.apply(i));
    }
    body.putObject("pagination")
        .put("offset", offset)
        .put("limit", limit)
        .put("total", total)
        .put("totalPages", (total + limit - 1) / limit);
    return Answer.ok(body);
  }

  private static @Nullable JsonNode batch(Call call) {
    JsonNode json = call.json();
    JsonNode ids = json == null ? null : json.get("webhookLogIds");
    return ids != null && ids.isArray() ? ids : null;
  }

  private Answer retry(int index, String logId) {
    int row = retryable(index, logId);
    if (row == -1) {
      return failure(404, "Webhook log not found", "NOT_FOUND");
    }
    if (row == -2) {
      return failure(400, "Webhook log cannot be retried", "LOG_CANNOT_BE_RETRIED");
    }
    return Answer.ok(
        Answer.object().put("success", true).put("newLogId", logIds.uuid(resend(row))));
  }

  private Answer retryBatch(int index, @Nullable List<String> named) {
    if (named == null || named.isEmpty() || named.size() > BATCH) {
      throw new InvalidParameterException("webhookLogIds", "must hold 1 to 50 ids");
    }
    ObjectNode body = Answer.object();
    ArrayNode results = body.putArray("results");
    for (String id : named) {
      int row = retryable(index, id);
      ObjectNode result = results.addObject().put("webhookLogId", id).put("success", row >= 0);
      if (row >= 0) {
        result.put("newLogId", logIds.uuid(resend(row)));
      } else {
        result.putNull("newLogId");
      }
    }
    return Answer.ok(body);
  }

  /** The log's row; -1 if it is unknown, deleted or another webhook's, -2 if it did not fail. */
  private int retryable(int index, String logId) {
    int row = rowOf(logId);
    if (row < 0 || deleted.get(row) != 0 || webhook.get(row) != index) {
      return -1;
    }
    return Causes.isSuccess(status.get(row)) ? -2 : row;
  }

  private int resend(int old) {
    int index = webhook.get(old);
    int answer = endpoint().receive(slot.get(old), index, true);
    return addLog(index, now(), answer, slot.get(old), message.get(old));
  }

  private int newEvent(int index, long at, int httpStatus, int messageRow) {
    int row = newLog(index, at, httpStatus, messageRow);
    endpoint().seeded(slot.get(row), 1, Causes.isSuccess(httpStatus));
    return row;
  }

  private int newLog(int index, long at, int httpStatus, int messageRow) {
    firstLog.add(logs.size());
    return addLog(index, at, httpStatus, endpoint().open(), messageRow);
  }

  private int addLog(int index, long at, int httpStatus, int slotIndex, int messageRow) {
    webhook.add(index);
    status.add(httpStatus);
    slot.add(slotIndex);
    message.add(messageRow);
    int row = deleted.add(0);
    logs.add(at);
    return row;
  }

  /** Three status events (sent, delivered, read) share a message; one log in 8 has none. */
  private int nextMessage(int index, long random) {
    if (subscription(index).eventType().equals("MessageStatus")) {
      if (statusEvents++ % 3 == 0) {
        statusMessage = ++messages;
      }
      return statusMessage;
    }
    return pick(random + 1, 8) == 0 ? -1 : ++messages;
  }

  private JsonNode webhookJson(int index) {
    Subscription subscription = subscription(index);
    ObjectNode webhook =
        Answer.object().put("id", subscription.id()).put("active", isActive(index));
    if (countsErrors) {
      webhook.put("numberOfErrors", view(index, "Failed").size());
    }
    return webhook
        .put("label", subscription.name())
        .put("eventType", subscription.eventType())
        .put("endpoint", subscription.url())
        .put("isVerified", true)
        .put("createdDate", "2026-01-01T00:00:00.000Z");
  }

  private JsonNode logJson(int row) {
    Subscription subscription = subscription(webhook.get(row));
    int code = status.get(row);
    String time = TIME.format(Instant.ofEpochMilli(logs.key(row)));
    ObjectNode log =
        Answer.object().put("id", logIds.uuid(row)).put("webhookId", subscription.id());
    // No answer is 0 or null [doc].
    if (code == Endpoint.NO_ANSWER && row % 2 == 0) {
      log.putNull("statusCode");
    } else {
      log.put("statusCode", code);
    }
    if (code == Endpoint.NO_ANSWER) {
      log.putNull("responseBody");
    } else {
      log.put("responseBody", Causes.reason(code));
    }
    log.put("status", Causes.isSuccess(code) ? "Success" : failedName)
        .put("sendAt", time)
        .put("createdDate", time);
    if (message.get(row) >= 0) {
      log.put("messageId", messageIds.uuid(message.get(row)));
    }
    if (deleted.get(row) != 0) {
      log.put("isDeleted", true);
    }
    log.putObject("webhook")
        .put("id", subscription.id())
        .put("endpoint", subscription.url())
        .put("eventType", subscription.eventType());
    return log;
  }

  /** The settings of a {@link FakeChatt2me}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private boolean oldestFirst;
    private boolean legacyStatusNames;
    private boolean showsDeleted;
    private Set<String> statusNames = Set.of("Success", "Failed", "Error");
    private int otherStatus = 400;
    private boolean countsErrors = true;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Lists logs oldest first; newest first by default. The order is not documented. */
    public Builder oldestFirst(boolean value) {
      this.oldestFirst = value;
      return this;
    }

    /**
     * Calls failed logs {@code Error} as the older [spec] does; {@code Failed} by default [doc].
     */
    public Builder legacyStatusNames(boolean value) {
      this.legacyStatusNames = value;
      return this;
    }

    /**
     * The names that the status filter of the log list takes: {@code Success} and {@code Failed}
     * [doc], {@code Success} and {@code Error} [spec]; all three by default.
     */
    public Builder statusNames(String... names) {
      this.statusNames = new LinkedHashSet<>(List.of(names));
      return this;
    }

    /**
     * The HTTP status that another name in the status filter is answered with; 400 by default. 200
     * stands for an empty list [inferred].
     */
    public Builder otherStatus(int httpStatus) {
      this.otherStatus = httpStatus;
      return this;
    }

    /** Whether webhooks tell their {@code numberOfErrors}; on by default. */
    public Builder countsErrors(boolean value) {
      this.countsErrors = value;
      return this;
    }

    /** Lists deleted logs too, with {@code isDeleted} [inferred]; off by default. */
    public Builder showsDeleted(boolean value) {
      this.showsDeleted = value;
      return this;
    }

    /** Starts the fake. */
    public FakeChatt2me start() {
      FakeChatt2me fake = new FakeChatt2me(this);
      fake.open();
      return fake;
    }
  }

  /** One delivery to seed: by default a failure without an answer, an hour old. */
  public static final class Delivery {
    private final FakeChatt2me fake;
    private int index;
    private int code = Endpoint.NO_ANSWER;
    private @Nullable Instant at;
    private @Nullable String sameMessageAs;
    private boolean withMessage = true;

    private Delivery(FakeChatt2me fake) {
      this.fake = fake;
    }

    /** The webhook; the first one by default. */
    public Delivery webhook(String webhookId) {
      this.index = fake.webhookIndex(webhookId);
      return this;
    }

    /** What the endpoint answered; {@link Endpoint#NO_ANSWER} by default. */
    public Delivery status(int httpStatus) {
      this.code = httpStatus;
      return this;
    }

    /** When it was sent. */
    public Delivery at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** Gives it the {@code messageId} of another log, as the status events of a message have. */
    public Delivery sameMessageAs(String logId) {
      this.sameMessageAs = logId;
      return this;
    }

    /** Leaves out the {@code messageId}. */
    public Delivery withoutMessage() {
      this.withMessage = false;
      return this;
    }

    /** Adds it and returns its log's id. */
    public String add() {
      synchronized (fake.lock) {
        int messageRow = -1;
        if (sameMessageAs != null) {
          messageRow = fake.message.get(fake.rowOf(sameMessageAs));
        } else if (withMessage) {
          messageRow = ++fake.messages;
        }
        long time = at == null ? fake.now() - 3_600_000L : at.toEpochMilli();
        return fake.idOf(fake.newEvent(index, time, code, messageRow));
      }
    }
  }
}
