package dev.redrive.http;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.RequestListener;
import dev.redrive.Secret;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The settings that the builders of all providers share.
 *
 * @param <B> the provider's builder
 */
public abstract class ClientBuilder<B extends ClientBuilder<B>> {
  final String provider;
  final String displayName;
  private final SettingsCheck check = new SettingsCheck();
  private final Map<String, Secret> moreHeaders = new LinkedHashMap<>();
  final @Nullable String defaultBaseUrl;
  private @Nullable String baseUrl;
  private @Nullable String account;
  private Place place = Place.WHOLE_SERVER;
  private @Nullable String webhookId;
  private @Nullable String apiKey;
  private @Nullable Credentials credentials;
  private @Nullable OkHttpClient okHttpClient;
  private TimeSource timeSource = TimeSource.system();
  private RequestListener requestListener = RequestListener.NONE;
  private Duration requestTimeout = Duration.ofSeconds(30);
  private Duration deadline = Duration.ofMinutes(2);
  private Duration maxRetryAfter = Duration.ofSeconds(30);
  private Duration settleTime = Duration.ofMinutes(1);
  private int maxAttempts = 5;
  private int concurrency = 8;
  private long maxResponseBytes = 16L * 1024 * 1024;

  /**
   * @param provider the provider's id, such as {@code chatt2me}
   * @param displayName the provider's name, as shown to people
   * @param defaultBaseUrl the base URL to use if none is set; null if the user must set one
   */
  protected ClientBuilder(String provider, String displayName, @Nullable String defaultBaseUrl) {
    this.provider = provider;
    this.displayName = displayName;
    this.defaultBaseUrl = defaultBaseUrl;
  }

  @SuppressWarnings("unchecked") // Each builder names itself as B.
  private B self() {
    return (B) this;
  }

  /** The API key or token. It is sent in the provider's header and never shown. */
  public B apiKey(String apiKey) {
    this.apiKey = apiKey;
    return self();
  }

  /**
   * A key or token that changes, instead of {@link #apiKey}. If the provider refuses a request with
   * 401, it certainly did not process it: the request is sent once more if there is another key by
   * then.
   */
  public B credentials(Credentials credentials) {
    this.credentials = credentials;
    return self();
  }

  /** Sends tokens instead of {@link #apiKey}: {@code make} returns one, valid from a time on. */
  protected final void tokens(Function<Instant, Token> make) {
    this.apiKey = null;
    this.credentials = new RenewedToken(() -> make.apply(timeSource.now()), timeSource);
  }

  /**
   * The URL of the API: {@code https}, or plain {@code http} to a loopback address, without query
   * or fragment. Its path becomes the prefix of every request.
   */
  public B baseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
    return self();
  }

  /**
   * The name of this account in every {@link dev.redrive.DeliveryKey}; by default the host and port
   * of the base URL, and the {@link #place} if there is one. Never a secret.
   */
  public B account(String account) {
    this.account = account;
    return self();
  }

  /**
   * Sets which part of a shared server this client is about: the path below the base URL, without a
   * slash at either end, and a name of it, which becomes part of the default account.
   */
  protected final void place(String path, String name) {
    this.place = new Place(path, name);
  }

  /**
   * The id of the only webhook to list, as {@code webhooks()} lists it; by default, all webhooks
   * that the key may see. A query that names a webhook takes precedence.
   */
  public B webhookId(@Nullable String webhookId) {
    this.webhookId = webhookId;
    return self();
  }

  /** Returns the webhook that was set with {@link #webhookId}. */
  protected final DefaultWebhook defaultWebhook() {
    return new DefaultWebhook(webhookId);
  }

  /**
   * The OkHttp client whose connection pool, proxy, TLS settings and interceptors to use. Redrive
   * works with a copy that has no redirects, no authenticator, no cache, no retries of its own and
   * no HTTP/2, so that a retry request cannot be sent twice. {@link #requestTimeout} replaces its
   * read, write and call timeouts. Its interceptors must pass each request on once: unchanged, or
   * derived from it with {@code newBuilder()}. {@code close()} does not close it.
   */
  public B okHttpClient(OkHttpClient okHttpClient) {
    this.okHttpClient = okHttpClient;
    return self();
  }

  /** The timeout of one request, including its response; 30 s by default. */
  public B requestTimeout(Duration requestTimeout) {
    this.requestTimeout = requestTimeout;
    return self();
  }

  /**
   * The time limit for one call, including all attempts and the waits between them; 2 min by
   * default. It starts when the call has its permit: see {@link #concurrency}.
   */
  public B deadline(Duration deadline) {
    this.deadline = deadline;
    return self();
  }

  /**
   * The longest wait that the provider may ask for ({@code Retry-After} and similar headers); 30 s
   * by default. If it asks for more, the call fails with {@link dev.redrive.RateLimitedException}.
   */
  public B maxRetryAfter(Duration maxRetryAfter) {
    this.maxRetryAfter = maxRetryAfter;
    return self();
  }

  /**
   * The most attempts of one request, including the first; 5 by default. A retry request is sent
   * again only if the provider certainly did not process it.
   */
  public B maxAttempts(int maxAttempts) {
    this.maxAttempts = maxAttempts;
    return self();
  }

  /**
   * The most requests in flight at once, over all threads; 8 by default. Each request needs a
   * permit; the others wait for one, however long that takes. A request that times out is cancelled
   * and gives its permit back, though the provider may still be processing it. The client creates
   * at most twice as many threads.
   */
  public B concurrency(int concurrency) {
    this.concurrency = concurrency;
    return self();
  }

  /** The largest response that is read, in bytes; 16 MiB by default. */
  public B maxResponseBytes(long maxResponseBytes) {
    this.maxResponseBytes = maxResponseBytes;
    return self();
  }

  /**
   * How long after a retry request a missing log may still mean "not yet" rather than "never"; 1
   * min by default, unless the provider's builder documents another default. Must not be shorter
   * than the request timeout.
   */
  public B settleTime(Duration settleTime) {
    this.settleTime = settleTime;
    return self();
  }

  /** The clock to use, for tests. */
  public B timeSource(TimeSource timeSource) {
    this.timeSource = timeSource;
    return self();
  }

  /** What is told of requests and of pauses between them; by default nothing is. */
  public B requestListener(RequestListener requestListener) {
    this.requestListener = requestListener;
    return self();
  }

  /** Adds a problem, with how to fix it, to those that {@link #connect} reports. */
  protected final void problem(String problem) {
    check.problem(problem);
  }

  /** Adds a problem if the value is set and is not a UUID. */
  protected final void checkUuid(String name, @Nullable String value) {
    if (value != null && !isUuid(value)) {
      problem(name + " is not a UUID: copy it from the provider's console");
    }
  }

  /** Whether {@code value} is a UUID in its usual form of 36 characters. */
  public static boolean isUuid(String value) {
    return CanonicalId.isUuid(value);
  }

  /**
   * Adds a header to every request, or replaces its value; null or empty removes it. The value is
   * never shown.
   */
  protected final void header(String name, @Nullable String value) {
    moreHeaders.remove(name);
    if (value != null && !value.isEmpty() && check.header(name, value)) {
      moreHeaders.put(name, Secret.of(value));
    }
  }

  /**
   * Creates the HTTP layer with these settings.
   *
   * @param keyHeader the header that carries the key
   * @param keyPrefix the text before the key in it: {@code ""} or {@code "Bearer "}
   * @param errors the wire record of the provider's error responses
   * @throws InvalidConfigurationException with all problems, if there are any
   */
  protected final ProviderHttp connect(
      String keyHeader, String keyPrefix, Class<? extends ErrorBody> errors) {
    return http(settings(errors, key -> new ApiKey(keyHeader, keyPrefix, key)), null);
  }

  /**
   * Creates the HTTP layer of an API whose requests carry a bearer token that the client requests
   * itself, by the client credentials grant of OAuth 2: {@link #apiKey} is the client's secret. The
   * token is renewed before it expires, and once if the provider refuses it.
   *
   * @param clientId the client's id, which may be shown
   * @param request requests a token with an HTTP layer whose requests carry id and secret
   * @param errors the wire record of the provider's error responses
   * @throws InvalidConfigurationException with all problems, if there are any
   */
  protected final ProviderHttp connect(
      String clientId, Function<ProviderHttp, Token> request, Class<? extends ErrorBody> errors) {
    HttpSettings settings = settings(errors, key -> ApiKey.ofClient(clientId, key));
    ProviderHttp requesting = http(settings.single(), null);
    var token = new RenewedToken(() -> request.apply(requesting), timeSource);
    return http(settings.with(settings.key().bearing(token)), requesting);
  }

  private ProviderHttp http(HttpSettings settings, @Nullable ProviderHttp companion) {
    return new ProviderHttp(settings, okHttpClient, companion);
  }

  private HttpSettings settings(
      Class<? extends ErrorBody> errors, Function<Credentials, ApiKey> keys) {
    Credentials key = check.key(apiKey, credentials);
    HttpUrl url = check.baseUrl(baseUrl == null ? defaultBaseUrl : baseUrl, displayName);
    check.account(account);
    check.times(requestTimeout, deadline, maxRetryAfter, settleTime);
    check.set("timeSource", timeSource);
    check.set("requestListener", requestListener);
    check.limits(maxAttempts, concurrency, maxResponseBytes);
    var found = check.takeProblems();
    if (url == null || !found.isEmpty()) {
      throw new InvalidConfigurationException(displayName, found);
    }
    return new HttpSettings(
        provider,
        displayName,
        place.url(url),
        account == null ? place.account(url) : account,
        keys.apply(key),
        Map.copyOf(moreHeaders),
        requestTimeout,
        deadline,
        maxRetryAfter,
        settleTime,
        maxAttempts,
        concurrency,
        maxResponseBytes,
        timeSource,
        requestListener,
        errors);
  }
}
