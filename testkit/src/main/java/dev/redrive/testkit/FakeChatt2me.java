package dev.redrive.testkit;

import dev.redrive.testkit.Chatt2meLogs.Log;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fake of Chatt2.me Hub. A delivery is named by the id of its log.
 *
 * <p>A retry is synchronous: when it responds, the new log exists, with {@code Success} or {@code
 * Failed} according to the endpoint, and the old log stays {@code Failed} forever [doc]. A page has
 * at most 50 logs, a batch at most 50 ids [doc]. Not documented are the order of the list (see
 * {@link Builder#oldestFirst}), and the 400 for a limit out of bounds or a batch of no or more than
 * 50 ids [inferred].
 *
 * <pre>{@code
 * try (var chatt2me = FakeChatt2me.start()) {
 *   chatt2me.failures(1_000);
 *   // point a client at chatt2me.baseUrl() with chatt2me.apiKey()
 * }
 * }</pre>
 */
public final class FakeChatt2me extends FakeProvider {
  private final Chatt2meLogs logs;

  private FakeChatt2me(Builder builder) {
    super(builder);
    this.logs = new Chatt2meLogs(ids("chatt2me log"), endpoint(), builder.showsDeleted);
    Ids webhookIds = ids("chatt2me webhook");
    subscribe(
        i ->
            new Subscription(
                webhookIds.uuid(i),
                "Webhook " + (i + 1),
                "https://receiver.example.com/webhooks/chatt2me/" + (i + 1),
                i % 2 == 0 ? "Message" : "MessageStatus"));
    new Chatt2meRoutes(this, logs, builder).declare();
  }

  /** Starts a fake with the default settings. */
  public static FakeChatt2me start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts to describe a delivery, which exists after {@link Delivery#add}. */
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
      logs.delete(logs.get(logId));
    }
  }

  @Override
  protected boolean authorized(Call call) {
    return apiKey().equals(call.header("x-api-key"));
  }

  @Override
  protected Answer unauthorized(Call call) {
    return failure(401, "Invalid or missing API key", "UNAUTHORIZED");
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return failure(httpStatus, text, text.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  @Override
  protected Answer invalid(Call call, InvalidParameterException problem) {
    return failure(400, problem.parameter() + " " + problem.problem(), "INVALID_PAYLOAD");
  }

  /** An error with the provider's code. */
  static Answer failure(int httpStatus, String text, String code) {
    return Answer.of(httpStatus, Json.object().put("errorMessage", text).put("errorCode", code));
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("status", "eventType");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("createdDate", "sendAt");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Subscription webhook = subscriptions().any(draws);
    return List.of(logs.seed(webhook, at, httpStatus, logs.anyMessage(webhook, draws)).id);
  }

  @Override
  protected String deliverNow(Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    return logs.deliver(webhook, now(), logs.anyMessage(webhook, draws)).id;
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    Log log = logs.find(id);
    return log == null ? List.of() : List.of(log.event);
  }

  /** The settings of a {@link FakeChatt2me}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    boolean oldestFirst;
    boolean legacyStatusNames;
    boolean showsDeleted;
    Set<String> statusNames = Set.of("Success", "Failed", "Error");
    int otherStatus = 400;
    boolean countsErrors = true;

    private Builder() {}

    @Override
    protected Builder self() {
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
     * The HTTP status of the response to another name in the status filter; 400 by default. 200
     * means an empty list [inferred].
     */
    public Builder otherStatus(int httpStatus) {
      this.otherStatus = httpStatus;
      return this;
    }

    /** Whether webhooks have {@code numberOfErrors}; on by default. */
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

  /** A delivery to seed: by default a failure without a response, an hour old. */
  public static final class Delivery {
    private final FakeChatt2me fake;
    private Subscription webhook;
    private int code = Endpoint.NO_ANSWER;
    private @Nullable Instant at;
    private @Nullable String sameMessageAs;
    private boolean withMessage = true;

    private Delivery(FakeChatt2me fake) {
      this.fake = fake;
      this.webhook = fake.subscriptions().all().get(0);
    }

    /** The webhook; the first one by default. */
    public Delivery webhook(String webhookId) {
      this.webhook = fake.subscriptions().get(webhookId);
      return this;
    }

    /** The status that the endpoint returned; {@link Endpoint#NO_ANSWER} by default. */
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
        int message = Chatt2meLogs.NO_MESSAGE;
        if (sameMessageAs != null) {
          message = fake.logs.get(sameMessageAs).message;
        } else if (withMessage) {
          message = fake.logs.newMessage();
        }
        return fake.logs.seed(webhook, fake.momentOf(at), code, message).id;
      }
    }
  }
}
