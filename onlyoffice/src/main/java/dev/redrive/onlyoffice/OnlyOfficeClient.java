package dev.redrive.onlyoffice;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Client for the webhook logs of one ONLYOFFICE DocSpace portal. A delivery's id is that of its
 * log, a positive number.
 *
 * <p>A retry makes a new log, and the old one stays failed for ever; the newest server source
 * resets the same log instead. The client handles both. {@link #failures} lists each failed log
 * once; the logs of one event share a {@linkplain WebhookLog#lineage() lineage}. The portal does
 * not list successes with the failures, so an event that a retry has delivered is still listed by
 * its failed logs. While a newer log of an event waits or is being sent, the older ones are listed
 * only {@linkplain DeliveryQuery#includesProviderRetries() on request}: a retry now may deliver
 * twice.
 *
 * <p>The portal lists times shifted by its time zone. The client corrects them by what the logs
 * themselves tell of the zone.
 *
 * <p>A log without a response waits or is being sent; it is not a failure. The newest server source
 * gives some up without sending them, if the webhook's URL or host name is invalid, and shows no
 * next attempt for them: those are failures. Older builds do not tell.
 *
 * <p>The portal sends even a log that succeeded once more. Retry only what {@link #failures}
 * listed, or a delivery {@linkplain FailedDelivery#of(dev.redrive.DeliveryKey, String) by its id},
 * which is read first.
 *
 * <p>The source of these facts is the public server source (ONLYOFFICE/DocSpace-server).
 */
public final class OnlyOfficeClient implements WebhookRetryClient {
  static final String PROVIDER = "onlyoffice";
  static final String DISPLAY_NAME = "ONLYOFFICE DocSpace";

  /** DocSpace posts up to six times over 31 s, and waits up to 100 s for each answer. */
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(31 + 6 * 100);

  private final ProviderHttp http;
  private final OnlyOfficeApi api;
  private final PortalLogs logs;
  private final Retries retries;
  private final ProviderTraits traits;

  private OnlyOfficeClient(ProviderHttp http, ProviderTraits traits, @Nullable Integer webhookId) {
    this.http = http;
    this.api = http.create(OnlyOfficeApi.class);
    this.logs = new PortalLogs(api, http, webhookId);
    this.retries = new Retries(http, api, logs, traits.batchSize());
    this.traits = traits;
  }

  /** Returns a builder; {@code apiKey} and {@code baseUrl} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public ProviderTraits traits() {
    return traits;
  }

  @Override
  public String account() {
    return http.account();
  }

  @Override
  public List<Webhook> webhooks() {
    return api.listWebhooks().get().webhooks(logs.zone()).stream()
        .map(
            webhook ->
                new Webhook(
                    webhook.id(),
                    webhook.name(),
                    webhook.endpoint(),
                    webhook.enabled(),
                    null,
                    webhook.triggers()))
        .toList();
  }

  /**
   * Reads the webhooks with all that the portal shows of them, such as the last failure.
   * Administrators see all webhooks, other members those that they created.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeWebhook> webhookConfigurations() {
    WebhookList list = api.listWebhooks().get();
    if (list.tellsLocalTimes()) {
      logs.learnZone();
    }
    return list.webhooks(logs.zone());
  }

  /**
   * Reads the types of event that a webhook can subscribe to.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeTrigger> triggers() {
    return api.listTriggers().get().triggers();
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.redrive.InvalidRequestException if the query's webhook id is no number
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return logs.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.redrive.InvalidRequestException if the query's webhook id is no number
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return logs.failures(query);
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return retryAll(List.of(delivery)).get(0);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Several deliveries are sent in bulk requests of {@link ProviderTraits#batchSize()}, of which
   * the portal takes five in 15 minutes; a single delivery has a route of its own. At most 15
   * requests are in flight at once, over all threads.
   */
  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    new OutcomeSearch(logs, http, reader).run(results);
  }

  @Override
  public TimeSource timeSource() {
    return http.timeSource();
  }

  @Override
  public void close() {
    http.close();
  }

  /** Builds an {@link OnlyOfficeClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private static final RateLimit[] LIMITS = {
      new RateLimit(RateLimit.Scope.BULK_RETRY, 5, Duration.ofMinutes(15)),
      new RateLimit(RateLimit.Scope.SINGLE_RETRY, 1500, Duration.ofMinutes(1)),
      new RateLimit(RateLimit.Scope.RETRY, 10_000, Duration.ofDays(1))
    };

    private @Nullable String webhookId;
    private int batchSize = 500;
    private RateLimit[] limits = LIMITS;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, null);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * The id of the only webhook to list, a positive number; by default all that the owner of the
     * key may see. A query's own webhook id takes precedence.
     */
    public Builder webhookId(String webhookId) {
      this.webhookId = webhookId;
      return this;
    }

    /** See {@link #webhookId(String)}. */
    public Builder webhookId(int webhookId) {
      return webhookId(Integer.toString(webhookId));
    }

    /**
     * The most deliveries in one bulk retry; 500 by default. The portal has no limit of its own,
     * but responds with every payload once all are queued. A larger batch may exceed a proxy's
     * timeout or {@link #maxResponseBytes}; the whole batch is then unknown.
     */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** For a portal of your own that is set up without limits on requests. */
    public Builder withoutRateLimits() {
      this.limits = new RateLimit[0];
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public OnlyOfficeClient build() {
      Integer webhook = PortalLogs.parseId(webhookId);
      if (webhookId != null && webhook == null) {
        problem("webhookId is no positive number: copy the id that webhooks() lists");
      }
      if (batchSize < 1) {
        problem("batchSize is " + batchSize + ": it must be at least 1");
      }
      ProviderHttp http = connect("Authorization", "Bearer ", ErrorAnswer.class);
      return new OnlyOfficeClient(http, traits(http), webhook);
    }

    private ProviderTraits traits(ProviderHttp http) {
      return ProviderTraits.builder(PROVIDER, DISPLAY_NAME)
          .capabilities(
              Capability.WEBHOOKS,
              Capability.LOGS,
              Capability.BULK_RETRY,
              Capability.BULK_ACROSS_WEBHOOKS,
              Capability.CAUSES,
              Capability.WEBHOOK_FILTER)
          .pageSize(PortalLogs.PAGE_SIZE)
          .batchSize(batchSize)
          .concurrentRetries(Math.min(Retries.CONCURRENT_WRITES, http.concurrency()))
          .settleTime(http.settleTime())
          .outcomeTime(Duration.ZERO, LONGEST_RETRY)
          .limits(limits)
          .build();
    }
  }
}
