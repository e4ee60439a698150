package dev.redrive.onlyoffice;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ONLYOFFICE DocSpace: the webhook logs of one portal.
 *
 * <p>A retry makes a new log and leaves the old one failed for ever; the newest server source
 * resets the same log instead. Both are understood. {@link #failures} lists each failed log once;
 * those of one event share a {@linkplain WebhookLog#lineage() lineage}. The portal does not list
 * successes with the failures, so an event that a retry delivered meanwhile is still listed by its
 * failed logs. While a newer log of an event waits or is being sent, its older ones are listed only
 * {@linkplain DeliveryQuery#includesProviderRetries() if asked for}: a retry now may deliver twice.
 *
 * <p>The portal lists times shifted by its time zone. They are corrected by what the logs
 * themselves tell of the zone (see {@link #failures}).
 *
 * <p>A log without an answer waits or is being sent, and is no failure. The newest server source
 * gives some up unsent, where the webhook's URL or host name is invalid, and shows no next attempt
 * for them: those are failures. Older ones do not tell.
 *
 * <p>The portal sends a log that succeeded again just the same: give {@link #retry} and {@link
 * #retryAll} nothing but what {@link #failures} listed.
 *
 * <p>Facts are those of the public server source (ONLYOFFICE/DocSpace-server).
 */
public final class OnlyOfficeClient implements WebhookRetryClient {
  static final String PROVIDER = "onlyoffice";
  static final String DISPLAY_NAME = "ONLYOFFICE DocSpace";

  /** DocSpace posts up to six times over 31 s, and waits up to 100 s for each answer. */
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(31 + 6 * 100);

  private final ProviderHttp http;
  private final ProviderTraits traits;
  private final OnlyOfficeListing listing;
  private final OnlyOfficeRetries retries;
  private final OnlyOfficeOutcomes outcomes;

  private OnlyOfficeClient(ProviderHttp http, ProviderTraits traits, DefaultWebhook webhook) {
    var api = http.create(OnlyOfficeApi.class);
    var zone = new PortalZone();
    var mapper = new OnlyOfficeMapper(http, zone);
    var logs = new PortalLogs(http, api, mapper, zone, PortalId.parse(webhook.id()));
    this.http = http;
    this.traits = traits;
    this.listing = new OnlyOfficeListing(http, api, mapper, logs, webhook);
    this.retries = new OnlyOfficeRetries(http, api, logs, traits.batchSize());
    this.outcomes = new OnlyOfficeOutcomes(http, logs);
  }

  /** A builder; {@code apiKey} and {@code baseUrl} have to be set. */
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
    return listing.webhooks();
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.redrive.InvalidRequestException if the query's webhook id is no number
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.redrive.InvalidRequestException if the query's webhook id is no number
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return retries.retry(delivery);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Several deliveries go out in bulk requests of {@link ProviderTraits#batchSize()}, of which
   * the portal takes five in 15 minutes; a single one goes out on its own route. No more than 15
   * requests are under way at once, however many threads ask.
   */
  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  @Override
  public void close() {
    http.close();
  }

  /**
   * The webhooks with all that the portal tells of them, such as the last failure: administrators
   * see every one, other members those that they created.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeWebhook> webhookConfigurations() {
    return listing.webhookConfigurations();
  }

  /**
   * The events that a webhook may subscribe to.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeTrigger> triggers() {
    return listing.triggers();
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
     * The one webhook to look at, by its configuration id (a positive number); by default all that
     * the key's owner may see. A query that names a webhook takes precedence.
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
     * Deliveries in one bulk retry at the most; 500 by default. The portal has no limit of its own,
     * but answers with every payload when all are queued: a larger batch may outlast a proxy's
     * patience or {@link #maxResponseBytes}, and is then unsettled as a whole.
     */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Says that the portal limits no requests, as one of one's own may be set up. */
    public Builder withoutRateLimits() {
      this.limits = new RateLimit[0];
      return this;
    }

    /**
     * The client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException with all problems, if there are any
     */
    public OnlyOfficeClient build() {
      if (webhookId != null && PortalId.parse(webhookId) == null) {
        problem("webhookId is no positive number: copy the id that webhooks() lists");
      }
      if (batchSize < 1) {
        problem("batchSize is " + batchSize + ": it must be at least 1");
      }
      ProviderHttp http = connect("Authorization", "Bearer ", OnlyOfficeWire.ErrorAnswer.class);
      return new OnlyOfficeClient(http, traits(http), new DefaultWebhook(webhookId));
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
          .concurrentRetries(Math.min(OnlyOfficeRetries.CONCURRENT_WRITES, http.concurrency()))
          .settleTime(http.settleTime())
          .outcomeTime(Duration.ZERO, LONGEST_RETRY)
          .limits(limits)
          .build();
    }
  }
}
