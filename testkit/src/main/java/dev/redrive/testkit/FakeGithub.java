package dev.redrive.testkit;

import dev.redrive.testkit.GithubDeliveries.Delivery;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fake of GitHub's webhook deliveries. A delivery is named {@code hook/delivery}, two numbers.
 *
 * <p>The same webhooks are those of the repository {@link #repository} and of the organization
 * {@code octocat}; the first one is also that of a GitHub App. A redelivery is answered 202 with an
 * empty object [spec]; when it is delivered is up to {@link #settlesAfterReads} and {@link
 * #asyncDelay}. Then the webhook's list has a new delivery with the event's GUID, marked as a
 * redelivery, and the old one stays as it is [spec]. Lists reach back three days [doc], the newest
 * first [inferred]. Many events go to two webhooks, under one GUID [spec].
 */
public final class FakeGithub extends FakeProvider {
  static final Duration RETENTION = Duration.ofDays(3);

  private final GithubDeliveries deliveries;
  private final GithubTokens tokens;
  private final @Nullable RateLimit limit;
  private final Set<Subscription> deleted = new HashSet<>();

  private FakeGithub(Builder builder) {
    super(builder);
    this.deliveries = new GithubDeliveries(ids("github event"), endpoint());
    this.tokens = new GithubTokens(builder.appId, builder.appKey);
    this.limit = builder.calls == 0 ? null : new RateLimit(builder.calls, builder.window);
    Ids hookIds = ids("github hook");
    subscribe(
        i ->
            new Subscription(
                Long.toString(GithubDeliveries.number(hookIds, i)),
                "web",
                "https://receiver.example.com/webhooks/github/" + (i + 1),
                "*"));
    new GithubRoutes(this, deliveries).declare();
  }

  /** Starts a fake with the default settings. */
  public static FakeGithub start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** The repository whose webhooks it has. */
  public String repository() {
    return organization() + "/hello-world";
  }

  /** The organization whose webhooks it has. */
  public String organization() {
    return "octocat";
  }

  /** Starts to describe a delivery, which exists after {@link DeliveryOf#add}. */
  public DeliveryOf delivery() {
    return new DeliveryOf(this);
  }

  /**
   * Deletes a webhook: it and its deliveries are answered 404 from now on.
   *
   * @throws IllegalArgumentException if there is no such webhook
   */
  public void deleteWebhook(String webhookId) {
    synchronized (lock) {
      deleted.add(subscriptions().get(webhookId));
    }
  }

  boolean isDeleted(Subscription webhook) {
    return deleted.contains(webhook);
  }

  @Override
  protected boolean authorized(Call call) {
    boolean needsToken =
        tokens.areNeeded() && call.encodedPath().startsWith(GithubRoutes.APP + "/");
    return needsToken ? tokens.isValid(call, clock().instant()) : call.hasBearer(apiKey());
  }

  @Override
  protected Answer unauthorized(Call call) {
    return error(401, "Bad credentials");
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, GithubJson.error(httpStatus, text));
  }

  @Override
  protected Answer invalid(Call call, InvalidParameterException problem) {
    return error(422, problem.parameter() + " " + problem.problem());
  }

  /** A primary limit: 403, and headers that say when it ends [doc]. */
  @Override
  protected @Nullable Answer refuse(Call call) {
    if (limit == null) {
      return null;
    }
    Duration wait = limit.waitAt(now());
    if (wait.isZero()) {
      limit.count(now());
      return null;
    }
    return error(403, "API rate limit exceeded for user ID 1.")
        .with("X-RateLimit-Limit", "5000")
        .with("X-RateLimit-Remaining", "0")
        .with("X-RateLimit-Reset", Long.toString(now().plus(wait).getEpochSecond() + 1));
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("status");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("delivered_at");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Subscription webhook = subscriptions().any(draws);
    String guid = deliveries.newGuid();
    String type = GithubDeliveries.anyType(draws);
    List<String> ids = new ArrayList<>();
    ids.add(deliveries.seed(webhook, guid, type, at, httpStatus).keyId());
    Subscription other = subscriptions().any(draws);
    if (other != webhook && most > 1) {
      ids.add(deliveries.seed(other, guid, type, at, httpStatus).keyId());
    }
    return ids;
  }

  @Override
  protected String deliverNow(Draws draws) {
    return deliveries
        .deliver(
            subscriptions().any(draws),
            deliveries.newGuid(),
            GithubDeliveries.anyType(draws),
            now())
        .keyId();
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    Delivery delivery = deliveries.find(id.substring(id.indexOf('/') + 1));
    return delivery == null || !id.equals(delivery.keyId()) ? List.of() : List.of(delivery.event);
  }

  /** The settings of a {@link FakeGithub}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private @Nullable String appId;
    private @Nullable PublicKey appKey;
    private int calls;
    private Duration window = Duration.ofHours(1);

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * The client id of the GitHub App, and the key to its signatures; without them, its routes
     * accept {@link FakeGithub#apiKey}.
     */
    public Builder app(String clientId, PublicKey key) {
      this.appId = clientId;
      this.appKey = key;
      return this;
    }

    /** A primary limit; none by default. */
    public Builder primaryLimit(int requests, Duration each) {
      this.calls = requests;
      this.window = each;
      return this;
    }

    /** Starts the fake. */
    public FakeGithub start() {
      FakeGithub fake = new FakeGithub(this);
      fake.open();
      return fake;
    }
  }

  /** A delivery to seed: by default a failed {@code push} without a response, an hour old. */
  public static final class DeliveryOf {
    private final FakeGithub fake;
    private Subscription webhook;
    private int code = Endpoint.NO_ANSWER;
    private @Nullable Instant at;
    private @Nullable String sameEventAs;
    private @Nullable String redeliveryOf;

    private DeliveryOf(FakeGithub fake) {
      this.fake = fake;
      this.webhook = fake.subscriptions().all().get(0);
    }

    /** The webhook; the first one by default. */
    public DeliveryOf webhook(String webhookId) {
      this.webhook = fake.subscriptions().get(webhookId);
      return this;
    }

    /** The status that the endpoint returned; {@link Endpoint#NO_ANSWER} by default. */
    public DeliveryOf status(int httpStatus) {
      this.code = httpStatus;
      return this;
    }

    /** When it was sent. */
    public DeliveryOf at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** Makes it a delivery of the same event to another webhook. */
    public DeliveryOf sameEventAs(String id) {
      this.sameEventAs = id;
      return this;
    }

    /** Makes it a redelivery, to the same webhook. */
    public DeliveryOf redeliveryOf(String id) {
      this.redeliveryOf = id;
      return this;
    }

    /** Adds it and returns its id. */
    public String add() {
      synchronized (fake.lock) {
        GithubDeliveries all = fake.deliveries;
        Instant when = fake.momentOf(at);
        if (redeliveryOf != null) {
          return all.seedRedelivery(fake.get(redeliveryOf), when, code).keyId();
        }
        String guid = sameEventAs == null ? all.newGuid() : fake.get(sameEventAs).guid;
        return all.seed(webhook, guid, "push", when, code).keyId();
      }
    }
  }

  private Delivery get(String id) {
    Delivery delivery = deliveries.find(id.substring(id.indexOf('/') + 1));
    if (delivery == null) {
      throw new IllegalArgumentException("no delivery " + id);
    }
    return delivery;
  }
}
