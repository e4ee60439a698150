package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.jspecify.annotations.Nullable;

/**
 * A provider's API, served over real HTTP on the loopback address, with a receiver behind it.
 *
 * <p>What it holds comes from a seed and the clock, so that two runs are alike. It answers as the
 * provider's documentation, or its public source, says; where they are silent the Javadoc of the
 * setting says {@code [inferred]}. Any number of clients may use it at once, and tests may seed,
 * change and ask while they do.
 *
 * <p>Deliveries are named by the ids that the API shows. At Baanx, where a delivery is an (event,
 * webhook) pair, the id is {@code eventId/webhookId}.
 */
public abstract class FakeProvider implements AutoCloseable {
  private static final Duration NEWEST = Duration.ofMinutes(1);

  final Object lock = new Object();
  final long seed;

  private final Clock clock;
  private final String apiKey;
  private final Duration window;
  private final Endpoint endpoint;
  private final Faults faults;
  private final SplittableRandom random;
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger readsInFlight = new AtomicInteger();
  private final AtomicInteger writesInFlight = new AtomicInteger();
  private final AtomicInteger peakConcurrency = new AtomicInteger();
  private final Map<Operation, Concurrency> concurrency = new EnumMap<>(Operation.class);
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<Boolean> active = new ArrayList<>();

  private final OddLists oddLists = new OddLists();
  private final RequestAccount account;
  private final RetryQueue queue;
  private IntColumn trying = new IntColumn();

  private volatile Duration latency;
  private @Nullable MockWebServer server;
  private String baseUrl = "";

  FakeProvider(Builder<?> builder) {
    this.seed = builder.seed;
    this.clock = builder.clock;
    this.apiKey = builder.apiKey == null ? defaultKey(builder.seed) : builder.apiKey;
    this.window = builder.window;
    this.latency = builder.latency;
    this.queue = new RetryQueue(this::deliver, builder.asyncDelay, builder.settlesAfterReads);
    this.account = new RequestAccount(this::rowOf, builder.recordedRequests);
    this.endpoint = new Endpoint(this, Ids.mix(seed + 1));
    this.faults = new Faults(Ids.mix(seed + 2));
    this.random = new SplittableRandom(Ids.mix(seed + 3));
    for (Operation operation : Operation.values()) {
      concurrency.put(operation, new Concurrency());
    }
  }

  private static String defaultKey(long seed) {
    return "key-" + Long.toHexString(Ids.mix(seed + 4));
  }

  /** Where the API is: an origin without a path, such as {@code http://127.0.0.1:41234}. */
  public final String baseUrl() {
    return baseUrl;
  }

  /** The key or token that the API accepts. */
  public final String apiKey() {
    return apiKey;
  }

  /** The clock that dates what happens here, and the {@code Date} header of each answer. */
  public final Clock clock() {
    return clock;
  }

  /** The receiver: what it answers, and the account of what arrived. */
  public final Endpoint endpoint() {
    return endpoint;
  }

  /** What goes wrong with requests. */
  public final Faults faults() {
    return faults;
  }

  /** What is odd about the lists that it answers with. */
  final OddLists oddLists() {
    return oddLists;
  }

  /** The ids of the subscriptions, in the order in which the API lists them. */
  public final List<String> webhookIds() {
    return subscriptions.stream().map(Subscription::id).toList();
  }

  /**
   * Switches a subscription off or on, as the API shows it.
   *
   * @throws IllegalArgumentException if there is no such webhook
   */
  public final void setActive(String webhookId, boolean isActive) {
    synchronized (lock) {
      active.set(webhookIndex(webhookId), isActive);
    }
  }

  /**
   * Seeds deliveries that failed for good, spread over webhooks, causes and the seeding window
   * before now.
   *
   * @return their ids, oldest first; computed when read, so that a million costs little
   */
  public final List<String> failures(int count) {
    return seedMany(count, false);
  }

  /**
   * Seeds deliveries that succeeded, spread like {@link #failures}.
   *
   * @return their ids, oldest first
   */
  public final List<String> successes(int count) {
    return seedMany(count, true);
  }

  /**
   * Seeds deliveries that failed, or were not tried yet, and that the provider still sends by
   * itself: no client must retry them. Empty where the API has nothing of the kind.
   *
   * @return their ids, oldest first
   */
  public final List<String> stillTrying(int count) {
    synchronized (lock) {
      IntColumn rows = new IntColumn();
      for (int i = 0; i < count; i++) {
        int row = seedStillTrying(now() - 1_000L * (count - i), random.nextLong());
        if (row >= 0) {
          rows.add(row);
          trying.add(row);
        }
      }
      return ids(rows);
    }
  }

  /**
   * Lets the provider make its own attempts at what {@link #stillTrying} seeded: each delivery
   * arrives once and succeeds or fails for good.
   */
  public final void finishTrying() {
    synchronized (lock) {
      for (int i = 0; i < trying.size(); i++) {
        tryAgain(trying.get(i));
      }
      trying = new IntColumn();
    }
  }

  /**
   * Lets events happen now: they are delivered to the endpoint, which answers as it is set, and
   * show up as new rows.
   *
   * @return their ids
   */
  public final List<String> traffic(int count) {
    synchronized (lock) {
      IntColumn rows = new IntColumn();
      while (rows.size() < count) {
        rows.add(naturalDelivery(now(), random.nextLong()));
      }
      return ids(rows);
    }
  }

  /** Runs before each request of this kind is worked on, in the server's thread. */
  public final void onRequest(Operation operation, Runnable hook) {
    hooks.add(new Hook(operation, hook));
  }

  /** Runs before each page is made, so that a test can add or remove rows between pages. */
  public final void beforeEachPage(Runnable hook) {
    onRequest(Operation.LIST, hook);
  }

  /** Makes every answer take this long, measured from the request's arrival. */
  public final void latency(Duration time) {
    latency = time;
  }

  /** How long a queued retry waits by the fake's clock before it is delivered; 0 at first. */
  public final void asyncDelay(Duration delay) {
    synchronized (lock) {
      queue.delay(delay);
    }
  }

  /**
   * How many reads (pages, single deliveries) see a queued retry as queued before it is delivered;
   * 0, the default, has it delivered before the next read is answered.
   */
  public final void settlesAfterReads(int count) {
    synchronized (lock) {
      queue.settlesAfterReads(count);
    }
  }

  /** Delivers every queued retry now, due or not. */
  public final void settle() {
    synchronized (lock) {
      queue.settleAll();
    }
  }

  /** How many requests arrived, faults and refused ones included. */
  public final long requestCount() {
    synchronized (lock) {
      return account.count();
    }
  }

  /** How many requests of this kind arrived. */
  public final long requestCount(Operation operation) {
    synchronized (lock) {
      return account.count(operation);
    }
  }

  /**
   * The latest requests, oldest first: as many as {@link Builder#recordedRequests} says, 1000 if it
   * says nothing.
   */
  public final List<RecordedRequest> requests() {
    synchronized (lock) {
      return account.latest();
    }
  }

  /** The latest requests of this kind, oldest first; see {@link #requests()}. */
  public final List<RecordedRequest> requests(Operation operation) {
    return requests().stream().filter(request -> request.operation() == operation).toList();
  }

  /** How many retry requests named this delivery, whatever became of them. */
  public final int retryRequests(String deliveryId) {
    synchronized (lock) {
      return countRetries(deliveryId);
    }
  }

  /** How many requests were in work at the same time, at most. */
  public final int peakConcurrency() {
    return peakConcurrency.get();
  }

  /** How many requests of this kind were in work at the same time, at most. */
  public final int peakConcurrency(Operation operation) {
    return concurrencyOf(operation).peak.get();
  }

  /**
   * Stops the server and its threads, which are no daemons: connections break, further ones are
   * refused. The accounts can still be read.
   */
  @Override
  public final void close() {
    closing.countDown();
    if (server != null) {
      server.close();
    }
  }

  // What the API of one provider has.

  /** What a request asks for, null if there is no such path. */
  abstract @Nullable Route route(Call call);

  abstract boolean authorized(Call call);

  abstract Answer unauthorized(Call call);

  /** The provider's error body. */
  abstract Answer error(int status, String message);

  abstract Answer invalid(Call call, InvalidParameterException problem);

  /** The JSON fields that hold an enum's value. */
  abstract Set<String> enumFields();

  /** Seeds at least one and at most {@code limit} deliveries of one event, adding their rows. */
  abstract void seed(long at, int status, long random, int limit, IntColumn rows);

  /** Seeds one and returns its row, or -1 if the API has nothing of the kind. */
  int seedStillTrying(long at, long random) {
    return -1;
  }

  /** Makes the provider's own next attempt. */
  void tryAgain(int row) {}

  abstract int naturalDelivery(long at, long random);

  abstract String idOf(int row);

  /** The row of a delivery, -1 if there is none. */
  abstract int rowOf(String id);

  /** The endpoint's accounts that an id stands for, none if it is unknown. */
  abstract int[] slots(String id);

  abstract String slotId(int slot);

  /** Delivers what {@link #enqueue} queued. */
  void deliver(int row, int target) {
    throw new IllegalStateException("nothing is queued here");
  }

  /** Refuses a request before anything else happens, as a rate limiter does. */
  @Nullable Answer refuse(Call call, Route route) {
    return null;
  }

  // What they share.

  final long now() {
    return clock.millis();
  }

  final void subscribe(Subscription subscription) {
    subscriptions.add(subscription);
    active.add(true);
  }

  final Subscription subscription(int index) {
    return subscriptions.get(index);
  }

  final List<Subscription> subscriptions() {
    return subscriptions;
  }

  final boolean isActive(int webhook) {
    return active.get(webhook);
  }

  final int webhookIndex(String id) {
    int index = findWebhook(id);
    if (index < 0) {
      throw new IllegalArgumentException("no webhook " + id + " at this fake");
    }
    return index;
  }

  /** The webhook's index, -1 if there is none. */
  final int findWebhook(String id) {
    for (int i = 0; i < subscriptions.size(); i++) {
      if (subscriptions.get(i).id().equalsIgnoreCase(id)) {
        return i;
      }
    }
    return -1;
  }

  final int pick(long random, int bound) {
    return (int) Long.remainderUnsigned(Ids.mix(random), bound);
  }

  final void enqueue(int row, int target) {
    queue.add(row, target, now());
  }

  /** Delivers what is due, unless reads have to see it queued first. */
  final void settleDue() {
    queue.settleDue(now());
  }

  int countRetries(String id) {
    return account.retries(id);
  }

  final boolean bearer(Call call, String token) {
    return ("Bearer " + token).equals(call.header("Authorization"));
  }

  final int readsInFlight() {
    return readsInFlight.get();
  }

  final int writesInFlight() {
    return writesInFlight.get();
  }

  private List<String> seedMany(int count, boolean success) {
    synchronized (lock) {
      IntColumn rows = new IntColumn();
      long end = clock.instant().minus(NEWEST).toEpochMilli();
      long start = end - window.toMillis();
      while (rows.size() < count) {
        double place = (rows.size() + random.nextDouble()) / count;
        long at = start + (long) (place * (end - start));
        int status = success ? 200 : Causes.pick(random.nextLong());
        seed(at, status, random.nextLong(), count - rows.size(), rows);
      }
      return ids(rows);
    }
  }

  private List<String> ids(IntColumn rows) {
    return new IdList(rows);
  }

  final void open() {
    try {
      MockWebServer started = Http.start(new Requests());
      baseUrl = "http://127.0.0.1:" + started.getPort();
      server = started;
    } catch (IOException e) {
      throw new UncheckedIOException("the fake cannot listen on the loopback address", e);
    }
  }

  private MockResponse answer(Call call) throws InterruptedException {
    Route found = route(call);
    Route route =
        found != null
            ? found
            : new Route(Operation.OTHER, List.of(), () -> error(404, "Not found"));
    Concurrency ofItsKind = concurrencyOf(route.operation());
    ofItsKind.enter();
    try {
      return answer(call, route);
    } finally {
      ofItsKind.leave();
    }
  }

  private MockResponse answer(Call call, Route route) throws InterruptedException {
    Instant arrival = clock.instant();
    long nanos = System.nanoTime();
    for (Hook hook : hooks) {
      if (hook.operation == route.operation()) {
        hook.action.run();
      }
    }
    Fault fault = faults.meet(route.operation(), route.ids());
    Responses responses;
    synchronized (lock) {
      if (route.operation() == Operation.RETRY) {
        route.ids().forEach(account::countRetry);
      }
      Answer answer = fault == null || fault.worked ? work(call, route) : null;
      responses = new Responses(this, answer, fault);
      account.add(call, route, responses.status(), arrival);
    }
    MockResponse response = responses.build(clock.instant());
    if (fault != null && fault.kind == Fault.Kind.STALL) {
      closing.await();
    }
    Duration late = fault == null ? latency : latency.plus(fault.delay);
    long left = late.toNanos() - (System.nanoTime() - nanos);
    boolean closed = left > 0 && closing.await(left, TimeUnit.NANOSECONDS);
    return closed ? Responses.closed() : response;
  }

  private Answer work(Call call, Route route) {
    try {
      if (!authorized(call)) {
        return unauthorized(call);
      }
      Answer refusal = refuse(call, route);
      if (refusal != null) {
        return refusal;
      }
      if (route.operation() == Operation.LIST || route.operation() == Operation.READ) {
        queue.read(now());
      }
      return oddLists.spoil(route.operation(), route.work().get());
    } catch (InvalidParameterException e) {
      return invalid(call, e);
    }
  }

  private Concurrency concurrencyOf(Operation operation) {
    return Objects.requireNonNull(concurrency.get(operation));
  }

  private record Hook(Operation operation, Runnable action) {}

  /** How many requests are in work, and how many were at most. */
  private static final class Concurrency {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    void enter() {
      peak.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void leave() {
      now.decrementAndGet();
    }
  }

  private final class Requests extends Dispatcher {
    @Override
    public MockResponse dispatch(mockwebserver3.RecordedRequest request)
        throws InterruptedException {
      forget();
      AtomicInteger kind = request.getMethod().equals("GET") ? readsInFlight : writesInFlight;
      kind.incrementAndGet();
      peakConcurrency.accumulateAndGet(readsInFlight.get() + writesInFlight.get(), Math::max);
      try {
        return answer(new Call(request));
      } finally {
        kind.decrementAndGet();
      }
    }

    /** The server keeps every request for {@code takeRequest} until someone takes it. */
    private void forget() throws InterruptedException {
      if (server != null) {
        server.takeRequest(0, TimeUnit.NANOSECONDS);
      }
    }
  }

  private final class IdList extends AbstractList<String> implements RandomAccess {
    private final IntColumn rows;

    private IdList(IntColumn rows) {
      this.rows = rows;
    }

    @Override
    public String get(int index) {
      if (index < 0 || index >= rows.size()) {
        throw new IndexOutOfBoundsException(index);
      }
      return idOf(rows.get(index));
    }

    @Override
    public int size() {
      return rows.size();
    }
  }

  /**
   * The settings that all fakes share.
   *
   * @param <B> the builder's own type
   */
  public abstract static class Builder<B extends Builder<B>> {
    long seed = 1;
    Clock clock = Clock.systemUTC();
    @Nullable String apiKey;
    Duration window = Duration.ofHours(6);
    Duration latency = Duration.ZERO;
    Duration asyncDelay = Duration.ZERO;
    int settlesAfterReads;
    int recordedRequests = 1_000;
    int webhooks = 3;

    Builder() {}

    abstract B self();

    /** What ids, causes, times and random faults come from; 1 by default. */
    public B seed(long value) {
      this.seed = value;
      return self();
    }

    /** The clock; the system's by default. */
    public B clock(Clock value) {
      this.clock = value;
      return self();
    }

    /** The key that the API accepts; one made from the seed by default. */
    public B apiKey(String value) {
      this.apiKey = value;
      return self();
    }

    /** How many subscriptions there are; 3 by default. */
    public B webhooks(int count) {
      this.webhooks = count;
      return self();
    }

    /** How far back seeded deliveries reach, from a minute before now; 6 hours by default. */
    public B window(Duration value) {
      this.window = value;
      return self();
    }

    /** How long every answer takes; see {@link FakeProvider#latency}. */
    public B latency(Duration value) {
      this.latency = value;
      return self();
    }

    /**
     * See {@link FakeProvider#asyncDelay}; no effect at Chatt2.me, where a retry is synchronous.
     */
    public B asyncDelay(Duration value) {
      this.asyncDelay = value;
      return self();
    }

    /** See {@link FakeProvider#settlesAfterReads}; no effect at Chatt2.me. */
    public B settlesAfterReads(int count) {
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

    /** How many requests {@link FakeProvider#requests} keeps; 1000 by default, 0 for none. */
    public B recordedRequests(int limit) {
      this.recordedRequests = limit;
      return self();
    }
  }
}
