package dev.redrive.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Voiso, v4 under {@code /api/v4/tasks} and v1 under {@code /api/webhooks/v1}, on the same data. A
 * delivery is named by the id of its failure record.
 *
 * <p>A retrigger turns the record {@code pending} and takes it off the list [doc]; when it is
 * delivered is up to {@link #settlesAfterReads} and {@link #asyncDelay}. If that fails, the record
 * is {@code inactive} again, back in the list, with newer times [doc]; if it succeeds, the record
 * is gone, or says {@code delivered} ({@link Builder#showsDelivered}) [inferred]. A record that is
 * not {@code inactive} cannot be retriggered: 409 in v4 [doc], the same as unknown in v1.
 *
 * <p>v4 takes {@link #apiKey}, v1 takes {@link #contactCentreKey}. A parameter out of bounds is
 * answered 422 in v4, 400 in v1, and v1's retrigger without a JSON {@code Content-Type} [doc] is
 * answered 415 [inferred].
 */
public final class FakeVoiso extends FakeProvider {
  private static final int V4_PAGE = 100;
  private static final int V1_PAGE = 50;
  private static final Duration V1_REACH = Duration.ofDays(31);
  private static final List<String> V4 = List.of("api", "v4", "tasks");
  private static final List<String> V1 = List.of("api", "webhooks", "v1", "failures");
  private static final List<String> EVENTS =
      List.of("call.started", "call.ended", "call.recorded", "sms.received");
  private static final int INACTIVE = 0;
  private static final int PENDING = 1;
  private static final int DELIVERED = 2;

  private final Ids ids;
  private final boolean showsDelivered;
  private final boolean listsPending;
  private final boolean hidesPending;
  private final boolean v1Details;
  private final boolean readOnlyKey;
  private final int v1RefusalStatus;
  private final String contactCentreKey;
  private final List<String> statuses =
      new ArrayList<>(List.of("inactive", "pending", "delivered"));

  // One row a record, which is an event; times in seconds.
  private final RowIndex failures = new RowIndex();
  private final IntColumn webhook = new IntColumn();
  private final IntColumn event = new IntColumn();
  private final IntColumn status = new IntColumn();
  private final IntColumn answer = new IntColumn();
  private final LongColumn attempted = new LongColumn();
  private final LongColumn updated = new LongColumn();

  private FakeVoiso(Builder builder) {
    super(builder);
    this.ids = new Ids(seed, "voiso failure");
    this.showsDelivered = builder.showsDelivered;
    this.listsPending = builder.listsPending;
    this.hidesPending = builder.hidesPending;
    this.v1Details = builder.v1Details;
    this.readOnlyKey = builder.readOnlyKey;
    this.v1RefusalStatus = builder.v1RefusalStatus;
    this.contactCentreKey = "cc-" + apiKey();
    Ids webhookIds = new Ids(seed, "voiso webhook");
    for (int i = 0; i < builder.webhooks; i++) {
      subscribe(
          new Subscription(
              webhookIds.uuid(i),
              "CRM call events " + (i + 1),
              "https://receiver.example.com/webhooks/voiso/" + (i + 1),
              "*"));
    }
  }

  /** Starts a fake with the default settings. */
  public static FakeVoiso start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** The key that v1 accepts; v4 refuses it. */
  public String contactCentreKey() {
    return contactCentreKey;
  }

  /** Starts to describe one delivery; nothing is there until {@link Delivery#add}. */
  public Delivery delivery() {
    return new Delivery(this);
  }

  @Override
  @Nullable Route route(Call call) {
    List<String> path = call.path();
    if (path.size() > 3 && path.subList(0, 3).equals(V4)) {
      return v4(call, path.subList(3, path.size()));
    }
    if (path.size() > 3 && path.subList(0, 4).equals(V1)) {
      return v1(call, path.subList(4, path.size()));
    }
    return null;
  }

  private @Nullable Route v4(Call call, List<String> rest) {
    boolean read = call.method().equals("GET");
    boolean ofFailures = rest.get(0).equals("webhook_failures");
    if (rest.get(0).equals("webhooks") && read && rest.size() <= 2) {
      return rest.size() == 1
          ? new Route(Operation.WEBHOOKS, List.of(), () -> listWebhooks(call))
          : new Route(Operation.WEBHOOKS, List.of(), () -> readWebhook(rest.get(1)));
    }
    if (ofFailures && read && rest.size() == 1) {
      return new Route(Operation.LIST, List.of(), () -> listV4(call));
    }
    if (ofFailures && read && rest.size() == 2) {
      return new Route(Operation.READ, List.of(rest.get(1)), () -> read(rest.get(1)));
    }
    if (ofFailures
        && call.method().equals("POST")
        && rest.size() == 3
        && rest.get(2).equals("retrigger")) {
      return new Route(Operation.RETRY, List.of(rest.get(1)), () -> retriggerV4(rest.get(1)));
    }
    return null;
  }

  private @Nullable Route v1(Call call, List<String> rest) {
    if (call.method().equals("GET") && rest.isEmpty()) {
      return new Route(Operation.LIST, List.of(), () -> listV1(call));
    }
    if (call.method().equals("POST") && rest.size() == 2 && rest.get(1).equals("retrigger")) {
      return new Route(Operation.RETRY, List.of(rest.get(0)), () -> retriggerV1(call, rest.get(0)));
    }
    return null;
  }

  @Override
  boolean authorized(Call call) {
    return bearer(call, isV1(call) ? contactCentreKey : apiKey());
  }

  private static boolean isV1(Call call) {
    return call.path().size() > 2 && call.path().subList(0, 3).equals(V1.subList(0, 3));
  }

  @Override
  Answer unauthorized(Call call) {
    return error(401, isV1(call) ? "Invalid API key" : "Unauthorized");
  }

  @Override
  Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, Answer.object().put("error", text));
  }

  @Override
  Answer invalid(Call call, InvalidParameterException problem) {
    return isV1(call)
        ? error(400, problem.parameter() + " " + problem.problem())
        : errors(422, problem.parameter(), problem.problem());
  }

  private static Answer errors(int httpStatus, String parameter, String problem) {
    ObjectNode body = Answer.object();
    body.putObject("errors").putArray(parameter).add(problem);
    return Answer.of(httpStatus, body);
  }

  @Override
  Set<String> enumFields() {
    return Set.of("status");
  }

  @Override
  void seed(long at, int httpStatus, long random, int limit, IntColumn rows) {
    int index = pick(random, subscriptions().size());
    rows.add(newFailure(index, pick(random + 1, EVENTS.size()), at, httpStatus));
  }

  @Override
  int naturalDelivery(long at, long random) {
    int index = pick(random, subscriptions().size());
    int row = addRow(index, pick(random + 1, EVENTS.size()), at, at);
    settled(row, endpoint().receive(row, index, false));
    return row;
  }

  @Override
  String idOf(int row) {
    return ids.hex(row);
  }

  @Override
  int rowOf(String id) {
    int row = ids.hexRow(id);
    return row < failures.size() ? row : -1;
  }

  @Override
  int[] slots(String id) {
    int row = rowOf(id);
    return row < 0 ? new int[0] : new int[] {row};
  }

  @Override
  String slotId(int index) {
    return ids.hex(index);
  }

  @Override
  void deliver(int row, int target) {
    settled(row, endpoint().receive(row, webhook.get(row), true));
  }

  private void settled(int row, int httpStatus) {
    answer.set(row, httpStatus);
    attempted.set(row, now() / 1_000);
    change(row, Causes.isSuccess(httpStatus) ? DELIVERED : INACTIVE);
  }

  private void change(int row, int newStatus) {
    status.set(row, newStatus);
    updated.set(row, now() / 1_000);
    failures.changed(row);
  }

  private RowIndex.View listed() {
    IntPredicate shown =
        row -> status.get(row) != DELIVERED && (listsPending || status.get(row) != PENDING);
    return failures.view("listed", shown);
  }

  private Answer listV4(Call call) {
    int limit = oddLists().rows(call.number("limit", V4_PAGE, 1, V4_PAGE));
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    RowIndex.View view = listed();
    int from = below(view, call.instant("created_at[gte]"), 0);
    int to = below(view, call.instant("created_at[lt]"), view.size());
    ObjectNode body = Answer.object();
    ArrayNode page = body.putArray("webhook_failures");
    for (int i = offset; i < (long) offset + limit && to - 1 - i >= from; i++) {
      page.add(failureJson(view.at(to - 1 - i)));
    }
    body.putObject("metadata").put("total", Math.max(0, to - from));
    return Answer.ok(body);
  }

  private Answer listV1(Call call) {
    int perPage = oddLists().rows(call.number("per_page", V1_PAGE, 1, V1_PAGE));
    int page = call.number("page", 1, 1, Integer.MAX_VALUE);
    Instant start = call.instant("start_date");
    if (start != null && start.isBefore(clock().instant().minus(V1_REACH))) {
      throw new InvalidParameterException("start_date", "must be within the past 31 days");
    }
    RowIndex.View view = listed();
    int from = below(view, start, 0);
    int to = below(view, call.instant("end_date"), view.size());
    ObjectNode body = Answer.object();
    ArrayNode list = body.putArray("failures");
    long offset = (page - 1L) * perPage;
    for (long i = offset; i < offset + perPage && to - 1 - i >= from; i++) {
      int row = view.at((int) (to - 1 - i));
      list.add(
          v1Details
              ? failureJson(row)
              : Answer.object().put("id", ids.hex(row)).put("event", EVENTS.get(event.get(row))));
    }
    return Answer.ok(body);
  }

  /** How many of the view were created before the instant. */
  private static int below(RowIndex.View view, @Nullable Instant instant, int without) {
    if (instant == null) {
      return without;
    }
    boolean whole = instant.equals(instant.truncatedTo(ChronoUnit.SECONDS));
    return view.below(instant.getEpochSecond() + (whole ? 0 : 1));
  }

  private Answer read(String id) {
    int row = shownRow(id);
    return row < 0
        ? error(404, "Not found")
        : Answer.ok(Answer.object().set("webhook_failure", failureJson(row)));
  }

  /** The record's row, -1 if there is none, or none that is shown. */
  private int shownRow(String id) {
    int row = rowOf(id);
    return row >= 0 && isShown(status.get(row)) ? row : -1;
  }

  private boolean isShown(int recordStatus) {
    return switch (recordStatus) {
      case DELIVERED -> showsDelivered;
      case PENDING -> !hidesPending;
      default -> true;
    };
  }

  private Answer retriggerV4(String id) {
    if (readOnlyKey) {
      return error(403, "Forbidden");
    }
    int row = shownRow(id);
    if (row < 0) {
      return error(404, "Not found");
    }
    if (status.get(row) != INACTIVE) {
      return errors(409, "status", "cannot be retriggered in its current state");
    }
    change(row, PENDING);
    enqueue(row, 0);
    return Answer.ok(Answer.object().set("webhook_failure", failureJson(row)));
  }

  private Answer retriggerV1(Call call, String id) {
    String type = call.header("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      return error(415, "Content-Type must be application/json");
    }
    int row = shownRow(id);
    if (row < 0 || status.get(row) != INACTIVE) {
      return error(v1RefusalStatus, "No failed webhook found with ID " + id);
    }
    change(row, PENDING);
    enqueue(row, 0);
    return Answer.ok(Answer.object().put("status", "success").put("failure_id", id));
  }

  private Answer listWebhooks(Call call) {
    int limit = call.number("limit", V4_PAGE, 1, V4_PAGE);
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    ObjectNode body = Answer.object();
    ArrayNode list = body.putArray("webhooks");
    int size = subscriptions().size();
    for (int i = offset; i < size && i < (long) offset + limit; i++) {
      list.add(webhookJson(subscription(i)));
    }
    body.putObject("metadata").put("total", size);
    return Answer.ok(body);
  }

  private Answer readWebhook(String id) {
    int index = findWebhook(id);
    return index < 0
        ? error(404, "Not found")
        : Answer.ok(Answer.object().set("webhook", webhookJson(subscription(index))));
  }

  private static ObjectNode webhookJson(Subscription subscription) {
    ObjectNode json =
        Answer.object()
            .put("id", subscription.id())
            .put("name", subscription.name())
            .put("url", subscription.url());
    EVENTS.forEach(json.putArray("events")::add);
    return json;
  }

  private ObjectNode failureJson(int row) {
    Subscription subscription = subscription(webhook.get(row));
    ObjectNode json =
        Answer.object()
            .put("id", ids.hex(row))
            .put("event", EVENTS.get(event.get(row)))
            .put("status", statuses.get(status.get(row)))
            .put("reason", reason(answer.get(row)));
    json.putObject("webhook").put("id", subscription.id()).put("name", subscription.name());
    return json.put("last_attempt_at", time(attempted.get(row)))
        .put("created_at", time(failures.key(row)))
        .put("updated_at", time(updated.get(row)));
  }

  private static String reason(int httpStatus) {
    return httpStatus == Endpoint.NO_ANSWER
        ? "Connection timeout"
        : "HTTP " + httpStatus + " " + Causes.reason(httpStatus);
  }

  private static String time(long seconds) {
    return Instant.ofEpochSecond(seconds).toString();
  }

  private int newFailure(int index, int eventIndex, long at, int httpStatus) {
    // Five attempts make a delivery inactive, the first one half an hour before the last.
    int row = addRow(index, eventIndex, at - 1_800_000L, at);
    answer.set(row, httpStatus);
    boolean success = Causes.isSuccess(httpStatus);
    status.set(row, success ? DELIVERED : INACTIVE);
    endpoint().seeded(row, success ? 1 : 5, success);
    failures.changed(row);
    return row;
  }

  private int addRow(int index, int eventIndex, long createdAt, long attemptedAt) {
    webhook.add(index);
    event.add(eventIndex);
    status.add(PENDING);
    answer.add(Endpoint.NO_ANSWER);
    attempted.add(attemptedAt / 1_000);
    updated.add(attemptedAt / 1_000);
    endpoint().open();
    int row = failures.size();
    failures.add(createdAt / 1_000);
    return row;
  }

  /** The settings of a {@link FakeVoiso}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private boolean showsDelivered;
    private boolean listsPending;
    private boolean hidesPending;
    private boolean v1Details;
    private boolean readOnlyKey;
    private int v1RefusalStatus = 404;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Keeps a delivered record readable by its id, as {@code delivered}; by default it is gone, 404
     * [inferred].
     */
    @Override
    public Builder showsDelivered(boolean value) {
      this.showsDelivered = value;
      return this;
    }

    /** Lists {@code pending} records too; by default only those that failed for good [inferred]. */
    public Builder listsPending(boolean value) {
      this.listsPending = value;
      return this;
    }

    /**
     * Answers 404 for a record that is {@code pending}, as if it were none; by default it can be
     * read and its retrigger is 409 [inferred].
     */
    public Builder hidesPending(boolean value) {
      this.hidesPending = value;
      return this;
    }

    /** Shows the fields of v4 in v1's list; by default {@code id} and {@code event} only [doc]. */
    public Builder v1Details(boolean value) {
      this.v1Details = value;
      return this;
    }

    /** Leaves the scope {@code tasks.webhooks.manage} out of v4's key: a retrigger is 403. */
    public Builder readOnlyKey(boolean value) {
      this.readOnlyKey = value;
      return this;
    }

    /** v1's HTTP status for a record it does not retrigger; 404 by default, not documented. */
    public Builder v1RefusalStatus(int httpStatus) {
      this.v1RefusalStatus = httpStatus;
      return this;
    }

    /** Starts the fake. */
    public FakeVoiso start() {
      FakeVoiso fake = new FakeVoiso(this);
      fake.open();
      return fake;
    }
  }

  /** One delivery to seed: by default an inactive one without an answer, an hour old. */
  public static final class Delivery {
    private final FakeVoiso fake;
    private int index;
    private int eventIndex = 1;
    private int code = Endpoint.NO_ANSWER;
    private @Nullable String statusText;
    private @Nullable Instant at;

    private Delivery(FakeVoiso fake) {
      this.fake = fake;
    }

    /** The webhook; the first one by default. */
    public Delivery webhook(String webhookId) {
      this.index = fake.webhookIndex(webhookId);
      return this;
    }

    /**
     * The event; {@code call.ended} by default.
     *
     * @throws IllegalArgumentException if the fake does not know it
     */
    public Delivery event(String name) {
      this.eventIndex = EVENTS.indexOf(name);
      if (eventIndex < 0) {
        throw new IllegalArgumentException("no event " + name);
      }
      return this;
    }

    /** What the endpoint answered last; {@link Endpoint#NO_ANSWER} by default. */
    public Delivery status(int httpStatus) {
      this.code = httpStatus;
      return this;
    }

    /** The record's own status, such as {@code pending} or one that no documentation knows. */
    public Delivery recordStatus(String text) {
      this.statusText = text;
      return this;
    }

    /** When the last attempt was; the record is half an hour older. */
    public Delivery at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** Adds it and returns its record's id. */
    public String add() {
      synchronized (fake.lock) {
        long time = at == null ? fake.now() - 3_600_000L : at.toEpochMilli();
        int row = fake.newFailure(index, eventIndex, time, code);
        if (statusText != null) {
          if (!fake.statuses.contains(statusText)) {
            fake.statuses.add(statusText);
          }
          fake.status.set(row, fake.statuses.indexOf(statusText));
          fake.failures.changed(row);
        }
        return fake.idOf(row);
      }
    }
  }
}
