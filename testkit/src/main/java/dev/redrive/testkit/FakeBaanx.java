package dev.redrive.testkit;

import dev.redrive.testkit.BaanxEvent.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private static final Duration NEXT_RETRY = Duration.ofHours(1);

  private final BaanxEvents events;

  private FakeBaanx(Builder builder) {
    super(builder);
    this.events = new BaanxEvents(ids("baanx event"), endpoint(), builder.numbering);
    Ids webhookIds = ids("baanx webhook");
    subscribe(
        i ->
            new Subscription(
                webhookIds.uuid(i),
                "Partner webhook " + (i + 1),
                "https://receiver.example.com/webhooks/baanx/" + (i + 1),
                "*"));
    if (subscriptions().all().size() > MAX_WEBHOOKS) {
      throw new IllegalArgumentException("Baanx has at most " + MAX_WEBHOOKS + " webhooks");
    }
    new BaanxRoutes(this, events, builder).declare();
  }

  /** The {@code attemptNumber} of a retry's attempt: documented as 1 to 6, no more. */
  public enum Numbering {
    /** One more than the last one, even above 6. */
    GOING_ON,
    /** 1 for each retry. */
    FROM_ONE,
    /** One more than the last one, but at most 6. */
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

  /** Starts to describe an event, which exists after {@link Event#add}. */
  public Event event() {
    return new Event(this);
  }

  @Override
  protected boolean authorized(Call call) {
    return call.hasBearer(apiKey());
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, Json.object().put("message", text));
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("status", "deliveryStatus");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("createdAt");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    return events.seed(
        BaanxEvent.anyType(draws), at, httpStatus, subscriptions().all(), draws, most);
  }

  @Override
  protected String seedStillTrying(Instant at, Draws draws) {
    BaanxEvent event = events.create(BaanxEvent.anyType(draws), at);
    Delivery delivery = events.addDelivery(event, subscriptions().any(draws), 503, 2, at);
    delivery.nextRetryAt = now().plus(NEXT_RETRY);
    events.publish(event);
    return delivery.id();
  }

  @Override
  protected void tryAgain(String id) {
    events.ownAttempt(Objects.requireNonNull(delivery(id)), now());
  }

  @Override
  protected String deliverNow(Draws draws) {
    BaanxEvent event = events.create(BaanxEvent.anyType(draws), now());
    Delivery delivery =
        events.addDelivery(event, subscriptions().any(draws), Endpoint.NO_ANSWER, 0, now());
    events.publish(event);
    events.ownAttempt(delivery, now());
    return delivery.id();
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    BaanxEvent event = events.find(id);
    if (event != null) {
      return event.deliveries.stream().map(each -> each.received).toList();
    }
    Delivery delivery = delivery(id);
    return delivery == null ? List.of() : List.of(delivery.received);
  }

  /** The delivery that is named {@code eventId/webhookId}, null if there is none. */
  private @Nullable Delivery delivery(String id) {
    int slash = id.indexOf('/');
    BaanxEvent event = slash < 0 ? null : events.find(id.substring(0, slash));
    return event == null ? null : event.to(subscriptions().find(id.substring(slash + 1)));
  }

  /** A retry that names no webhook names all webhooks of the event. */
  @Override
  protected int countRetries(String id) {
    int slash = id.indexOf('/');
    if (slash >= 0) {
      return super.countRetries(id) + super.countRetries(id.substring(0, slash));
    }
    int count = super.countRetries(id);
    for (ReceivedEvent each : events(id)) {
      count += super.countRetries(each.id());
    }
    return count;
  }

  /** The settings of a {@link FakeBaanx}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    boolean oldestFirst;
    boolean showsQueued;
    Numbering numbering = Numbering.GOING_ON;

    private Builder() {}

    @Override
    protected Builder self() {
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
    private final Map<Subscription, Seeded> deliveries = new LinkedHashMap<>();
    private String type = BaanxEvent.TYPES.get(0);
    private @Nullable Instant at;
    private @Nullable String wantedStatus;

    private Event(FakeBaanx fake) {
      this.fake = fake;
    }

    /**
     * The event's type; {@code kyc.status.changed} by default.
     *
     * @throws IllegalArgumentException if the fake does not know it
     */
    public Event type(String eventType) {
      if (!BaanxEvent.TYPES.contains(eventType)) {
        throw new IllegalArgumentException("unknown event type " + eventType);
      }
      this.type = eventType;
      return this;
    }

    /** When the last attempts were. */
    public Event at(Instant instant) {
      this.at = instant;
      return this;
    }

    /** The webhook received it with the first attempt. */
    public Event delivered(String webhookId) {
      return add(webhookId, new Seeded(200, 1, null));
    }

    /**
     * The webhook did not receive it with all attempts that the platform makes: six if it returned
     * 5xx or did not respond, or else one.
     *
     * @param httpStatus the status that it returned, or {@link Endpoint#NO_ANSWER}
     */
    public Event failed(String webhookId, int httpStatus) {
      return add(webhookId, new Seeded(httpStatus, BaanxEvents.attemptsOf(httpStatus), null));
    }

    /** The webhook has not received it yet, and the platform will try again by itself. */
    public Event retrying(String webhookId, int httpStatus, int attempts, Instant nextRetryAt) {
      return add(webhookId, new Seeded(httpStatus, attempts, nextRetryAt));
    }

    /**
     * The event's own status, whatever its deliveries say; such as {@code skipped}.
     *
     * @throws IllegalArgumentException if Baanx has no such status
     */
    public Event status(String eventStatus) {
      if (!BaanxEvent.STATUSES.contains(eventStatus)) {
        throw new IllegalArgumentException("unknown event status " + eventStatus);
      }
      this.wantedStatus = eventStatus;
      return this;
    }

    /** Adds it and returns the event's record id; a delivery is named {@code eventId/webhookId}. */
    public String add() {
      synchronized (fake.lock) {
        Instant last = fake.momentOf(at);
        BaanxEvent event = fake.events.create(type, last);
        deliveries.forEach(
            (webhook, each) -> {
              Delivery delivery =
                  fake.events.addDelivery(event, webhook, each.httpStatus(), each.attempts(), last);
              delivery.nextRetryAt = each.nextRetry();
            });
        fake.events.publish(event);
        if (wantedStatus != null) {
          fake.events.setStatus(event, wantedStatus);
        }
        return event.id;
      }
    }

    private Event add(String webhookId, Seeded delivery) {
      deliveries.put(fake.subscriptions().get(webhookId), delivery);
      return this;
    }
  }
}
