package acme;

import dev.redrive.testkit.Answer;
import dev.redrive.testkit.Call;
import dev.redrive.testkit.Draws;
import dev.redrive.testkit.Endpoint;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.InvalidParameterException;
import dev.redrive.testkit.Json;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.OrderedRows;
import dev.redrive.testkit.RateLimit;
import dev.redrive.testkit.ReceivedEvent;
import dev.redrive.testkit.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A fake that is not the testkit's: a small API with one record an event and a rate limit. */
final class FakeAcme extends FakeProvider {
  private static final String ATTEMPTS = "/v2/attempts";
  private static final int PAGE = 10;
  private static final List<String> TYPES = List.of("order.paid", "order.sent", "order.closed");

  private final RateLimit limit;
  private final Map<String, Attempt> attempts = new HashMap<>();
  private final OrderedRows<Attempt> failed =
      new OrderedRows<>(
          Comparator.<Attempt, Instant>comparing(row -> row.at).thenComparing(Attempt::id));

  private static final class Attempt {
    private final ReceivedEvent event;
    private final String type;
    private final Instant at;
    private int status;
    private int tries = 1;

    private Attempt(ReceivedEvent event, String type, Instant at, int status) {
      this.event = event;
      this.type = type;
      this.at = at;
      this.status = status;
    }

    private String id() {
      return event.id();
    }
  }

  private FakeAcme(Builder builder) {
    super(builder);
    this.limit = new RateLimit(builder.callsPerMinute, Duration.ofMinutes(1));
    subscribe(
        i -> new Subscription(ids("hook").uuid(i), "Hook " + i, "https://r.example.com", "*"));
    get(ATTEMPTS, Operation.LIST, this::list);
    get(ATTEMPTS + "/{id}", Operation.READ, this::read);
    post(ATTEMPTS + "/{id}/resend", Operation.RETRY, this::resend);
    post(ATTEMPTS + "/resend", Operation.RETRY, this::resendBatch)
        .naming(call -> call.textsInBody("ids"));
    route("PATCH", ATTEMPTS + "/{id}", Operation.OTHER, call -> Answer.empty(204))
        .when(call -> call.hasJsonType());
  }

  static Builder builder() {
    return new Builder();
  }

  @Override
  protected boolean authorized(Call call) {
    return call.hasBearer(apiKey());
  }

  @Override
  protected Answer error(int status, String message) {
    return Answer.of(status, Json.object().put("problem", message));
  }

  @Override
  protected Answer refuse(Call call) {
    Duration wait = limit.waitAt(now());
    if (wait.isZero()) {
      limit.count(now());
      return null;
    }
    return error(429, "Slow down").with("Retry-After", Long.toString(wait.toSeconds()));
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("state");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("at");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Attempt attempt = add(draws, at, httpStatus);
    endpoint().seeded(attempt.event, 1, Endpoint.isSuccess(httpStatus));
    return List.of(attempt.id());
  }

  @Override
  protected String deliverNow(Draws draws) {
    Attempt attempt = add(draws, now(), Endpoint.NO_ANSWER);
    deliver(attempt, false);
    return attempt.id();
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    Attempt attempt = attempts.get(id);
    return attempt == null ? List.of() : List.of(attempt.event);
  }

  private Attempt add(Draws draws, Instant at, int status) {
    String id = ids("attempt").uuid(attempts.size());
    ReceivedEvent event = endpoint().open(id, subscriptions().any(draws));
    Attempt attempt = new Attempt(event, TYPES.get(draws.below(TYPES.size())), at, status);
    attempts.put(id, attempt);
    show(attempt);
    return attempt;
  }

  private void deliver(Attempt attempt, boolean resend) {
    attempt.status = endpoint().receive(attempt.event, resend);
    attempt.tries += resend ? 1 : 0;
    show(attempt);
  }

  private void show(Attempt attempt) {
    if (Endpoint.isSuccess(attempt.status)) {
      failed.remove(attempt);
    } else {
      failed.add(attempt);
    }
  }

  /** The newest first; each page but the last names the next one. */
  private Answer list(Call call) {
    List<Attempt> newest = failed.descending();
    String cursor = call.query("cursor", "");
    int from = 0;
    while (!cursor.isEmpty()
        && from < newest.size()
        && cursor(newest.get(from)).compareTo(cursor) >= 0) {
      from++;
    }
    List<Json> page = Json.page(newest, from, pageSize(PAGE), this::json);
    int to = from + page.size();
    return Answer.ok(
        Json.object()
            .put("attempts", page)
            .put("next", to < newest.size() && to > from ? cursor(newest.get(to - 1)) : null));
  }

  /** Tells where a row stands, also when it is gone. */
  private static String cursor(Attempt row) {
    return String.format(Locale.ROOT, "%015d/%s", row.at.toEpochMilli(), row.id());
  }

  private Answer read(Call call) {
    Attempt attempt = attempts.get(call.path("id"));
    return attempt == null ? error(404, "No such attempt") : Answer.ok(json(attempt));
  }

  private Json json(Attempt attempt) {
    return Json.object()
        .put("id", attempt.id())
        .put("state", Endpoint.isSuccess(attempt.status) ? "ok" : "failed")
        .put("tries", attempt.tries)
        .put("hook", Json.object().put("id", attempt.event.webhook().id()))
        .put("type", attempt.type)
        .put("at", attempt.at.toString());
  }

  private Answer resend(Call call) {
    return resend(call.path("id")) ? Answer.empty(202) : error(404, "No such attempt");
  }

  private Answer resendBatch(Call call) {
    List<String> ids = call.textsInBody("ids");
    if (ids.isEmpty()) {
      throw new InvalidParameterException("ids", "must not be empty");
    }
    return Answer.ok(Json.object().put("queued", ids.stream().filter(this::resend).toList()));
  }

  private boolean resend(String id) {
    Attempt attempt = attempts.get(id);
    if (attempt == null) {
      return false;
    }
    enqueue(() -> deliver(attempt, true));
    return true;
  }

  static final class Builder extends FakeProvider.Builder<Builder> {
    private int callsPerMinute = 1_000_000;

    Builder callsPerMinute(int calls) {
      this.callsPerMinute = calls;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    FakeAcme start() {
      FakeAcme fake = new FakeAcme(this);
      fake.open();
      return fake;
    }
  }
}
