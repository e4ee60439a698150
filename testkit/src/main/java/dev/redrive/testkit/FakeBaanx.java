package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Baanx. A delivery is an (event, webhook) pair, named {@code eventId/webhookId} after the event's
 * record {@code id}, which is what the paths take [doc, by its samples].
 *
 * <p>An event goes to up to 5 webhooks, some of which may have got it. The list shows at most 100
 * events and has no offset [doc]; its {@code total} tells how many there are. A retry turns the
 * event {@code pending}; when it is delivered is up to {@link #settlesAfterReads} and {@link
 * #asyncDelay}. Then there is a new attempt for the webhook that the retry named, or for all active
 * ones, and the event is {@code completed} if the newest attempts of all its webhooks succeeded,
 * else {@code failed}.
 *
 * <p>[inferred]: the order of lists, the fields of a webhook beside {@code id}, that unknown and
 * inactive webhooks are refused with 404 and 400, and that a JSON {@code Content-Type} without a
 * body is refused with 400.
 */
public final class FakeBaanx extends FakeProvider {
  private static final int MAX_WEBHOOKS = 5;
  private static final int MAX_ATTEMPTS = 6;
  private static final int MAX_LIMIT = 100;
  private static final int DEFAULT_LIMIT = 50;
  private static final long BACKOFF_MILLIS = 10_000L;
  private static final List<String> API = List.of("v1", "webhooks");
  private static final List<String> STATUSES =
      List.of("pending", "processing", "completed", "failed", "skipped");
  private static final int PENDING = 0;
  private static final int COMPLETED = 2;
  private static final int FAILED = 3;

  /** In place of an attempt's HTTP status: it is not made yet. */
  private static final int QUEUED = -1;

  private static final List<String> TYPES =
      List.of("kyc.status.changed", "card.created", "card.transaction", "wallet.updated");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Ids eventIds;
  private final Ids businessIds;
  private final Ids seededAttemptIds;
  private final Ids attemptIds;
  private final boolean oldestFirst;
  private final boolean showsQueued;
  private final Numbering numbering;

  // One row an event.
  private final RowIndex events = new RowIndex();
  private final IntColumn status = new IntColumn();
  private final IntColumn type = new IntColumn();
  private final IntColumn firstSlot = new IntColumn();
  private final IntColumn slotCount = new IntColumn();
  private final IntColumn queued = new IntColumn();
  private final LongColumn processed = new LongColumn();
  // One row a delivery, which is an (event, webhook) pair, with the attempts it was seeded with.
  private final IntColumn event = new IntColumn();
  private final IntColumn webhook = new IntColumn();
  private final IntColumn seeded = new IntColumn();
  private final IntColumn seededStatus = new IntColumn();
  private final LongColumn seededLast = new LongColumn();
  private final LongColumn nextRetry = new LongColumn();
  private final IntColumn newest = new IntColumn();
  // One row an attempt made since.
  private final IntColumn attemptSlot = new IntColumn();
  private final IntColumn attemptStatus = new IntColumn();
  private final IntColumn attemptNumber = new IntColumn();
  private final IntColumn previous = new IntColumn();
  private final LongColumn attemptAt = new LongColumn();

  /**
   * One attempt.
   *
   * @param order of the attempts of one delivery, later ones have a greater one
   * @param status what the endpoint answered, {@link Endpoint#NO_ANSWER} or {@link #QUEUED}
   */
  private record Attempt(
      String id, int slot, int order, int number, int status, long at, long nextRetry) {}

  private FakeBaanx(Builder builder) {
    super(builder);
    if (builder.webhooks > MAX_WEBHOOKS) {
      throw new IllegalArgumentException("Baanx has at most " + MAX_WEBHOOKS + " webhooks");
    }
    this.eventIds = new Ids(seed, "baanx event");
    this.businessIds = new Ids(seed, "baanx business event");
    this.seededAttemptIds = new Ids(seed, "baanx seeded attempt");
    this.attemptIds = new Ids(seed, "baanx attempt");
    this.oldestFirst = builder.oldestFirst;
    this.showsQueued = builder.showsQueued;
    this.numbering = builder.numbering;
    Ids webhookIds = new Ids(seed, "baanx webhook");
    for (int i = 0; i < builder.webhooks; i++) {
      subscribe(
          new Subscription(
              webhookIds.uuid(i),
              "Partner webhook " + (i + 1),
              "https://receiver.example.com/webhooks/baanx/" + (i + 1),
              "*"));
    }
  }

  /** The {@code attemptNumber} of a retry's attempt: documented as 1 to 6, no more. */
  public enum Numbering {
    /** One more than the last one, even above 6. */
    GOING_ON,
    /** 1 for each retry. */
    FROM_ONE,
    /** One more than the last one, and 6 for ever from there on. */
    UP_TO_SIX
  }

  /** Starts a fake with the default settings. */
  public static FakeBaanx start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts to describe one event; nothing is there until {@link Event#add}. */
  public Event event() {
    return new Event(this);
  }

  @Override
  @Nullable Route route(Call call) {
    List<String> path = call.path();
    if (path.size() < 2 || !path.subList(0, 2).equals(API)) {
      return null;
    }
    List<String> rest = path.subList(2, path.size());
    String last = rest.isEmpty() ? "" : rest.get(rest.size() - 1);
    if (call.method().equals("POST")
        && rest.size() == 3
        && rest.get(0).equals("events")
        && last.equals("retry")) {
      return retryRoute(call, rest.get(1));
    }
    if (!call.method().equals("GET")) {
      return null;
    }
    if (rest.isEmpty()) {
      return new Route(Operation.WEBHOOKS, List.of(), this::listWebhooks);
    }
    if (rest.equals(List.of("events"))) {
      return new Route(Operation.LIST, List.of(), () -> listEvents(call));
    }
    if (rest.size() == 2 && last.equals("logs")) {
      return new Route(Operation.LIST, List.of(), () -> webhookLogs(call, rest.get(0)));
    }
    if (rest.size() == 3 && rest.get(0).equals("events")) {
      String id = rest.get(1);
      return switch (last) {
        case "status" ->
            new Route(Operation.READ, List.of(id), () -> atEvent(id, this::eventStatus));
        case "logs" -> new Route(Operation.READ, List.of(id), () -> atEvent(id, this::eventLogs));
        default -> null;
      };
    }
    return null;
  }

  private Route retryRoute(Call call, String eventId) {
    JsonNode json = call.json();
    JsonNode named = json == null ? null : json.get("webhookId");
    String webhookId = named == null || !named.isTextual() ? null : named.asText();
    boolean malformed =
        call.bodySize() > 0
            ? json == null || !json.isObject() || (named != null && webhookId == null)
            : call.header("Content-Type") != null;
    return new Route(
        Operation.RETRY,
        List.of(webhookId == null ? eventId : eventId + "/" + webhookId),
        () ->
            malformed
                ? error(400, "Body must be a JSON object")
                : atEvent(eventId, row -> retry(row, webhookId)));
  }

  @Override
  boolean authorized(Call call) {
    return bearer(call, apiKey());
  }

  @Override
  Answer unauthorized(Call call) {
    return error(401, "Unauthorized");
  }

  @Override
  Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, Answer.object().put("message", text));
  }

  @Override
  Answer invalid(Call call, InvalidParameterException problem) {
    return error(400, problem.parameter() + " " + problem.problem());
  }

  @Override
  Set<String> enumFields() {
    return Set.of("status", "deliveryStatus");
  }

  @Override
  void seed(long at, int httpStatus, long random, int limit, IntColumn rows) {
    boolean failure = !Causes.isSuccess(httpStatus);
    int count = 1 + pick(random, subscriptions().size());
    int start = pick(random + 1, subscriptions().size());
    int mustFail = pick(random + 2, count);
    int row = newEvent(at, pick(random + 3, TYPES.size()));
    int left = limit;
    for (int i = 0; i < count; i++) {
      boolean fails = failure && left > 0 && (i == mustFail || pick(random + 4 + i, 2) == 0);
      if (fails && i < mustFail && left == 1) {
        fails = false;
      }
      int index = (start + i) % subscriptions().size();
      int slot =
          newDelivery(row, index, fails ? httpStatus : 200, attemptsOf(fails, httpStatus), at);
      if (fails == failure && left > 0) {
        rows.add(slot);
        left--;
      }
    }
    finish(row, at);
  }

  /** Only 5xx and no answer are tried again, up to attempt 6 [doc]. */
  private static int attemptsOf(boolean failed, int httpStatus) {
    return failed && (httpStatus >= 500 || httpStatus == Endpoint.NO_ANSWER) ? MAX_ATTEMPTS : 1;
  }

  @Override
  int seedStillTrying(long at, long random) {
    int row = newEvent(at, pick(random, TYPES.size()));
    int index = pick(random + 1, subscriptions().size());
    int slot = newDelivery(row, index, 503, 2, at);
    nextRetry.set(slot, now() + 3_600_000L);
    finish(row, at);
    return slot;
  }

  @Override
  void tryAgain(int slot) {
    attempt(slot, false);
    processedNow(event.get(slot));
  }

  @Override
  int naturalDelivery(long at, long random) {
    int row = newEvent(at, pick(random, TYPES.size()));
    int slot = newDelivery(row, pick(random + 1, subscriptions().size()), 0, 0, at);
    closeEvent(row);
    tryAgain(slot);
    return slot;
  }

  @Override
  String idOf(int slot) {
    return eventIds.uuid(event.get(slot)) + "/" + subscription(webhook.get(slot)).id();
  }

  @Override
  int rowOf(String id) {
    int slash = id.indexOf('/');
    int row = slash < 0 ? -1 : eventRow(id.substring(0, slash));
    return row < 0 ? -1 : slotOf(row, findWebhook(id.substring(slash + 1)));
  }

  @Override
  int[] slots(String id) {
    int row = eventRow(id);
    if (row >= 0) {
      int[] slots = new int[slotCount.get(row)];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = firstSlot.get(row) + i;
      }
      return slots;
    }
    int slot = rowOf(id);
    return slot < 0 ? new int[0] : new int[] {slot};
  }

  @Override
  String slotId(int slot) {
    return idOf(slot);
  }

  /** A retry that names no webhook names all of the event. */
  @Override
  int countRetries(String id) {
    int slash = id.indexOf('/');
    if (slash >= 0) {
      return super.countRetries(id) + super.countRetries(id.substring(0, slash));
    }
    int count = super.countRetries(id);
    for (int slot : slots(id)) {
      count += super.countRetries(idOf(slot));
    }
    return count;
  }

  @Override
  void deliver(int row, int target) {
    queued.set(row, queued.get(row) - 1);
    for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
      if (isTarget(slot, target)) {
        attempt(slot, true);
      }
    }
    processedNow(row);
  }

  /** Whether a retry goes to this delivery; a target below 0 is all active webhooks. */
  private boolean isTarget(int slot, int target) {
    return target < 0 ? isActive(webhook.get(slot)) : slot == target;
  }

  private Answer atEvent(String id, IntFunction<Answer> action) {
    if (!Ids.isUuid(id)) {
      return error(400, "eventId must be a valid UUID");
    }
    int row = eventRow(id);
    return row < 0 ? error(404, "Event not found") : action.apply(row);
  }

  private int eventRow(String id) {
    int row = eventIds.uuidRow(id);
    return row < events.size() ? row : -1;
  }

  private int slotOf(int row, int index) {
    for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
      if (webhook.get(slot) == index) {
        return slot;
      }
    }
    return -1;
  }

  private Answer listWebhooks() {
    ArrayNode list = Answer.JSON.arrayNode();
    for (int i = 0; i < subscriptions().size(); i++) {
      Subscription subscription = subscription(i);
      ObjectNode json =
          list.addObject()
              .put("id", subscription.id())
              .put("name", subscription.name())
              .put("url", subscription.url());
      TYPES.forEach(json.putArray("eventTypes")::add);
      json.put("isActive", isActive(i)).put("createdAt", "2026-01-01T00:00:00.000Z");
    }
    return Answer.ok(list);
  }

  private Answer listEvents(Call call) {
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String wanted = call.query("status", "");
    int wantedStatus = STATUSES.indexOf(wanted);
    if (wantedStatus < 0 && !wanted.isEmpty()) {
      throw new InvalidParameterException(
          "status", "must be one of " + String.join(", ", STATUSES));
    }
    RowIndex.View view =
        events.view(wanted, row -> wantedStatus < 0 || status.get(row) == wantedStatus);
    ObjectNode body = Answer.object().put("total", view.size());
    ArrayNode page = body.putArray("events");
    for (int i = 0; i < limit && i < view.size(); i++) {
      page.add(eventJson(view.at(oldestFirst ? i : view.size() - 1 - i)));
    }
    return Answer.ok(body);
  }

  private Answer eventStatus(int row) {
    ObjectNode json =
        Answer.object()
            .put("id", eventIds.uuid(row))
            .put("eventId", businessIds.uuid(row))
            .put("status", STATUSES.get(status.get(row)))
            .put("eventType", TYPES.get(type.get(row)))
            .put("createdAt", time(events.key(row)));
    putTime(json, "processedAt", processed.get(row));
    return Answer.ok(json);
  }

  private Answer eventLogs(int row) {
    List<Attempt> attempts = new ArrayList<>();
    for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
      addAttempts(slot, attempts);
    }
    attempts.sort(oldestFirst ? newestFirst().reversed() : newestFirst());
    ObjectNode body = Answer.object();
    body.set("event", eventJson(row));
    ArrayNode logs = body.putArray("logs");
    attempts.forEach(attempt -> logs.add(attemptJson(attempt)));
    return Answer.ok(body);
  }

  private Answer webhookLogs(Call call, String id) {
    if (!Ids.isUuid(id)) {
      return error(400, "webhookId must be a valid UUID");
    }
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    int index = findWebhook(id);
    if (index < 0) {
      return error(404, "Webhook not found");
    }
    PriorityQueue<Attempt> newestOnes = new PriorityQueue<>(newestFirst().reversed());
    List<Attempt> attempts = new ArrayList<>();
    for (int slot = 0; slot < event.size(); slot++) {
      if (webhook.get(slot) == index
          && (newestOnes.size() < limit || lastAt(slot) >= newestOnes.element().at())) {
        attempts.clear();
        addAttempts(slot, attempts);
        newestOnes.addAll(attempts);
        while (newestOnes.size() > limit) {
          newestOnes.remove();
        }
      }
    }
    List<Attempt> sorted = new ArrayList<>(newestOnes);
    sorted.sort(oldestFirst ? newestFirst().reversed() : newestFirst());
    ObjectNode body = Answer.object().put("count", sorted.size());
    ArrayNode logs = body.putArray("logs");
    sorted.forEach(attempt -> logs.add(attemptJson(attempt)));
    return Answer.ok(body);
  }

  private Answer retry(int row, @Nullable String webhookId) {
    int target = -1;
    int count = 0;
    if (webhookId == null) {
      for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
        count += isActive(webhook.get(slot)) ? 1 : 0;
      }
      if (count == 0) {
        return error(400, "No active webhooks");
      }
    } else {
      if (!Ids.isUuid(webhookId)) {
        return error(400, "webhookId must be a valid UUID");
      }
      target = slotOf(row, findWebhook(webhookId));
      if (target < 0) {
        return error(404, "Webhook not found");
      }
      if (!isActive(webhook.get(target))) {
        return error(400, "Webhook is not active");
      }
      count = 1;
    }
    queued.increment(row);
    for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
      if (showsQueued && isTarget(slot, target)) {
        addAttempt(slot, QUEUED);
      }
    }
    status.set(row, PENDING);
    events.changed(row);
    enqueue(row, target);
    ObjectNode body = Answer.object().put("success", true);
    body.putObject("data")
        .put("eventId", eventIds.uuid(row))
        .put("webhookCount", count)
        .put("message", "Event queued for retry");
    return Answer.ok(body);
  }

  private int newEvent(long at, int typeIndex) {
    status.add(PENDING);
    type.add(typeIndex);
    firstSlot.add(event.size());
    slotCount.add(0);
    queued.add(0);
    // The key is the creation time: known when all deliveries are, see finish.
    return processed.add(at);
  }

  private int newDelivery(int row, int index, int httpStatus, int attempts, long last) {
    event.add(row);
    webhook.add(index);
    seeded.add(attempts);
    seededStatus.add(httpStatus);
    seededLast.add(last);
    nextRetry.add(0);
    newest.add(-1);
    slotCount.increment(row);
    int slot = endpoint().open();
    endpoint().seeded(slot, attempts, Causes.isSuccess(httpStatus));
    return slot;
  }

  /** Completes an event whose deliveries are history. */
  private void finish(int row, long at) {
    closeEvent(row);
    processed.set(row, at);
    settleStatus(row);
  }

  private void closeEvent(int row) {
    long created = processed.get(row);
    for (int slot = firstSlot.get(row); slot < event.size(); slot++) {
      created = Math.min(created, seededAt(slot, 1));
    }
    events.add(created);
  }

  private void processedNow(int row) {
    processed.set(row, now());
    settleStatus(row);
  }

  private void settleStatus(int row) {
    boolean all = true;
    for (int slot = firstSlot.get(row); slot < firstSlot.get(row) + slotCount.get(row); slot++) {
      all &= Causes.isSuccess(lastStatus(slot));
    }
    status.set(row, queued.get(row) > 0 ? PENDING : all ? COMPLETED : FAILED);
    events.changed(row);
  }

  private void attempt(int slot, boolean resend) {
    int answer = endpoint().receive(slot, webhook.get(slot), resend);
    int waiting = firstQueued(slot);
    if (waiting < 0) {
      addAttempt(slot, answer);
    } else {
      attemptStatus.set(waiting, answer);
      attemptAt.set(waiting, now());
    }
    nextRetry.set(slot, 0);
  }

  private void addAttempt(int slot, int httpStatus) {
    attemptSlot.add(slot);
    attemptStatus.add(httpStatus);
    attemptNumber.add(
        switch (numbering) {
          case GOING_ON -> lastNumber(slot) + 1;
          case FROM_ONE -> 1;
          case UP_TO_SIX -> Math.min(lastNumber(slot) + 1, MAX_ATTEMPTS);
        });
    previous.add(newest.get(slot));
    newest.set(slot, attemptAt.add(now()));
  }

  private int firstQueued(int slot) {
    int first = -1;
    for (int i = newest.get(slot); i >= 0; i = previous.get(i)) {
      first = attemptStatus.get(i) == QUEUED ? i : first;
    }
    return first;
  }

  private int lastNumber(int slot) {
    return newest.get(slot) < 0 ? seeded.get(slot) : attemptNumber.get(newest.get(slot));
  }

  private int lastStatus(int slot) {
    return newest.get(slot) < 0 ? seededStatus.get(slot) : attemptStatus.get(newest.get(slot));
  }

  private long lastAt(int slot) {
    return newest.get(slot) < 0 ? seededLast.get(slot) : attemptAt.get(newest.get(slot));
  }

  /** When a seeded attempt was: each wait before the next is twice the one before. */
  private long seededAt(int slot, int number) {
    long at = seededLast.get(slot);
    for (int i = number; i < seeded.get(slot); i++) {
      at -= BACKOFF_MILLIS << i;
    }
    return at;
  }

  private void addAttempts(int slot, List<Attempt> attempts) {
    for (int i = newest.get(slot); i >= 0; i = previous.get(i)) {
      attempts.add(
          new Attempt(
              attemptIds.uuid(i),
              slot,
              MAX_ATTEMPTS + 1 + i,
              attemptNumber.get(i),
              attemptStatus.get(i),
              attemptAt.get(i),
              i == newest.get(slot) ? nextRetry.get(slot) : 0));
    }
    for (int number = 1; number <= seeded.get(slot); number++) {
      boolean last = newest.get(slot) < 0 && number == seeded.get(slot);
      attempts.add(
          new Attempt(
              seededAttemptIds.uuid(slot * 8 + number),
              slot,
              number,
              number,
              number == seeded.get(slot) ? seededStatus.get(slot) : 503,
              seededAt(slot, number),
              last ? nextRetry.get(slot) : 0));
    }
  }

  private static Comparator<Attempt> newestFirst() {
    return Comparator.comparingLong(Attempt::at)
        .thenComparingInt(Attempt::order)
        .thenComparingInt(Attempt::slot)
        .reversed();
  }

  private ObjectNode eventJson(int row) {
    ObjectNode json =
        Answer.object()
            .put("id", eventIds.uuid(row))
            .put("eventId", businessIds.uuid(row))
            .put("tenant", "partner-name")
            .put("eventType", TYPES.get(type.get(row)));
    json.putObject("payload").put("userId", "user-" + row).put("status", "approved");
    json.put("userId", "user-" + row)
        .put("sourceService", "kyc-service")
        .put("status", STATUSES.get(status.get(row)))
        .put("createdAt", time(events.key(row)));
    putTime(json, "processedAt", processed.get(row));
    return json.put("queuedAt", time(events.key(row) + 1_000));
  }

  private ObjectNode attemptJson(Attempt attempt) {
    Subscription subscription = subscription(webhook.get(attempt.slot()));
    int code = attempt.status();
    boolean success = Causes.isSuccess(code);
    ObjectNode json =
        Answer.object()
            .put("id", attempt.id())
            .put("eventId", businessIds.uuid(event.get(attempt.slot())))
            .put("webhookId", subscription.id())
            .put("attemptNumber", attempt.number())
            .put("requestUrl", subscription.url());
    json.putObject("requestHeaders")
        .put("X-Timestamp", Long.toString(attempt.at() / 1_000))
        .put("X-Signature", "sha256=" + Long.toHexString(Ids.mix(seed + attempt.at())));
    json.putObject("requestBody").put("userId", "user-" + event.get(attempt.slot()));
    if (code == QUEUED) {
      json.putNull("responseStatus").putNull("responseBody").putNull("errorMessage");
    } else if (code == Endpoint.NO_ANSWER) {
      json.putNull("responseStatus").putNull("responseBody").put("errorMessage", "ECONNREFUSED");
    } else if (success) {
      json.put("responseStatus", code)
          .put("responseBody", "{\"received\": true}")
          .putNull("errorMessage");
    } else {
      json.put("responseStatus", code)
          .put("responseBody", Causes.reason(code))
          .put("errorMessage", "Request failed with status code " + code);
    }
    json.put("deliveryStatus", code == QUEUED ? "pending" : success ? "success" : "failed")
        .put("durationMs", 145)
        .put("createdAt", time(attempt.at()));
    putTime(json, "nextRetryAt", attempt.nextRetry());
    return json;
  }

  private static void putTime(ObjectNode json, String name, long millis) {
    if (millis == 0) {
      json.putNull(name);
    } else {
      json.put(name, time(millis));
    }
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  /** The settings of a {@link FakeBaanx}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private boolean oldestFirst;
    private boolean showsQueued;
    private Numbering numbering = Numbering.GOING_ON;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Lists events and attempts oldest first; newest first by default. The order is not documented.
     */
    public Builder oldestFirst(boolean value) {
      this.oldestFirst = value;
      return this;
    }

    /**
     * Shows a queued retry as a {@code pending} attempt before it is made [inferred]; off by
     * default.
     */
    public Builder showsQueuedAttempts(boolean value) {
      this.showsQueued = value;
      return this;
    }

    /** How the attempts of retries are numbered; {@link Numbering#GOING_ON} by default. */
    public Builder numbering(Numbering value) {
      this.numbering = value;
      return this;
    }

    /**
     * Starts the fake.
     *
     * @throws IllegalArgumentException if there are more than 5 webhooks
     */
    public FakeBaanx start() {
      FakeBaanx fake = new FakeBaanx(this);
      fake.open();
      return fake;
    }
  }

  /** One event to seed, with its deliveries; an hour old by default. */
  public static final class Event {
    private record Seeded(int httpStatus, int attempts, @Nullable Instant nextRetry) {}

    private final FakeBaanx fake;
    private final Map<Integer, Seeded> deliveries = new LinkedHashMap<>();
    private int typeIndex;
    private @Nullable Instant at;
    private int wantedStatus = -1;

    private Event(FakeBaanx fake) {
      this.fake = fake;
    }

    /**
     * The event's type; {@code kyc.status.changed} by default.
     *
     * @throws IllegalArgumentException if the fake does not know it
     */
    public Event type(String eventType) {
      this.typeIndex = TYPES.indexOf(eventType);
      if (typeIndex < 0) {
        throw new IllegalArgumentException("no event type " + eventType);
      }
      return this;
    }

    /** When the last attempts were. */
    public Event at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** The webhook got it, at the first attempt. */
    public Event delivered(String webhookId) {
      return add(webhookId, new Seeded(200, 1, null));
    }

    /**
     * The webhook did not get it, after as many attempts as the platform makes: six if it answered
     * 5xx or nothing, else one.
     *
     * @param httpStatus what it answered, or {@link Endpoint#NO_ANSWER}
     */
    public Event failed(String webhookId, int httpStatus) {
      return add(webhookId, new Seeded(httpStatus, attemptsOf(true, httpStatus), null));
    }

    /** The webhook did not get it so far, and the platform will try again by itself. */
    public Event retrying(String webhookId, int httpStatus, int attempts, Instant nextRetryAt) {
      return add(webhookId, new Seeded(httpStatus, attempts, nextRetryAt));
    }

    /**
     * The event's own status, whatever its deliveries say; such as {@code skipped}.
     *
     * @throws IllegalArgumentException if Baanx has no such status
     */
    public Event status(String eventStatus) {
      this.wantedStatus = STATUSES.indexOf(eventStatus);
      if (wantedStatus < 0) {
        throw new IllegalArgumentException("no event status " + eventStatus);
      }
      return this;
    }

    /** Adds it and returns the event's record id; a delivery is named {@code eventId/webhookId}. */
    public String add() {
      synchronized (fake.lock) {
        long time = at == null ? fake.now() - 3_600_000L : at.toEpochMilli();
        int row = fake.newEvent(time, typeIndex);
        deliveries.forEach(
            (index, each) -> {
              int slot = fake.newDelivery(row, index, each.httpStatus(), each.attempts(), time);
              Instant next = each.nextRetry();
              fake.nextRetry.set(slot, next == null ? 0 : next.toEpochMilli());
            });
        fake.finish(row, time);
        if (wantedStatus >= 0) {
          fake.status.set(row, wantedStatus);
          fake.events.changed(row);
        }
        return fake.eventIds.uuid(row);
      }
    }

    private Event add(String webhookId, Seeded delivery) {
      deliveries.put(fake.webhookIndex(webhookId), delivery);
      return this;
    }
  }
}
