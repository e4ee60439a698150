package dev.redrive.http;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.Listing;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.RedriveException;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/**
 * The HTTP layer of one client. It implements the provider's Retrofit interface, whose methods
 * return {@link Read} or {@link Send}, and runs several requests at once. Thread-safe.
 */
public final class ProviderHttp implements AutoCloseable {
  private final HttpSettings settings;
  private final OkHttpClient client;
  private final boolean ownsClient;
  private final @Nullable ProviderHttp companion;
  private final ExecutorService threads;
  private final Calls calls;
  private final Fanout fanout;
  private final Retries retries;
  private final Retrofit retrofit;

  /**
   * @param callers the caller's OkHttp client; null for one of its own
   * @param companion what requests tokens for this one, and is closed with it; null for none
   */
  ProviderHttp(
      HttpSettings settings, @Nullable OkHttpClient callers, @Nullable ProviderHttp companion) {
    this.settings = settings;
    this.companion = companion;
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

  /** Implements a Retrofit interface. Its paths must be relative, to keep the base URL's path. */
  public <A> A create(Class<A> api) {
    A requests = retrofit.create(api);
    calls.announce(api);
    return requests;
  }

  /** Returns a builder of the provider's traits, with those that follow from the settings. */
  public ProviderTraits.Builder traits() {
    return ProviderTraits.builder(settings.provider(), settings.displayName())
        .concurrentRetries(settings.concurrency())
        .settleTime(settings.settleTime());
  }

  /** Returns the URL that paths are relative to; it ends with a slash. */
  public String baseUrl() {
    return settings.baseUrl().toString();
  }

  /** Returns the account in every key. */
  public String account() {
    return settings.account();
  }

  /** Returns the key of a delivery. */
  public DeliveryKey key(String id) {
    return new DeliveryKey(settings.provider(), settings.account(), id);
  }

  /** Returns the most requests in flight at once. */
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

  /** See {@link dev.redrive.WebhookRetryClient#clockSkew}. */
  Optional<Duration> clockSkew() {
    return Optional.ofNullable(calls.clockSkew());
  }

  /** See {@link ClientBuilder#timeSource}. */
  public TimeSource timeSource() {
    return settings.time();
  }

  /** Returns the time by the client's clock. */
  public Instant now() {
    return settings.time().now();
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
   * @param id returns a row's id; a row for which it returns null is left out
   * @param leftOut counts the rows that cannot be read
   */
  public <T> PageReader.Rows<T> pages(
      int pageSize,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    return new PageWalk<>(settings.displayName(), pageSize, 1, id, reader, threads, ahead, leftOut);
  }

  /**
   * Like {@link #pages(int, Function, PageReader, PagesAhead, LeftOutRows)}, but pages do not
   * overlap. A row may be missed if others are added or deleted meanwhile.
   */
  public <T> PageReader.Rows<T> search(
      int pageSize,
      Function<T, @Nullable String> id,
      PageReader<T> reader,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    return new PageWalk<>(settings.displayName(), pageSize, 0, id, reader, threads, ahead, leftOut);
  }

  /**
   * Reads pages that each name the next one.
   *
   * @param id returns a row's id; a row for which it returns null is left out
   * @param leftOut counts the rows that cannot be read
   */
  public <T> PageReader.Rows<T> pages(
      Function<T, @Nullable String> id, CursorReader<T> reader, LeftOutRows leftOut) {
    return new CursorWalk<>(settings.displayName(), id, reader, leftOut);
  }

  /**
   * Lists the rows of one webhook after the other.
   *
   * @param ahead decides of how many of the next webhooks the first page is read ahead
   * @param read starts to read the rows of a webhook
   * @param isGone whether rows are not found because the webhook was deleted after it was listed.
   *     Its rows end there; otherwise the listing fails
   * @param list returns what is listed of the rows of a webhook
   * @param <W> a webhook
   * @param <T> its rows, as they are read
   * @param <R> the rows that are listed
   */
  public <W, T, R> Stream<R> sweep(
      PagesAhead ahead,
      Iterator<W> webhooks,
      Function<W, Iterator<T>> read,
      BiPredicate<W, NotFoundException> isGone,
      BiFunction<W, Stream<T>, Stream<R>> list) {
    return new WebhookSweep<>(this, ahead, webhooks, read, isGone, list).stream();
  }

  /** Decides what a listing reads ahead: nothing if the query has a limit. */
  public PagesAhead pagesAhead(DeliveryQuery query) {
    boolean hasLimit = query.limit() < Long.MAX_VALUE;
    return pagesAhead(hasLimit || settings.concurrency() == 1 ? 0 : settings.concurrency(), 0);
  }

  /**
   * Decides what a search reads ahead.
   *
   * @param certain how many pages it needs in any case
   */
  public PagesAhead pagesAhead(long certain) {
    int most = settings.concurrency();
    return pagesAhead(most == 1 ? 0 : most, (int) Math.min(certain, Integer.MAX_VALUE));
  }

  private PagesAhead pagesAhead(int most, int certain) {
    return new PagesAhead(most, certain, calls::isPermitFree);
  }

  /** Starts a read whose result is needed later. */
  public <T> ReadAhead<T> ahead(Supplier<T> read) {
    return ReadAhead.begin(settings.displayName(), threads, read);
  }

  /**
   * Makes one read for each item, several at once.
   *
   * @return the results in the order of {@code items}
   * @throws RedriveException the first failure; no further reads are started after it
   */
  public <I, R> List<R> readEach(List<I> items, Function<I, R> read) {
    return fanout.read(
        items, (item, handOver) -> read.apply(item), nothing -> {}, this::interruption);
  }

  /**
   * Makes one read for each item, several at once, and passes on what it finds as soon as it is
   * found.
   *
   * @param read reads for one item, and hands over what it finds, in one or more parts. To hand
   *     over an empty list lets other threads' findings be passed on
   * @param reader is called on this thread, one call after the other. An exception that it throws
   *     ends the reading and is rethrown
   * @throws RedriveException the first failure, after everything found so far is passed on; no
   *     further reads are started. After an interrupt, nothing more is passed on
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

  /** Returns what sends retry requests. */
  public Retries retries() {
    return retries;
  }

  /**
   * Returns an id in its canonical form: UUIDs, alone or as parts of it, are in lower case. A
   * ledger or a user may have them in upper case.
   */
  public static String canonicalId(String id) {
    return CanonicalId.of(id);
  }

  /** Cancels the requests in flight and closes what this created. A caller's client stays open. */
  @Override
  public void close() {
    calls.close();
    if (companion != null) {
      companion.close();
    }
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    // Threads may wait for queued tasks. Run now, each of them fails at once: all is closed.
    threads.shutdownNow().forEach(Runnable::run);
    if (ownsClient) {
      client.connectionPool().evictAll();
    }
  }

  /** For tests: the headers that this client adds to those of every request. */
  Set<String> headerNames() {
    var names = new HashSet<>(settings.headers().keySet());
    names.add(settings.key().header());
    return names;
  }
}
