package dev.redrive.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API that is served over real HTTP on the loopback address: its routes, the faults of its
 * requests, and a record of the requests.
 *
 * <p>Any number of clients may use it at once, and tests may change and query it meanwhile.
 *
 * <p>{@link FakeProvider} adds deliveries and webhooks.
 */
public abstract class FakeApi implements AutoCloseable {
  /** Guards what the fake holds. Routes and the methods to be overridden run under it. */
  protected final Object lock = new Object();

  final long seed;
  private final Clock clock;
  private final String apiKey;
  private final Faults faults;
  private final RequestAccount account;
  private final ApiServer server;
  private String baseUrl = "";

  FakeApi(Builder<?> builder) {
    this.seed = builder.seed;
    this.clock = builder.clock;
    this.apiKey =
        builder.apiKey == null
            ? "key-" + Long.toHexString(Ids.mix(builder.seed + 4))
            : builder.apiKey;
    this.faults = new Faults(Ids.mix(seed + 2));
    this.account = new RequestAccount(builder.recordedRequests);
    this.server = new ApiServer(this, account, builder.latency);
  }

  /**
   * Returns the URL of the API: an origin without a path, such as {@code http://127.0.0.1:41234}.
   */
  public final String baseUrl() {
    return baseUrl;
  }

  /** Returns the key or token that the API accepts. */
  public final String apiKey() {
    return apiKey;
  }

  /** Returns the clock for all times here, and for the {@code Date} header of each response. */
  public final Clock clock() {
    return clock;
  }

  /** Returns the faults to inject into requests. */
  public final Faults faults() {
    return faults;
  }

  /** Runs {@code hook} before each request of this kind is processed, in the server's thread. */
  public final void onRequest(Operation operation, Runnable hook) {
    server.onRequest(operation, hook);
  }

  /** Runs before each page is made, so that a test can add or remove rows between pages. */
  public final void beforeEachPage(Runnable hook) {
    onRequest(Operation.LIST, hook);
  }

  /** Makes every response take this long, measured from the arrival of the request. */
  public final void latency(Duration time) {
    server.latency(time);
  }

  /** Returns how many requests arrived, including refused ones and those with faults. */
  public final long requestCount() {
    synchronized (lock) {
      return account.count();
    }
  }

  /** Returns how many requests of this kind arrived. */
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

  /** Returns how many retry requests named this delivery, whatever their result. */
  public final int retryRequests(String deliveryId) {
    synchronized (lock) {
      return countRetries(deliveryId);
    }
  }

  /** Returns the most requests that were processed at the same time. */
  public final int peakConcurrency() {
    return server.load().peak();
  }

  /** Returns the most requests of this kind that were processed at the same time. */
  public final int peakConcurrency(Operation operation) {
    return server.load().peak(operation);
  }

  /**
   * Stops the server and its threads, which are not daemons: connections are closed, and new ones
   * are refused. The records can still be read.
   */
  @Override
  public final void close() {
    server.close();
  }

  // What the API of one provider has.

  /** Whether the request carries a key that the API accepts. */
  protected abstract boolean authorized(Call call);

  /** Returns the response to a request with a wrong key or none. */
  protected Answer unauthorized(Call call) {
    return error(401, "Unauthorized");
  }

  /** Returns an error in the provider's format, such as {@code 404} and {@code Not found}. */
  protected abstract Answer error(int status, String message);

  /** Returns the response to a request with a parameter that a route refuses. */
  protected Answer invalid(Call call, InvalidParameterException problem) {
    return error(400, problem.parameter() + " " + problem.problem());
  }

  /**
   * Refuses a request that has the right key before it is processed, like a rate limiter; null
   * accepts it. See {@link RateLimit}.
   */
  protected @Nullable Answer refuse(Call call) {
    return null;
  }

  /** The JSON fields that hold an enum's value, which {@link Fault#unknownEnumValues} changes. */
  protected Set<String> enumFields() {
    return Set.of();
  }

  /**
   * How many retry requests named a delivery; for an API where a request names deliveries in
   * several ways.
   */
  protected int countRetries(String deliveryId) {
    return account.retries(deliveryId);
  }

  // What a fake is made of.

  /** Declares what a GET of this path does; see {@link Route}. The first route that fits wins. */
  protected final Route get(String path, Operation operation, Route.Handler handler) {
    return route("GET", path, operation, handler);
  }

  /** Declares what a POST to this path does; see {@link Route}. */
  protected final Route post(String path, Operation operation, Route.Handler handler) {
    return route("POST", path, operation, handler);
  }

  /** Declares what a PUT to this path does; see {@link Route}. */
  protected final Route put(String path, Operation operation, Route.Handler handler) {
    return route("PUT", path, operation, handler);
  }

  /** Declares what a request of any method to this path does; see {@link Route}. */
  protected final Route route(
      String method, String path, Operation operation, Route.Handler handler) {
    return server.add(new Route(method, path, operation, handler));
  }

  /** Starts to serve. To be called once, when the fake is constructed. */
  protected final void open() {
    baseUrl = server.open();
  }

  /** Now by the fake's clock, to the millisecond. */
  protected final Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  /** Ids of one kind of things, by the fake's seed. */
  protected final Ids ids(String kind) {
    return new Ids(seed, kind);
  }

  /** How many requests are in work, this one included, that read if it reads, else that write. */
  protected final int concurrentWith(Call call) {
    return server.load().now(call.method());
  }

  /** Works on a request; the lock is held. */
  final Answer work(Call call, Route route) {
    try {
      if (!authorized(call)) {
        return unauthorized(call);
      }
      Answer refusal = refuse(call);
      return refusal != null ? refusal : handle(call, route.handler());
    } catch (InvalidParameterException e) {
      return invalid(call, e);
    }
  }

  Answer handle(Call call, Route.Handler handler) {
    return handler.handle(call);
  }

  /**
   * The settings that all fakes share.
   *
   * @param <B> the builder's own type
   */
  public abstract static class Builder<B extends Builder<B>> {
    private long seed = 1;
    private Clock clock = Clock.systemUTC();
    private @Nullable String apiKey;
    private Duration latency = Duration.ZERO;
    private int recordedRequests = 1_000;

    Builder() {}

    /** Returns this builder. */
    protected abstract B self();

    /** What ids, causes, times and random faults come from; 1 by default. */
    public final B seed(long value) {
      this.seed = value;
      return self();
    }

    /** The clock; the system's by default. */
    public final B clock(Clock value) {
      this.clock = value;
      return self();
    }

    /** The key that the API accepts; one made from the seed by default. */
    public final B apiKey(String value) {
      this.apiKey = value;
      return self();
    }

    /** How long every answer takes; see {@link FakeApi#latency}. */
    public final B latency(Duration value) {
      this.latency = value;
      return self();
    }

    /** How many requests {@link FakeApi#requests} keeps; 1000 by default, 0 for none. */
    public final B recordedRequests(int limit) {
      this.recordedRequests = limit;
      return self();
    }
  }
}
