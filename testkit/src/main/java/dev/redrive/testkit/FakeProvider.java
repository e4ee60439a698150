package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A provider's API, served over real HTTP on the loopback address, with a receiver behind it.
 *
 * <p>Its data comes from a seed and the clock, so that two runs are alike. It behaves as the
 * provider's documentation {@code [doc]} or public source {@code [src]} says; behaviour that they
 * do not describe is marked {@code [inferred]}. Any number of clients may use it at once, and tests
 * may seed, change and query it meanwhile.
 *
 * <p>Deliveries are named by the ids that the API shows. At Baanx, where a delivery is an (event,
 * webhook) pair, the id is {@code eventId/webhookId}.
 *
 * <p>To fake another provider, extend it, in any package. The constructor creates the subscriptions
 * and declares the routes; call {@link #open} after it:
 *
 * <pre>{@code
 * private FakeAcme(Builder builder) {
 *   super(builder);
 *   subscribe(i -> new Subscription(ids("acme hook").uuid(i), "Hook " + i, URL, "*"));
 *   get("/v2/attempts", Operation.LIST, this::listAttempts);
 *   get("/v2/attempts/{id}", Operation.READ, call -> read(call.path("id")));
 *   post("/v2/attempts/{id}/resend", Operation.RETRY, call -> resend(call.path("id")));
 * }
 * }</pre>
 *
 * <p>Call {@link Endpoint#open} for each event, and {@link Endpoint#receive} for each delivery.
 */
public abstract class FakeProvider extends FakeApi {
  private static final Duration USUAL_AGE = Duration.ofHours(1);

  private final int webhooks;
  private final Endpoint endpoint;
  private final Seeding seeding;
  private final OddLists oddLists = new OddLists(this::timeFields);
  private final RetryQueue queue;
  private Subscriptions subscriptions = Subscriptions.NONE;

  /** Takes over the settings. */
  protected FakeProvider(Builder<?> builder) {
    super(builder);
    this.webhooks = builder.webhooks;
    this.queue = new RetryQueue(builder.asyncDelay, builder.settlesAfterReads);
    this.endpoint = new Endpoint(this, Ids.mix(seed + 1));
    this.seeding = new Seeding(this, builder.window, Ids.mix(seed + 3));
  }

  /** Returns the receiver: its responses, and the record of what arrived. */
  public final Endpoint endpoint() {
    return endpoint;
  }

  /** Returns the ids of the subscriptions, in the order in which the API lists them. */
  public final List<String> webhookIds() {
    return subscriptions.all().stream().map(Subscription::id).toList();
  }

  /**
   * Switches a subscription off or on, as the API shows it.
   *
   * @throws IllegalArgumentException if there is no such webhook
   */
  public final void setActive(String webhookId, boolean isActive) {
    synchronized (lock) {
      subscriptions.get(webhookId).setActive(isActive);
    }
  }

  /**
   * Seeds deliveries that failed for good, spread over webhooks, causes and the seeding window
   * before now.
   *
   * @return their ids, oldest first
   */
  public final List<String> failures(int count) {
    synchronized (lock) {
      return seeding.settled(count, false);
    }
  }

  /**
   * Seeds deliveries that succeeded, spread like {@link #failures}.
   *
   * @return their ids, oldest first
   */
  public final List<String> successes(int count) {
    synchronized (lock) {
      return seeding.settled(count, true);
    }
  }

  /**
   * Seeds deliveries that failed or were not tried yet, and that the provider will send by itself:
   * a client must not retry them. Returns an empty list if the API has no such deliveries.
   *
   * @return their ids, oldest first
   */
  public final List<String> stillTrying(int count) {
    synchronized (lock) {
      return seeding.stillTrying(count);
    }
  }

  /**
   * Lets the provider make its own attempts at what {@link #stillTrying} seeded: each delivery
   * arrives once and succeeds or fails for good.
   */
  public final void finishTrying() {
    synchronized (lock) {
      seeding.finishTrying();
    }
  }

  /**
   * Makes events happen now: they are delivered to the endpoint and listed as new rows.
   *
   * @return their ids
   */
  public final List<String> traffic(int count) {
    synchronized (lock) {
      return seeding.traffic(count);
    }
  }

  /** Returns the oddities of the fake's lists. */
  public final OddLists oddLists() {
    return oddLists;
  }

  /**
   * Sets how long a queued retry waits, by the fake's clock, before it is delivered; 0 at first.
   */
  public final void asyncDelay(Duration delay) {
    synchronized (lock) {
      queue.delay(delay);
    }
  }

  /**
   * Sets how many reads (pages, single deliveries) show a retry as queued before it is delivered.
   * With 0, the default, it is delivered before the next read.
   */
  public final void settlesAfterReads(int count) {
    synchronized (lock) {
      queue.settlesAfterReads(count);
    }
  }

  /**
   * Delivers every queued retry now, due or not, and lets the provider make the next of its own
   * attempts at what failed.
   */
  public final void settle() {
    synchronized (lock) {
      queue.settleAll(now());
      repeatFailures();
    }
  }

  // The methods that a provider implements. They are called under the lock.

  /**
   * Seeds the deliveries of one event: at least one with the given status, and at most as many as
   * requested. The event may have others, if an API has several deliveries per event.
   *
   * @param at when the last attempts were
   * @param httpStatus the status that the endpoint returned, or {@link Endpoint#NO_ANSWER}
   * @return the ids of the deliveries with that status
   */
  protected abstract List<String> seed(Instant at, int httpStatus, Draws draws, int most);

  /** Delivers one new event to the endpoint now, and returns the id of the delivery. */
  protected abstract String deliverNow(Draws draws);

  /**
   * Returns the endpoint's records for an id; empty if the fake has no such delivery. There are
   * several if it is the id of an event with several deliveries.
   */
  protected abstract List<ReceivedEvent> events(String id);

  /**
   * Seeds a delivery that the provider will send by itself, and returns its id; null if the API has
   * no such deliveries.
   */
  protected @Nullable String seedStillTrying(Instant at, Draws draws) {
    return null;
  }

  /**
   * Makes the attempts that the provider makes by itself and that are due by now. Called before
   * each list or read, and before the endpoint is changed or looked at.
   */
  protected void makeDueAttempts() {}

  /** Makes the provider's own next attempt at everything that failed. */
  protected void repeatFailures() {}

  /** Makes the provider's own next attempt at what {@link #seedStillTrying} seeded. */
  protected void tryAgain(String id) {}

  /**
   * Returns the JSON fields of a row that hold the time when it was created or sent; {@link
   * OddLists#rewriteTimes} changes them.
   */
  protected Set<String> timeFields() {
    return Set.of();
  }

  // The methods that all providers share.

  /** Makes as many subscriptions as the settings say; the function gets 0, 1, 2 and so on. */
  protected final void subscribe(IntFunction<Subscription> subscription) {
    subscriptions = new Subscriptions(webhooks, subscription);
  }

  /** The subscriptions; none before {@link #subscribe}. */
  protected final Subscriptions subscriptions() {
    return subscriptions;
  }

  /**
   * Delivers a retry later, according to {@link #asyncDelay} and {@link #settlesAfterReads}.
   *
   * @param delivery what delivers it; runs under the lock
   */
  protected final void enqueue(Runnable delivery) {
    enqueueAt(due -> delivery.run());
  }

  /** The same, for a delivery that must know when it is made. */
  protected final void enqueueAt(Consumer<Instant> delivery) {
    queue.add(delivery, now());
  }

  /** Delivers something at an instant of the fake's clock, and tells it that instant. */
  final void enqueueAt(Instant due, Consumer<Instant> delivery) {
    queue.addDue(delivery, due);
  }

  /** Returns the time of a seeded event: the given time, or an hour ago if it is null. */
  protected final Instant momentOf(@Nullable Instant at) {
    return at == null ? now().minus(USUAL_AGE) : Instant.ofEpochMilli(at.toEpochMilli());
  }

  /** Returns the size of a page: the requested size, unless a test sets a smaller one. */
  protected final int pageSize(int most) {
    return oddLists.rows(most);
  }

  /** Delivers what is due, unless reads must show it as queued first. */
  final void settleDue() {
    queue.settleDue(now());
    makeDueAttempts();
  }

  @Override
  Answer handle(Call call, Route.Handler handler) {
    if (call.operation() == Operation.LIST || call.operation() == Operation.READ) {
      queue.read(now());
      makeDueAttempts();
    }
    return oddLists.spoil(call.operation(), super.handle(call, handler));
  }

  /**
   * The settings that all fakes share.
   *
   * @param <B> the builder's own type
   */
  public abstract static class Builder<B extends Builder<B>> extends FakeApi.Builder<B> {
    private Duration window = Duration.ofHours(6);
    private Duration asyncDelay = Duration.ZERO;
    private int settlesAfterReads;
    private int webhooks = 3;

    /** The default settings. */
    protected Builder() {}

    /** How many subscriptions there are; 3 by default. */
    public final B webhooks(int count) {
      this.webhooks = count;
      return self();
    }

    /** How far back seeded deliveries reach, from a minute before now; 6 hours by default. */
    public final B window(Duration value) {
      this.window = value;
      return self();
    }

    /**
     * See {@link FakeProvider#asyncDelay}; no effect at Chatt2.me, where a retry is synchronous.
     */
    public final B asyncDelay(Duration value) {
      this.asyncDelay = value;
      return self();
    }

    /** See {@link FakeProvider#settlesAfterReads}; no effect at Chatt2.me. */
    public final B settlesAfterReads(int count) {
      this.settlesAfterReads = count;
      return self();
    }

    /**
     * Whether the API shows at once that a retry was delivered, where it is not documented that it
     * does; no effect where it is.
     */
    public B showsDelivered(boolean value) {
      return self();
    }
  }
}
