package dev.redrive.baanx;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.ErrorAnswer;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Client for the failed webhook deliveries of a Baanx partner, over Baanx's <a
 * href="https://docs.baanx.com/api-reference/webhooks/list-events">webhook API</a>.
 *
 * <p>A delivery is one event at one webhook. Its id is {@code eventId/webhookId}, where {@code
 * eventId} is the id of the event's record, {@link WebhookLog#eventId()}. The field {@code eventId}
 * in Baanx's logs is a different id: see {@link #businessEventId}.
 */
public final class BaanxClient extends ProviderClient {
  static final String PROVIDER = "baanx";
  static final String DISPLAY_NAME = "Baanx";

  private final EventReader events;
  private final BaanxListing listing;
  private final BaanxRetries retries;
  private final BaanxOutcomes outcomes;

  private BaanxClient(ProviderHttp http, DefaultWebhook webhook) {
    super(http, traits(http));
    var api = http.create(BaanxApi.class);
    var mapper = new BaanxMapper(http);
    this.events = new EventReader(http, api, mapper);
    this.listing = new BaanxListing(http, api, mapper, events, webhook);
    this.retries = new BaanxRetries(http, api, events);
    this.outcomes = new BaanxOutcomes(http, api, events);
  }

  /** Returns a builder; only {@link Builder#apiKey} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  private static ProviderTraits traits(ProviderHttp http) {
    return http.traits()
        .capabilities(
            Capability.WEBHOOKS,
            Capability.LOGS,
            Capability.CAUSES,
            Capability.WEBHOOK_FILTER,
            Capability.UNIQUE_IDS,
            Capability.FIND)
        .pageSize(BaanxApi.MOST_ROWS)
        .visibleFailures(BaanxApi.MOST_ROWS)
        .retention(BaanxApi.RETENTION)
        .build();
  }

  @Override
  public List<Webhook> webhooks() {
    return listing.webhooks();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The newest attempt comes first. Baanx shows no more than the latest 100 attempts of each
   * webhook from the last 7 days; the query's filters and limit apply to these.
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A delivery is listed if its newest attempt failed and no earlier attempt succeeded, unless
   * Baanx is processing the event again, for any webhook. Baanx lists at most 100 failed events; a
   * recovered event makes room for another, and {@link #outOfSight()} counts the rest.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /** {@inheritDoc} While Baanx is sending the event again, for any webhook, it is pending. */
  @Override
  public Optional<FailedDelivery> find(String id) {
    return events.find(key(id));
  }

  /** {@inheritDoc} Baanx counts events, each of which may have failed at up to five webhooks. */
  @Override
  public long outOfSight() {
    return listing.outOfSight();
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  /**
   * Reads the status of an event across all of its webhooks.
   *
   * @param eventId {@link WebhookLog#eventId()}
   * @throws dev.redrive.RedriveException if Baanx does not know the event or it cannot be read
   */
  public BaanxEvent eventStatus(String eventId) {
    return events.status(eventId);
  }

  /**
   * Reads all attempts of an event that Baanx still has, for all of its webhooks.
   *
   * @param eventId {@link WebhookLog#eventId()}
   * @throws dev.redrive.RedriveException if Baanx does not know the event or it cannot be read
   */
  public List<WebhookLog> eventLogs(String eventId) {
    return events.attempts(eventId);
  }

  /**
   * Asks Baanx, once, to send an event again to <em>all</em> active webhooks, those that already
   * have it included. Read the outcome with {@link #eventLogs}.
   *
   * @param eventId {@link WebhookLog#eventId()}
   * @return what Baanx said. Failures of Baanx or the network are returned, not thrown
   */
  public BaanxEventRetry retryToAllWebhooks(String eventId) {
    return retries.retryToAllWebhooks(eventId);
  }

  /**
   * Returns the business id of an attempt's event, which Baanx calls {@code eventId} in its logs
   * and which is the same for all attempts. Null if the log does not have it, as in a ledger.
   */
  public static @Nullable String businessEventId(WebhookLog log) {
    return BaanxMapper.businessId(log.json());
  }

  /** Builds a {@link BaanxClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private @Nullable String clientKey;
    private @Nullable Boolean usEnvironment;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, "https://api.baanx.com");
    }

    /**
     * The public key of the partner's client, sent as {@code x-client-key}. Not sent by default,
     * because Baanx documents it only for other parts of its API.
     */
    public Builder clientKey(@Nullable String clientKey) {
      this.clientKey = clientKey;
      return this;
    }

    /** Whether to use Baanx's US environment, sent as {@code x-us-env}. Not sent by default. */
    public Builder usEnvironment(boolean usEnvironment) {
      this.usEnvironment = usEnvironment;
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public BaanxClient build() {
      checkUuid("webhookId", defaultWebhook().id());
      header("x-client-key", clientKey);
      header("x-us-env", usEnvironment == null ? null : usEnvironment.toString());
      return new BaanxClient(
          connect("Authorization", "Bearer ", ErrorAnswer.class), defaultWebhook());
    }
  }
}
