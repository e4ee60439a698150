package dev.redrive.chatt2me;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meWire.ErrorAnswer;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Client for the failed webhook deliveries of one Chatt2.me application. The id of a delivery is
 * the id of its log, a UUID.
 *
 * <p>What to know about the provider's API:
 *
 * <ul>
 *   <li>Every log belongs to a webhook. Without {@link Builder#webhookId} or {@link
 *       DeliveryQuery#webhookId()}, all webhooks of the application are listed, one after the
 *       other. To retry a delivery {@linkplain FailedDelivery#of(dev.redrive.DeliveryKey, String)
 *       by its id}, pass the id of its webhook, too.
 *   <li>A retry creates a new log and leaves the old one {@code Failed} forever. So {@code
 *       failures} still lists deliveries that were recovered long ago. Remember what you have
 *       retried.
 *   <li>An accepted retry was attempted but may not be delivered. {@link #outcomes(List)} looks for
 *       the new log in the webhook's logs, because the API cannot read a single log.
 *   <li>Events of type {@code MessageStatus} share the id of their message. The message id
 *       identifies only a {@code Message} event, so only the logs of such events share a
 *       {@linkplain WebhookLog#lineage() lineage}.
 *   <li>Neither limits on requests nor the retention of logs are documented.
 * </ul>
 *
 * @see <a href="https://docs.chatt2.me/docs/latest/webhooks/retry/">Chatt2.me: webhook retry</a>
 */
public final class Chatt2meClient extends ProviderClient {
  static final String PROVIDER = "chatt2me";
  static final String DISPLAY_NAME = "Chatt2.me";

  private final Chatt2meListing listing;
  private final Chatt2meRetries retries;
  private final Chatt2meOutcomes outcomes;

  private Chatt2meClient(ProviderHttp http, DefaultWebhook webhook) {
    super(http, traits(http));
    var api = http.create(Chatt2meApi.class);
    var reader = new LogReader(http, api);
    var mapper = new Chatt2meMapper(http);
    this.listing = new Chatt2meListing(http, api, reader, mapper, webhook);
    this.retries = new Chatt2meRetries(http, api);
    this.outcomes = new Chatt2meOutcomes(http, reader, mapper);
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
            Capability.BULK_RETRY,
            Capability.CAUSES,
            Capability.WEBHOOK_FILTER,
            Capability.UNIQUE_IDS)
        .pageSize(Chatt2meApi.PAGE_SIZE)
        .batchSize(Chatt2meApi.BATCH_SIZE)
        .build();
  }

  @Override
  public List<Webhook> webhooks() {
    return listing.webhooks();
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>These are the logs with the status {@code Failed}, which some versions of the hub call
   * {@code Error}. Deleted logs are not listed, because the hub does not retry them. If the hub
   * counts errors but lists none under either name, all logs are read.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>One request takes up to 50 deliveries of one webhook. A single delivery is sent to a route
   * of its own, which says why it refuses a retry. {@link RetryResult.Status#ACCEPTED} means that
   * the hub made an attempt, whose log is {@link RetryResult#newLogId()}. If several deliveries are
   * attempts of one event (they share a {@linkplain WebhookLog#lineage() lineage}), only the newest
   * is sent.
   */
  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The logs of each webhook are scanned once for all results, from the newest to the oldest,
   * until everything is found or the logs are older than the retried ones. After each page, the
   * outcomes that it shows of accepted retries are passed on. The order of the list is not
   * documented, so it is derived from the first and the last page. If that is not possible, all
   * logs are read.
   *
   * <p>An accepted retry is never {@link RetryOutcome.Status#NOT_SENT}: if its log is not found in
   * time, it is {@link RetryOutcome.Status#UNKNOWN}. If the response of a retry was lost, the
   * outcome is inferred from logs that are newer than the request, by the hub's own clock, and
   * belong to no other result. The message id of a {@code Message} event is unique: if there is
   * exactly one such log of the same message, it is the new attempt. For all other events, any such
   * log leaves the outcome unknown. If there is no such log, no attempt was made.
   */
  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  /**
   * Reads all webhooks of the application, with the fields that only Chatt2.me has.
   *
   * @throws dev.redrive.RedriveException if the provider cannot be read
   */
  public List<Chatt2meWebhook> webhookDetails() {
    return listing.webhookDetails();
  }

  /**
   * Reads one webhook.
   *
   * @param webhookId its UUID
   * @throws dev.redrive.NotFoundException if the application has no such webhook
   * @throws dev.redrive.InvalidRequestException if it is not a UUID
   * @throws dev.redrive.RedriveException if the provider cannot be read
   */
  public Chatt2meWebhook webhook(String webhookId) {
    return listing.webhook(webhookId);
  }

  /** Builds a {@link Chatt2meClient}. */
  public static final class Builder extends ClientBuilder<Builder> {

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, "https://api.chatt2.me");
      settleTime(Duration.ofMinutes(10));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The default is 10 min: the hub calls the endpoint up to 50 times before it responds to a
     * bulk retry. If the endpoint is slow, the hub may continue long after the request has timed
     * out (inferred).
     */
    @Override
    public Builder settleTime(Duration settleTime) {
      return super.settleTime(settleTime);
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public Chatt2meClient build() {
      checkUuid("webhookId", defaultWebhook().id());
      return new Chatt2meClient(connect("x-api-key", "", ErrorAnswer.class), defaultWebhook());
    }
  }
}
