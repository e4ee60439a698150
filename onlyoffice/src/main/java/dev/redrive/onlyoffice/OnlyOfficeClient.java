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
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Client for the webhook logs of one ONLYOFFICE DocSpace portal. The id of a delivery is the id of
 * its log, a positive number. So is the id of a webhook; a query with another one fails with {@link
 * dev.redrive.InvalidRequestException}.
 *
 * <p>A retry creates a new log, and the old one stays failed forever; the newest server source
 * resets the same log instead. The client handles both. {@link #failures} lists each failed log
 * once; the logs of one event share a {@linkplain WebhookLog#lineage() lineage}. The portal does
 * not list successes with the failures, so the failed logs of an event are still listed after a
 * retry has delivered it. While a newer log of an event is queued or being sent, the older logs are
 * listed only {@linkplain DeliveryQuery#includesProviderRetries() on request}: a retry may deliver
 * the event twice.
 *
 * <p>The portal lists times that are shifted by its time zone. The client measures the zone and
 * corrects them. The portal also retries a log that succeeded: retry only what {@link #failures}
 * listed, or a delivery by its id, whose event is looked at first. The package describes how. All
 * this is known from the public server source (ONLYOFFICE/DocSpace-server).
 */
public final class OnlyOfficeClient extends ProviderClient {
  static final String PROVIDER = "onlyoffice";
  static final String DISPLAY_NAME = "ONLYOFFICE DocSpace";

  private final OnlyOfficeListing listing;
  private final OnlyOfficeRetries retries;
  private final OnlyOfficeOutcomes outcomes;

  private OnlyOfficeClient(ProviderHttp http, ProviderTraits traits, DefaultWebhook webhook) {
    super(http, traits);
    var api = http.create(OnlyOfficeApi.class);
    var zone = new PortalZone();
    var mapper = new OnlyOfficeMapper(http, zone);
    var logs = new PortalLogs(http, api, mapper, zone, PortalId.parse(webhook.id()));
    this.listing = new OnlyOfficeListing(http, api, mapper, logs, webhook);
    this.retries = new OnlyOfficeRetries(http, api, logs, traits.batchSize());
    this.outcomes = new OnlyOfficeOutcomes(http, logs);
  }

  /** Returns a builder; {@code apiKey} and {@code baseUrl} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public List<Webhook> webhooks() {
    return listing.webhooks();
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The attempt that decides is a newer log of the event that succeeded, is queued, is being
   * sent or will be sent again; if there is none, the log itself. A newer log that has failed is a
   * delivery of its own.
   */
  @Override
  public Optional<FailedDelivery> find(String id) {
    return Optional.ofNullable(findAll(List.of(id)).get(id));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The list is read once for all of them, no further than to the oldest.
   */
  @Override
  public Map<String, FailedDelivery> findAll(Collection<String> ids) {
    return retries.findAll(ids);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Several deliveries are sent in bulk requests; the portal allows five of these in 15 minutes.
   * A single delivery is sent to a route of its own. At most 15 requests are in flight at once.
   */
  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  /**
   * Reads the webhooks with all fields of ONLYOFFICE. Members see those that they created.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeWebhook> webhookConfigurations() {
    return listing.webhookConfigurations();
  }

  /**
   * Reads the events that a webhook may subscribe to.
   *
   * @throws dev.redrive.RedriveException if the portal cannot be read
   */
  public List<OnlyOfficeTrigger> triggers() {
    return listing.triggers();
  }

  /** Builds an {@link OnlyOfficeClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private int batchSize = 500;
    private List<RateLimit> limits = OnlyOfficeRetries.LIMITS;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, null);
    }

    /**
     * The most deliveries in one bulk retry; 500 by default. The portal responds with every payload
     * once all are queued: a larger batch may exceed a proxy's timeout or {@link
     * #maxResponseBytes}, and then the results of the whole batch are unknown.
     */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Removes the documented limits, for your own portal that is set up without them. */
    public Builder withoutRateLimits() {
      this.limits = List.of();
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public OnlyOfficeClient build() {
      String webhookId = defaultWebhook().id();
      if (webhookId != null && PortalId.parse(webhookId) == null) {
        problem("webhookId is not a positive number: copy the id from webhooks()");
      }
      if (batchSize < 1) {
        problem("batchSize is " + batchSize + ": it must be at least 1");
      }
      ProviderHttp http = connect("Authorization", "Bearer ", OnlyOfficeWire.ErrorAnswer.class);
      return new OnlyOfficeClient(http, traits(http), defaultWebhook());
    }

    private ProviderTraits traits(ProviderHttp http) {
      return http.traits()
          .capabilities(
              Capability.WEBHOOKS,
              Capability.LOGS,
              Capability.BULK_RETRY,
              Capability.BULK_ACROSS_WEBHOOKS,
              Capability.CAUSES,
              Capability.WEBHOOK_FILTER,
              Capability.FIND)
          .pageSize(PortalLogs.PAGE_SIZE)
          .batchSize(batchSize)
          .concurrentRetries(Math.min(OnlyOfficeRetries.CONCURRENT_WRITES, http.concurrency()))
          .outcomeTime(Duration.ZERO, OnlyOfficeOutcomes.LONGEST_RETRY)
          .listingDelay(OnlyOfficeOutcomes.LONGEST_RETRY)
          .limits(limits.toArray(RateLimit[]::new))
          .build();
    }
  }
}
