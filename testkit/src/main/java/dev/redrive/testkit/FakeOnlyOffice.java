package dev.redrive.testkit;

import dev.redrive.testkit.OnlyOfficeLogs.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fake of ONLYOFFICE DocSpace. A delivery is named by the id of its log, a small integer.
 *
 * <p>A retry queues a delivery, as a new log in today's server or as the same log in the newest
 * ({@link Builder#resetsLog}) [src]; when it is delivered is up to {@link #settlesAfterReads} and
 * {@link #asyncDelay}. The limits of the vendor's cloud apply: 5 retry calls per path in 15
 * minutes, 1500 requests a minute, 10,000 writes a day, 50 reads and 15 writes at once [src];
 * {@link Builder#limits} switches them off, as self-hosted portals do. If an endpoint returns 410,
 * its subscription and logs are deleted [src]. The caller is an administrator. A log of another
 * user ({@link Delivery#foreign}) is skipped all the same.
 */
public final class FakeOnlyOffice extends FakeProvider {
  private static final int FIRST_CONFIG = 11;
  private static final Duration NEXT_ATTEMPT = Duration.ofHours(1);

  private final OnlyOfficeLogs logs;
  private final OnlyOfficeSender sender;
  private final boolean resetsLog;
  private final @Nullable Limits limits;

  private FakeOnlyOffice(Builder builder) {
    super(builder);
    this.logs = new OnlyOfficeLogs(endpoint(), builder.resetsLog);
    this.sender = new OnlyOfficeSender(this, logs, builder.repeatsPosts);
    this.resetsLog = builder.resetsLog;
    this.limits = builder.limits ? new Limits(builder.tellsRetryAfter) : null;
    subscribe(
        i ->
            new Subscription(
                Integer.toString(FIRST_CONFIG + i),
                "Portal events " + (i + 1),
                "https://receiver.example.com/webhooks/docspace/" + (i + 1),
                "*"));
    new OnlyOfficeRoutes(this, logs, sender, builder).declare();
  }

  /** Starts a fake with the default settings: today's server, limits on. */
  public static FakeOnlyOffice start() {
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

  @Override
  protected boolean authorized(Call call) {
    return call.hasBearer(apiKey());
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return OnlyOfficeErrors.of(httpStatus, text);
  }

  @Override
  protected Answer invalid(Call call, InvalidParameterException problem) {
    return OnlyOfficeErrors.invalid(problem);
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("trigger");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("creationTime");
  }

  @Override
  protected @Nullable Answer refuse(Call call) {
    return limits == null ? null : limits.refusal(call, now(), concurrentWith(call));
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Subscription webhook = subscriptions().any(draws);
    Log log = logs.queue(webhook, OnlyOfficeTrigger.any(draws), at);
    sender.seed(log, httpStatus);
    return List.of(log.event.received().id());
  }

  @Override
  protected String seedStillTrying(Instant at, Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    Log log = logs.queue(webhook, OnlyOfficeTrigger.any(draws), at);
    if (resetsLog && log.number % 2 == 0) {
      logs.sent(log, at, 503, 1);
      log.nextAttemptAt = now().plus(NEXT_ATTEMPT);
    }
    return log.event.received().id();
  }

  @Override
  protected void tryAgain(String id) {
    sender.send(Objects.requireNonNull(logs.find(id)), false);
  }

  @Override
  protected String deliverNow(Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    Log log = logs.queue(webhook, OnlyOfficeTrigger.any(draws), now());
    sender.send(log, false);
    return log.event.received().id();
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    Log log = logs.find(id);
    return log == null ? List.of() : List.of(log.event.received());
  }

  /** The settings of a {@link FakeOnlyOffice}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    boolean resetsLog;
    boolean answersNull;
    boolean repeatsPosts;
    boolean legacyPayloads;
    boolean timesWithoutZone;
    boolean limits = true;
    boolean tellsRetryAfter;
    ZoneId zone = ZoneOffset.UTC;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Behaves like the newest server: a retry resets the same log instead of adding one, and logs
     * have {@code attempts} and {@code nextAttemptOn} [src]. Off by default.
     */
    public Builder resetsLog(boolean value) {
      this.resetsLog = value;
      return this;
    }

    /**
     * Repeats a POST that failed after 1, 2, 4, 8 and 16 s of the fake's clock, as the server does:
     * the log shows nothing until one succeeds or the sixth fails [src]. Each POST counts in {@link
     * Endpoint#attempts()}, a retry once in {@link Endpoint#resends()}. Off by default: a delivery
     * is one POST, so that tests need not wait.
     */
    public Builder repeatsPosts(boolean value) {
      this.repeatsPosts = value;
      return this;
    }

    /**
     * Answers a single retry without a log ({@code null}, which the envelope leaves out), as the
     * newest server may [src]. Off by default.
     */
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
     * The portal's time zone, which shifts the times in lists [src]; UTC by default. Times in
     * responses to retries are not shifted.
     */
    public Builder zone(ZoneId value) {
      this.zone = value;
      return this;
    }

    /** Whether there are rate limits; on by default. Self-hosted portals have none. */
    public Builder limits(boolean value) {
      this.limits = value;
      return this;
    }

    /**
     * Whether each 429 has a {@code Retry-After} and a body. Off by default, as in the vendor's
     * cloud: only the 429 of the daily limit has them, the others have only the headers {@code
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

  /** A delivery to seed: by default a failure without a response, an hour old. */
  public static final class Delivery {
    private final FakeOnlyOffice fake;
    private Subscription webhook;
    private int code = Endpoint.NO_ANSWER;
    private OnlyOfficeTrigger trigger = OnlyOfficeTrigger.named("file.created");
    private @Nullable Instant at;
    private @Nullable Instant next;
    private boolean isQueued;
    private boolean isCancelled;
    private boolean isForeign;

    private Delivery(FakeOnlyOffice fake) {
      this.fake = fake;
      this.webhook = fake.subscriptions().all().get(0);
    }

    /** The subscription; the first one by default. */
    public Delivery webhook(String configId) {
      this.webhook = fake.subscriptions().get(configId);
      return this;
    }

    /** The status that the endpoint returned; {@link Endpoint#NO_ANSWER} by default. */
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
      this.trigger = OnlyOfficeTrigger.named(name);
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
     * Given up before it was sent, as the newest server does if the target's URL or host name is
     * invalid: like {@link #queued}, but without a next attempt [src].
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

    /**
     * Belongs to another user's subscription: not listed, 403 if retried alone, left out of a
     * batch.
     */
    public Delivery foreign() {
      this.isForeign = true;
      return this;
    }

    /** Adds it and returns its log's id. */
    public String add() {
      synchronized (fake.lock) {
        Instant created = fake.momentOf(at);
        Log log = fake.logs.queue(webhook, trigger, created);
        if (!isQueued && !isCancelled) {
          fake.sender.seed(log, code);
        }
        log.foreign = isForeign;
        if (isCancelled) {
          log.nextAttemptAt = null;
        } else if (next != null) {
          log.nextAttemptAt = Instant.ofEpochMilli(next.toEpochMilli());
        }
        return Integer.toString(log.id());
      }
    }
  }
}
