package dev.redrive.testkit;

import dev.redrive.testkit.VoisoFailures.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fake of Voiso, with v4 under {@code /api/v4/tasks} and v1 under {@code /api/webhooks/v1}, on
 * the same data. A delivery is named by the id of its failure record.
 *
 * <p>A retrigger turns the record {@code pending} and takes it off the list [doc]; when it is
 * delivered is up to {@link #settlesAfterReads} and {@link #asyncDelay}. If that fails, the record
 * is {@code inactive} again, back in the list, with newer times [doc]; if it succeeds, the record
 * is gone, or says {@code delivered} ({@link Builder#showsDelivered}) [inferred]. A record that is
 * not {@code inactive} cannot be retriggered: 409 in v4 [doc], the same as unknown in v1.
 *
 * <p>v4 accepts {@link #apiKey}, v1 accepts {@link #contactCentreKey}. A parameter out of bounds
 * gets 422 in v4 and 400 in v1, and v1's retrigger without a JSON {@code Content-Type} [doc] gets
 * 415 [inferred].
 */
public final class FakeVoiso extends FakeProvider {
  private final VoisoFailures failures;
  private final String contactCentreKey;

  private FakeVoiso(Builder builder) {
    super(builder);
    this.failures = new VoisoFailures(ids("voiso failure"), endpoint(), builder);
    this.contactCentreKey = "cc-" + apiKey();
    Ids webhookIds = ids("voiso webhook");
    subscribe(
        i ->
            new Subscription(
                webhookIds.uuid(i),
                "CRM call events " + (i + 1),
                "https://receiver.example.com/webhooks/voiso/" + (i + 1),
                "*"));
    new VoisoRoutes(this, failures, builder).declare();
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

  /** Starts to describe a delivery, which exists after {@link Delivery#add}. */
  public Delivery delivery() {
    return new Delivery(this);
  }

  @Override
  protected boolean authorized(Call call) {
    return call.hasBearer(isV1(call) ? contactCentreKey : apiKey());
  }

  private static boolean isV1(Call call) {
    return (call.encodedPath() + "/").startsWith(VoisoRoutes.V1 + "/");
  }

  @Override
  protected Answer unauthorized(Call call) {
    return error(401, isV1(call) ? "Invalid API key" : "Unauthorized");
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, Json.object().put("error", text));
  }

  @Override
  protected Answer invalid(Call call, InvalidParameterException problem) {
    return isV1(call)
        ? super.invalid(call, problem)
        : VoisoRoutes.errors(422, problem.parameter(), problem.problem());
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("status");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("created_at");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Subscription webhook = subscriptions().any(draws);
    return List.of(failures.seed(webhook, VoisoFailures.anyEvent(draws), at, httpStatus).id());
  }

  @Override
  protected String deliverNow(Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    return failures.deliver(webhook, VoisoFailures.anyEvent(draws), now()).id();
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    Failure failure = failures.find(id);
    return failure == null ? List.of() : List.of(failure.event);
  }

  /** The settings of a {@link FakeVoiso}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    boolean showsDelivered;
    boolean listsPending;
    boolean hidesPending;
    boolean v1Details;
    boolean readOnlyKey;
    int v1RefusalStatus = 404;

    private Builder() {}

    @Override
    protected Builder self() {
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

  /** A delivery to seed: by default an inactive one without a response, an hour old. */
  public static final class Delivery {
    private final FakeVoiso fake;
    private Subscription webhook;
    private String event = "call.ended";
    private int code = Endpoint.NO_ANSWER;
    private @Nullable String statusText;
    private @Nullable Instant at;

    private Delivery(FakeVoiso fake) {
      this.fake = fake;
      this.webhook = fake.subscriptions().all().get(0);
    }

    /** The webhook; the first one by default. */
    public Delivery webhook(String webhookId) {
      this.webhook = fake.subscriptions().get(webhookId);
      return this;
    }

    /**
     * The event; {@code call.ended} by default.
     *
     * @throws IllegalArgumentException if the fake does not know it
     */
    public Delivery event(String name) {
      if (!VoisoFailures.EVENTS.contains(name)) {
        throw new IllegalArgumentException("no event " + name);
      }
      this.event = name;
      return this;
    }

    /** The status that the endpoint returned last; {@link Endpoint#NO_ANSWER} by default. */
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
        Failure failure = fake.failures.seed(webhook, event, fake.momentOf(at), code);
        if (statusText != null) {
          fake.failures.setStatus(failure, statusText);
        }
        return failure.id();
      }
    }
  }
}
