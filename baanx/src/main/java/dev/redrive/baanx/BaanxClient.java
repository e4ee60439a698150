package dev.redrive.baanx;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
  private static final String PROVIDER = "baanx";
  private static final String NAME = "Baanx";
  private static final Duration RETENTION = Duration.ofDays(7);

  private final ProviderHttp http;
  private final BaanxApi api;
  private final EventReader events;
  private final @Nullable String webhookId;

  private BaanxClient(ProviderHttp http, @Nullable String webhookId) {
    this.http = http;
    this.api = http.create(BaanxApi.class);
    this.events = new EventReader(api, http);
    this.webhookId = webhookId;
  }

  /** Returns a builder; only {@link Builder#apiKey} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public ProviderTraits traits() {
    return ProviderTraits.builder(PROVIDER, NAME)
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
  public String account() {
    return http.account();
  }

  @Override
  public List<Webhook> webhooks() {
    return api.listWebhooks().get().readable().stream().map(Wire.Webhook::toModel).toList();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Newest first. Baanx shows the latest 100 attempts of each webhook, of the last 7 days, and
   * no more; filters and limit choose among them.
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
    DeliveryQuery effective = effective(query, "list logs");
    var reader = new LogReader(api, events);
    return LeftOutRows.listing(
        leftOut -> Stream.of(effective).flatMap(q -> reader.read(q, leftOut).stream()).iterator());
  }

  /**
   * {@inheritDoc}
   *
   * <p>A delivery is listed if its newest attempt failed and none before it succeeded. Baanx lists
   * at most 100 failed events; {@link #outOfSight()} tells how many there are beyond. What is
   * recovered leaves the list and makes room for others. An event that Baanx is working on again,
   * at any of its webhooks, is not listed. {@link Listing#leftOut()} counts as unreadable: failed
   * events without an id; those with an attempt that cannot be read (it may have succeeded), names
   * no webhook or has an unknown latest status; and those without any attempt.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    DeliveryQuery effective = effective(query, "list failures");
    return LeftOutRows.listing(
        leftOut ->
            new FailureWalk(
                effective, () -> failedEvents().events(), events, http.concurrency(), leftOut));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Takes one request. Baanx counts events, each of which may have failed at up to five
   * webhooks.
   */
  @Override
  public long outOfSight() {
    return failedEvents().notShown();
  }

  private Wire.Events failedEvents() {
    return api.listEvents("failed", BaanxApi.MOST_ROWS).get();
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return retryAll(List.of(delivery)).get(0);
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retryEach(
        deliveries,
        delivery -> DeliveryId.refusal(delivery.key().id()),
        events::lookUp,
        this::send);
  }

  private RetryResult send(FailedDelivery delivery) {
    DeliveryId id = Objects.requireNonNull(DeliveryId.parse(delivery.key().id()));
    return api.retryEvent(id.eventId(), new Wire.RetryTarget(id.webhookId()))
        .once()
        .toResult(
            delivery,
            answered ->
                new RetryResult(
                    delivery,
                    answered.body().status(),
                    null,
                    answered.body().reason(),
                    null,
                    answered.at()));
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    new OutcomeReader(api, http, events, RETENTION).read(results, reader);
  }

  /**
   * Reads the status of an event, over all of its webhooks.
   *
   * @param eventId the id of the event's record, as in {@link WebhookLog#eventId()}
   * @throws dev.redrive.NotFoundException if Baanx knows no such event
   * @throws dev.redrive.RedriveException if it cannot be read
   */
  public BaanxEvent eventStatus(String eventId) {
    requireUuid("event id", eventId, "read event status");
    return BaanxEvent.of(api.readEventStatus(eventId).get());
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
    requireUuid("event id", eventId, "read event logs");
    return events.read(Wire.Event.named(eventId)).attempts();
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
    if (!ClientBuilder.isUuid(eventId)) {
      return new BaanxEventRetry(
          eventId, RetryResult.Status.REJECTED, null, "the event id is not a UUID", null);
    }
    return BaanxEventRetry.of(eventId, api.retryEventToAllWebhooks(eventId).once());
  }

  /**
   * Returns the business id of an attempt's event, which Baanx calls {@code eventId} in its logs.
   * According to Baanx's delivery guide it stays the same over all attempts, so that you can look
   * for it in your own inbox. No route of Baanx's API takes it.
   *
   * @return the id; null if the log does not have it, for example because it comes from a ledger
   */
  public static @Nullable String businessEventId(WebhookLog log) {
    return BusinessId.of(log.json());
  }

  private DeliveryQuery effective(DeliveryQuery query, String operation) {
    DeliveryQuery effective =
        query.webhookId() != null || webhookId == null
            ? query
            : query.toBuilder().webhookId(webhookId).build();
    if (effective.webhookId() != null) {
      requireUuid("webhook id", effective.webhookId(), operation);
    }
    return effective;
  }

  private static void requireUuid(String name, String id, String operation) {
    if (!ClientBuilder.isUuid(id)) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(NAME, operation, "the " + name + " is not a UUID"), null);
    }
  }

  @Override
  public TimeSource timeSource() {
    return http.timeSource();
  }

  @Override
  public void close() {
    http.close();
  }

  /** Builds a {@link BaanxClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private @Nullable String webhookId;
    private @Nullable String clientKey;
    private @Nullable Boolean usEnvironment;

    private Builder() {
      super(PROVIDER, NAME, "https://api.baanx.com");
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * The id of the only webhook to list, a UUID; by default all. A query's own webhook id takes
     * precedence.
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
      return new BaanxClient(connect("Authorization", "Bearer ", Wire.Refusal.class), webhookId);
    }
  }
}
