package dev.redrive.baanx;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
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
 * Client for the failed webhook deliveries of a Baanx partner, over Baanx's <a
 * href="https://docs.baanx.com/api-reference/webhooks/list-events">webhook API</a>.
 *
 * <p>A delivery is one event at one webhook. Its id is {@code eventId/webhookId}, where {@code
 * eventId} is the id of the event's record, {@link WebhookLog#eventId()}. What Baanx's logs call
 * {@code eventId} is another id: see {@link #businessEventId}. A {@link WebhookLog} is one attempt
 * of a delivery. Its {@link WebhookLog#json()} is Baanx's record, verbatim, with the payload and
 * the signature headers: keep it out of logs.
 */
public final class BaanxClient implements WebhookRetryClient {
  static final String PROVIDER = "baanx";
  static final String DISPLAY_NAME = "Baanx";
  static final Duration RETENTION = Duration.ofDays(7);

  private final ProviderHttp http;
  private final ProviderTraits traits;
  private final EventReader events;
  private final BaanxListing listing;
  private final BaanxRetries retries;
  private final BaanxOutcomes outcomes;

  private BaanxClient(ProviderHttp http, DefaultWebhook webhook) {
    var api = http.create(BaanxApi.class);
    var mapper = new BaanxMapper(http);
    this.http = http;
    this.traits = traits(http);
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
    return ProviderTraits.builder(PROVIDER, DISPLAY_NAME)
        .capabilities(
            Capability.WEBHOOKS,
            Capability.LOGS,
            Capability.CAUSES,
            Capability.WEBHOOK_FILTER,
            Capability.UNIQUE_IDS)
        .pageSize(BaanxApi.MOST_ROWS)
        .batchSize(1)
        .concurrentRetries(http.concurrency())
        .visibleFailures(BaanxApi.MOST_ROWS)
        .retention(RETENTION)
        .settleTime(http.settleTime())
        .build();
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
   * <p>Newest first. Baanx shows the latest 100 attempts of each webhook from the last 7 days, with
   * no way to ask for more; filters and the limit choose among them.
   *
   * <p>Baanx's logs name an event by its business id only, and no retry takes that. The client
   * looks the event's record up in the lists of events, 100 of each status. If they do not show it,
   * or show two, {@link WebhookLog#eventId()} and the type are null, and the key's id starts with
   * {@code business:}, or with {@code attempt:} if the log names no event. Such a key tells
   * attempts of different events apart, but its retry is {@link RetryResult.Status#REJECTED}
   * without a request.
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A delivery is listed when the newest attempt at that webhook failed and none before it got
   * through. Baanx lists at most 100 failed events: {@link #outOfSight()} tells how many more there
   * are. A recovered event leaves that list and makes room for another. An event that Baanx is
   * processing again, at any of its webhooks, is not listed. {@link Listing#leftOut()} counts as
   * unreadable the failed events without an id, those with an attempt in their log that cannot be
   * read (it may have got through), that names no webhook or whose latest status is not known, and
   * those without any attempt.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Takes one request. Baanx counts events, each of which may have failed at up to five
   * webhooks.
   */
  @Override
  public long outOfSight() {
    return listing.outOfSight();
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return retries.retry(delivery);
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  @Override
  public TimeSource timeSource() {
    return http.timeSource();
  }

  @Override
  public void close() {
    http.close();
  }

  /**
   * Reads the status of an event, over all of its webhooks.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @throws dev.redrive.NotFoundException if Baanx knows no such event
   * @throws dev.redrive.RedriveException if it cannot be read
   */
  public BaanxEvent eventStatus(String eventId) {
    return events.status(eventId);
  }

  /**
   * Reads every attempt of an event that Baanx still keeps, at all of its webhooks, in Baanx's
   * order.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @throws dev.redrive.NotFoundException if Baanx knows no such event
   * @throws dev.redrive.RedriveException if it cannot be read
   */
  public List<WebhookLog> eventLogs(String eventId) {
    return events.attempts(eventId);
  }

  /**
   * Asks Baanx to send an event again to <em>all</em> active webhooks. Those that already have the
   * event get it once more; {@link #retry} retries a single delivery.
   *
   * <p>The request is sent once, as by {@link #retry}. {@link #eventLogs} shows the outcome.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @return what Baanx said. Does not throw because of Baanx or the network
   */
  public BaanxEventRetry retryToAllWebhooks(String eventId) {
    return retries.retryToAllWebhooks(eventId);
  }

  /**
   * Returns the business id of an attempt's event, which Baanx calls {@code eventId} in its logs.
   * According to Baanx's delivery guide it stays the same over all attempts, so that you can look
   * for it in your own inbox. No route of Baanx's API takes it.
   *
   * @return the id; null if the log does not have it, for example because it comes from a ledger
   */
  public static @Nullable String businessEventId(WebhookLog log) {
    return BaanxMapper.businessId(log.json());
  }

  /** Builds a {@link BaanxClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private @Nullable String webhookId;
    private @Nullable String clientKey;
    private @Nullable Boolean usEnvironment;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, "https://api.baanx.com");
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * The UUID of the one webhook whose logs and failures to list; by default all webhooks. A query
     * that names a webhook takes precedence.
     */
    public Builder webhookId(@Nullable String webhookId) {
      this.webhookId = webhookId;
      return this;
    }

    /**
     * The public key of the partner's client, sent as {@code x-client-key}. Other parts of Baanx's
     * API need it; for the webhook routes that is not documented. Not sent by default.
     */
    public Builder clientKey(@Nullable String clientKey) {
      this.clientKey = clientKey;
      return this;
    }

    /**
     * Whether to use Baanx's US environment, sent as {@code x-us-env}. Other parts of Baanx's API
     * have it; for the webhook routes that is not documented. Not sent by default.
     */
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
      checkUuid("webhookId", webhookId);
      header("x-client-key", clientKey);
      header("x-us-env", usEnvironment == null ? null : usEnvironment.toString());
      return new BaanxClient(
          connect("Authorization", "Bearer ", BaanxWire.ErrorAnswer.class),
          new DefaultWebhook(webhookId));
    }
  }
}
