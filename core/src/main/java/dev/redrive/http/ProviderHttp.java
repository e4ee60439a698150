package dev.redrive.http;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.Listing;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
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
  private final Fanout fanout;
  private final Retries retries;
  private final Retrofit retrofit;

  ProviderHttp(HttpSettings settings, @Nullable OkHttpClient callers) {
    this.settings = settings;
    this.ownsClient = callers == null;
    this.threads = WorkThreads.named("redrive-" + settings.provider(), settings.concurrency());
    this.client = Connections.client(settings, callers);
    this.calls = new Calls(settings);
    this.fanout = new Fanout(threads, settings.concurrency());
    this.retries = new Retries(settings, calls, fanout);
    this.retrofit =
        new Retrofit.Builder()
            .baseUrl(settings.baseUrl())
            .callFactory(
                request ->
                    client.newCall(
                        request
                            .newBuilder()
                            .tag(SendGuard.class, new SendGuard())
                            .tag(CarriedKey.class, new CarriedKey())
                            .build()))
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

  /** See {@link ClientBuilder#timeSource}. */
  public TimeSource timeSource() {
    return settings.time();
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
        leftOut -> pages(pageSize, id, reader, pagesAhead(DeliveryQuery.all()), leftOut));
  }

  /**
   * Reads pages by offset.
   *
   * @param id names a row; one that it returns null for is left out
   * @param leftOut counts the rows that cannot be read
   */
  public <T> PageReader.Rows<T> pages(
      int pageSize,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    return new PageWalk<>(settings.displayName(), pageSize, id, reader, threads, ahead, leftOut);
  }

  /**
   * Reads pages that each name the next one.
   *
   * @param id names a row; one that it returns null for is left out
   * @param leftOut counts the rows that cannot be read
   */
  public <T> PageReader.Rows<T> pages(
      Function<T, @Nullable String> id, CursorReader<T> reader, LeftOutRows leftOut) {
    return new CursorWalk<>(settings.displayName(), id, reader, leftOut);
  }

  /** What a listing reads ahead: nothing where the query has a limit. */
  public PagesAhead pagesAhead(DeliveryQuery query) {
    boolean hasLimit = query.limit() < Long.MAX_VALUE;
    return pagesAhead(hasLimit || settings.concurrency() == 1 ? 0 : settings.concurrency(), 0);
  }

  /** What a search reads ahead that needs that many pages at least. */
  public PagesAhead pagesAhead(long certain) {
    int most = settings.concurrency();
    return pagesAhead(most == 1 ? 0 : most, (int) Math.min(certain, Integer.MAX_VALUE));
  }

  private PagesAhead pagesAhead(int most, int certain) {
    return new PagesAhead(most, certain > 1 ? certain : 0, calls::isPermitFree);
  }

  /** Begins to read something whose turn comes later. */
  public <T> ReadAhead<T> ahead(Supplier<T> read) {
    return ReadAhead.begin(settings.displayName(), threads, read);
  }

  /**
   * Reads one answer for each item, some at once.
   *
   * @return the answers in the order of {@code items}
   * @throws RedriveException the first failure; what is left is not read
   */
  public <I, R> List<R> readEach(List<I> items, Function<I, R> read) {
    return fanout.read(
        items, (item, handOver) -> read.apply(item), nothing -> {}, this::interruption);
  }

  /**
   * Reads something for each item, some at once, and hands over what is found as it is found.
   *
   * @param read reads for one item. What it hands over, also piece by piece, is passed on; it may
   *     be nothing, which lets pass on what others have found
   * @param reader is called on this thread, one call after the other. What it throws ends the
   *     reading
   * @throws RedriveException the first failure, once all that was found is passed on; what is left
   *     is not read. After an interrupt, nothing more is passed on
   */
  public <I, T> void readEach(
      List<I> items, BiConsumer<I, Consumer<List<T>>> read, Consumer<List<T>> reader) {
    List<Boolean> unused =
        fanout.read(
            items,
            (item, handOver) -> {
              read.accept(item, handOver);
              return true;
            },
            reader,
            this::interruption);
  }

  private RedriveException interruption() {
    return calls.interruption("list");
  }

  /** Has deliveries sent again. */
  public Retries retries() {
    return retries;
  }

  /**
   * An id in the one spelling that equal ids share: UUIDs, alone or as parts of it, are in lower
   * case, since a ledger or a user may hold them in upper case.
   */
  public static String canonicalId(String id) {
    return CanonicalId.of(id);
  }

  /** Cancels what is under way and closes what this made; a caller's own client stays open. */
  @Override
  public void close() {
    calls.close();
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    // Somebody may wait for what was about to begin: it ends at once, since all is closed.
    threads.shutdownNow().forEach(Runnable::run);
    if (ownsClient) {
      client.connectionPool().evictAll();
    }
  }

  /** For tests: what a client sends besides what every request has. */
  Set<String> headerNames() {
    var names = new HashSet<>(settings.headers().keySet());
    names.add(settings.key().header());
    return names;
  }
}
