package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/**
 * One provider's HTTP: makes its Retrofit interface, whose methods return {@link Read} or {@link
 * Send}, and runs many requests at once. Safe to share between threads.
 */
public final class ProviderHttp implements AutoCloseable {
  private final HttpSettings settings;
  private final OkHttpClient client;
  private final boolean ownsClient;
  private final ExecutorService threads;
  private final Calls calls;
  private final Retrofit retrofit;

  ProviderHttp(HttpSettings settings, @Nullable OkHttpClient callers) {
    this.settings = settings;
    this.ownsClient = callers == null;
    this.threads = daemonThreads("redrive-" + settings.provider());
    this.client = hardened(callers == null ? ownClient() : callers);
    this.calls = new Calls(settings);
    this.retrofit =
        new Retrofit.Builder()
            .baseUrl(settings.baseUrl())
            .callFactory(
                request ->
                    client.newCall(
                        request.newBuilder().tag(SendGuard.class, new SendGuard()).build()))
            .addConverterFactory(new JsonConverters())
            .addCallAdapterFactory(new CallAdapters(calls))
            .validateEagerly(true)
            .build();
  }

  /** Implements a Retrofit interface. Its paths must be relative, to keep the base URL's own. */
  public <A> A create(Class<A> api) {
    return retrofit.create(api);
  }

  /** The account in every key. */
  public String account() {
    return settings.account();
  }

  /** The key of this account's delivery {@code id}. */
  public DeliveryKey key(String id) {
    return new DeliveryKey(settings.provider(), settings.account(), id);
  }

  /** Requests under way at once at the most. */
  public int concurrency() {
    return settings.concurrency();
  }

  /** See {@link ClientBuilder#requestTimeout}. */
  public Duration requestTimeout() {
    return settings.requestTimeout();
  }

  /** See {@link ClientBuilder#settleTime}. */
  public Duration settleTime() {
    return settings.settleTime();
  }

  /** The client's clock. */
  public Instant now() {
    return settings.time().now();
  }

  /**
   * Whether enough time has passed since a request for its absence from the logs to be evidence.
   */
  public boolean hasSettled(RetryResult result) {
    return !result.requestedAt().plus(settings.settleTime()).isAfter(now());
  }

  /** Reads pages by offset; see {@link PageReader}. */
  public <T> Listing<T> pages(
      int pageSize, Function<T, @Nullable String> id, PageReader<T> reader) {
    return LeftOutRows.listing(
        leftOut -> pages(pageSize, id, reader, () -> Long.MAX_VALUE, 0, leftOut));
  }

  /**
   * Reads pages by offset, and none ahead that the caller may not want.
   *
   * @param id names a row; one that it returns null for is left out
   * @param wanted how many more rows the caller is sure to ask for; asked before each read ahead
   * @param there how many rows the caller is sure to ask for that are certainly there
   * @param leftOut counts the rows that cannot be read
   */
  public <T> Iterator<T> pages(
      int pageSize,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      LongSupplier wanted,
      long there,
      LeftOutRows leftOut) {
    return new PageWalk<>(
        settings.displayName(),
        pageSize,
        id,
        reader,
        threads,
        pagesAhead(),
        wanted,
        there,
        leftOut);
  }

  /** As many again wait for their turn, so that no place is idle while a page is looked at. */
  private int pagesAhead() {
    return settings.concurrency() == 1 ? 1 : 2 * settings.concurrency();
  }

  /** Begins to read something whose turn comes later; null if this is closed. */
  public <T> @Nullable ReadAhead<T> ahead(Supplier<T> read) {
    return ReadAhead.begin(settings.displayName(), threads, read);
  }

  /**
   * Reads one answer for each item, some at once.
   *
   * @return the answers in the order of {@code items}
   * @throws RedriveException the first failure; what is left is not read
   */
  public <I, R> List<R> readEach(List<I> items, Function<I, R> read) {
    var failure = new AtomicReference<@Nullable RedriveException>();
    List<@Nullable R> answers =
        new Fanout(threads, settings.concurrency())
            .run(
                items,
                item -> {
                  try {
                    return read.apply(item);
                  } catch (RedriveException e) {
                    failure.compareAndSet(null, e);
                    return null;
                  }
                },
                answer -> failure.get() != null);
    if (failure.get() != null) {
      throw failure.get();
    }
    var complete = new ArrayList<R>(items.size());
    for (R answer : answers) {
      if (answer == null) {
        throw calls.interruption("list");
      }
      complete.add(answer);
    }
    return complete;
  }

  /**
   * Has deliveries sent again: each once, however often it is named and in whatever spelling of its
   * UUID. What is not of this account, or refused, is {@link RetryResult.Status#REJECTED} without a
   * request.
   *
   * @param refusal why the provider need not be asked for a delivery of this account; null if it
   *     must
   * @param batches divides what is to be sent into what each request names
   * @param send sends one request: one result per delivery of the batch, in order
   * @return one result per delivery, in the order of {@code deliveries}
   */
  public List<RetryResult> retryAll(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<List<FailedDelivery>, List<List<FailedDelivery>>> batches,
      Function<List<FailedDelivery>, List<RetryResult>> send) {
    var refused = new ArrayList<@Nullable RetryResult>(deliveries.size());
    var ids = new ArrayList<String>(deliveries.size());
    var toSend = new LinkedHashMap<String, FailedDelivery>();
    for (FailedDelivery delivery : deliveries) {
      String id = spelledAlike(delivery.key().id());
      ids.add(id);
      String reason =
          isForeign(delivery.key())
              ? "not sent: " + foreign(delivery.key())
              : refusal.apply(delivery);
      refused.add(reason == null ? null : RetryResult.rejected(delivery, reason, now()));
      if (reason == null) {
        toSend.putIfAbsent(id, delivery);
      }
    }
    var sent = new HashMap<String, RetryResult>();
    for (RetryResult result : sendEach(batches.apply(List.copyOf(toSend.values())), send)) {
      sent.put(spelledAlike(result.key().id()), result);
    }
    var results = new ArrayList<RetryResult>(deliveries.size());
    for (int i = 0; i < deliveries.size(); i++) {
      RetryResult without = refused.get(i);
      results.add(without != null ? without : Objects.requireNonNull(sent.get(ids.get(i))));
    }
    return results;
  }

  /** {@link #retryAll} where a request takes one delivery. */
  public List<RetryResult> retryEach(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<FailedDelivery, RetryResult> send) {
    return retryAll(
        deliveries,
        refusal,
        all -> all.stream().map(List::of).toList(),
        batch -> List.of(send.apply(batch.get(0))));
  }

  /**
   * The outcome of a retry that was rejected or certainly not done, or not for this account; null
   * if it must be read.
   */
  public @Nullable RetryOutcome outcomeWithoutReading(RetryResult result) {
    if (!result.needsOutcome()) {
      return RetryOutcome.of(
          result,
          result.mayBeSentAgain() ? RetryOutcome.Status.NOT_SENT : RetryOutcome.Status.REJECTED,
          Objects.requireNonNullElse(result.reason(), "it was not sent"));
    }
    return isForeign(result.key())
        ? RetryOutcome.of(result, RetryOutcome.Status.UNKNOWN, foreign(result.key()))
        : null;
  }

  private boolean isForeign(DeliveryKey key) {
    return !(key.provider().equals(settings.provider())
        && key.account().equals(settings.account()));
  }

  private static String foreign(DeliveryKey key) {
    return "it belongs to " + key.provider() + " at " + key.account() + ", not to this client";
  }

  /** A ledger or a user may hold a UUID in upper case. */
  private static String spelledAlike(String id) {
    return ClientBuilder.isUuid(id) ? id.toLowerCase(Locale.ROOT) : id;
  }

  /**
   * Sends one request for each batch, some at once, until one fails in a way that concerns all
   * later ones too; what is left is not sent.
   *
   * @param batches what each request names
   * @param send sends one request: one result per delivery of the batch, in order
   * @return one result per delivery of all batches, in order
   */
  List<RetryResult> sendEach(
      List<List<FailedDelivery>> batches, Function<List<FailedDelivery>, List<RetryResult>> send) {
    List<@Nullable List<RetryResult>> answers =
        new Fanout(threads, settings.concurrency())
            .run(batches, batch -> sendOne(batch, send), ProviderHttp::stopsSending);
    String why = "not sent: " + stopReason(answers);
    var results = new ArrayList<RetryResult>();
    for (int i = 0; i < batches.size(); i++) {
      List<RetryResult> answer = answers.get(i);
      if (answer == null) {
        batches.get(i).forEach(d -> results.add(RetryResult.notSent(d, why, now())));
      } else {
        results.addAll(answer);
      }
    }
    return results;
  }

  /** An answer that the provider's mapper stumbles over must not lose the other answers. */
  private List<RetryResult> sendOne(
      List<FailedDelivery> batch, Function<List<FailedDelivery>, List<RetryResult>> send) {
    try {
      return send.apply(batch);
    } catch (RuntimeException e) {
      String why = "the answer could not be understood (" + e.getClass().getSimpleName() + ")";
      return batch.stream().map(d -> RetryResult.unknown(d, why, now())).toList();
    }
  }

  private static boolean stopsSending(List<RetryResult> answer) {
    return answer.stream().anyMatch(result -> concernsAll(result.error()));
  }

  private static boolean concernsAll(@Nullable RedriveException error) {
    return error instanceof AuthenticationException
        || error instanceof RateLimitedException
        || error instanceof OperationInterruptedException;
  }

  private String stopReason(List<@Nullable List<RetryResult>> answers) {
    for (List<RetryResult> answer : answers) {
      if (answer != null) {
        for (RetryResult result : answer) {
          if (result.error() != null && concernsAll(result.error())) {
            return result.error().summary();
          }
        }
      }
    }
    return calls.isClosed() ? "the client was closed" : "interrupted";
  }

  /** Cancels what is under way and closes what this made; a caller's own client stays open. */
  @Override
  public void close() {
    calls.close();
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    threads.shutdownNow();
    if (ownsClient) {
      client.connectionPool().evictAll();
    }
  }

  /** Keeps idle connections shorter than servers do, so that no retry is lost in a dead one. */
  private OkHttpClient ownClient() {
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool(settings.concurrency(), 4, TimeUnit.SECONDS))
        .build();
  }

  private OkHttpClient hardened(OkHttpClient base) {
    var dispatcher = new Dispatcher(daemonThreads("redrive-http-" + settings.provider()));
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return base.newBuilder()
        .dispatcher(dispatcher)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .authenticator(Authenticator.NONE)
        .cache(null)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .callTimeout(Duration.ZERO)
        .addInterceptor(SendGuard::remember)
        .addInterceptor(new ResponseLimit(settings.maxResponseBytes()))
        .addInterceptor(chain -> chain.proceed(withHeaders(chain.request())))
        .addNetworkInterceptor(RetryAfter::hide)
        .addNetworkInterceptor(SendGuard::enforce)
        .build();
  }

  private Request withHeaders(Request request) {
    Request.Builder builder = request.newBuilder().header("Accept", "application/json");
    for (Map.Entry<String, Secret> header : settings.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue().reveal());
    }
    return builder.build();
  }

  private static ExecutorService daemonThreads(String name) {
    var count = new AtomicLong();
    ThreadFactory factory =
        work -> {
          var thread = new Thread(work, name + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }
}
