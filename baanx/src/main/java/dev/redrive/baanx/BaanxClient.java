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
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the failed webhook deliveries of a Baanx partner and has Baanx send them again, over its <a
 * href="https://docs.baanx.com/api-reference/webhooks/list-events">webhook API</a>.
 *
 * <p>One delivery is one event at one webhook. Its key's id is {@code eventId/webhookId}, with the
 * id of the event's record, which is also {@link WebhookLog#eventId()}; the business id that Baanx
 * calls {@code eventId} in its logs is {@link #businessEventId}. A {@link WebhookLog} is one of the
 * delivery's attempts. Its {@link WebhookLog#json()} is Baanx's record word for word, with the
 * payload and the signature headers that were sent: keep it out of logs.
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
    this.retries = new BaanxRetries(http, api);
    this.outcomes = new BaanxOutcomes(http, api, events);
  }

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
   * <p>Baanx's logs name an event by its business id alone, which cannot be retried. The event's
   * record is looked up in the lists of events, 100 of each status. Where they do not show it (or
   * show two), {@link WebhookLog#eventId()} and the type are null, and the key's id starts with
   * {@code business:}, or with {@code attempt:} where the log names no event at all: it tells
   * attempts of different events apart, and a retry of it is {@link RetryResult.Status#REJECTED}
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
   * <p>One request. Baanx counts events here, and each may have failed at up to five webhooks.
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
  public void close() {
    http.close();
  }

  /**
   * Where an event stands, over all of its webhooks.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @throws dev.redrive.NotFoundException if Baanx knows no such event
   * @throws dev.redrive.RedriveException if it cannot be read
   */
  public BaanxEvent eventStatus(String eventId) {
    return events.status(eventId);
  }

  /**
   * Every attempt of one event that Baanx still keeps, at all of its webhooks, in Baanx's order.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @throws dev.redrive.NotFoundException if Baanx knows no such event
   * @throws dev.redrive.RedriveException if it cannot be read
   */
  public List<WebhookLog> eventLogs(String eventId) {
    return events.attempts(eventId);
  }

  /**
   * Asks Baanx to send an event again to <em>all</em> active webhooks. Those that had the event
   * already get it once more; use {@link #retry} for single deliveries.
   *
   * <p>The request goes out once, as that of {@link #retry} does. {@link #eventLogs} tells what
   * became of it.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   */
  public BaanxEventRetry retryToAllWebhooks(String eventId) {
    return retries.retryToAllWebhooks(eventId);
  }

  /**
   * The business id of an attempt's event, which Baanx calls {@code eventId} in its logs: by its
   * delivery guide the id that stays the same over all attempts, to look for in an inbox of one's
   * own. No path of Baanx takes it.
   *
   * @return null if the log does not tell it, as one that was rebuilt from a ledger does not
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
     * API want it; whether the webhook routes do is not documented. Not sent by default.
     */
    public Builder clientKey(@Nullable String clientKey) {
      this.clientKey = clientKey;
      return this;
    }

    /**
     * Whether to talk to Baanx's US environment, sent as {@code x-us-env}. Other parts of Baanx's
     * API offer it; whether the webhook routes do is not documented. Not sent by default.
     */
    public Builder usEnvironment(boolean usEnvironment) {
      this.usEnvironment = usEnvironment;
      return this;
    }

    /**
     * The client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException with every problem, if there are any
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
