package dev.redrive.voiso;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import dev.redrive.voiso.VoisoWire.ErrorAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Client for the failed webhook deliveries of one Voiso contact centre.
 *
 * <p>After five failures in 24 hours, Voiso gives up a delivery and marks it as <i>inactive</i>. A
 * retrigger puts the same record back into the queue. The record leaves the list of failures, and
 * comes back only if the delivery fails again (Voiso's documentation). Voiso lists failures only,
 * so {@link #logs} is not supported. One request retriggers one failure.
 *
 * <p>The outcome of a retrigger is read from the failure's record. {@code inactive} with a newer
 * last attempt means that it failed again. A record that is gone, and is still gone after {@link
 * Builder#settleTime}, means that it was delivered. That is inferred: Voiso does not say what
 * happens to the record of a delivered failure. A record may also be gone because Voiso no longer
 * keeps it: then the outcome of a retrigger whose response was lost is unknown.
 *
 * <p>Two contact centres on one cluster share a base URL. Set {@link Builder#account} if you use
 * keys of both: a failure that a key may not see looks like a failure that is gone.
 *
 * @see <a href="https://developers.voiso.com/reference-link/retriggerwebhookfailure">Voiso:
 *     retrigger webhook failure (v4)</a>
 * @see <a href="https://developers.voiso.com/reference/webhook-retrigger-description">Voiso:
 *     webhook retrigger (v1)</a>
 */
public final class VoisoClient extends ProviderClient {
  static final String PROVIDER = "voiso";
  static final String DISPLAY_NAME = "Voiso";

  /** How long Voiso tries a delivery before it gives it up, dated by its first attempt. */
  static final Duration LONGEST_TRYING = Duration.ofHours(24);

  private final VoisoListing listing;
  private final VoisoRetries retries;
  private final VoisoOutcomes outcomes;

  private VoisoClient(ProviderHttp http, Generation api, DefaultWebhook webhook) {
    super(http, api.traits());
    this.listing = new VoisoListing(api, webhook);
    this.retries = new VoisoRetries(http, api);
    this.outcomes = new VoisoOutcomes(http, api);
  }

  /** Returns a builder; {@code apiKey} and {@code baseUrl} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedCapabilityException with {@link ApiVersion#V1}
   */
  @Override
  public List<Webhook> webhooks() {
    return listing.webhooks();
  }

  /**
   * Not supported: Voiso lists failures only.
   *
   * @throws UnsupportedCapabilityException always
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Failures whose status this version does not know are listed, too, as {@link
   * dev.redrive.DeliveryStatus#UNKNOWN}. To leave them out would lose events silently, and Voiso
   * refuses to retrigger a delivery that is not inactive.
   *
   * <p>{@link ApiVersion#V1} shows the past 31 days only: an earlier {@code since}, or none, means
   * 31 days ago, less six hours in case clocks differ. A list of more than 50 failures is read at
   * least twice and at most ten times, because other rows may be missed when rows leave it
   * meanwhile.
   *
   * @throws UnsupportedCapabilityException with {@link ApiVersion#V1}, if the query has a webhook
   *     or causes, which that API does not show
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedCapabilityException with {@link ApiVersion#V1}
   */
  @Override
  public Optional<FailedDelivery> find(String id) {
    traits().require(Capability.FIND);
    return retries.find(FailedDelivery.of(key(id), null));
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  /** The versions of Voiso's API. */
  public enum ApiVersion {
    /**
     * {@code /api/v4/tasks}, with a key of the scopes {@code tasks.webhooks.read} and {@code
     * .manage}.
     */
    V4,
    /**
     * {@code /api/webhooks/v1}, with the contact centre's key. It shows neither webhooks nor
     * causes. The outcome of a retrigger is inferred from whether the failure is listed.
     */
    V1
  }

  /** Builds a {@link VoisoClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private ApiVersion apiVersion = ApiVersion.V4;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, null);
    }

    /** The version of the API to use; {@link ApiVersion#V4} by default. */
    public Builder apiVersion(ApiVersion apiVersion) {
      this.apiVersion = apiVersion;
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public VoisoClient build() {
      checkUuid("webhookId", defaultWebhook().id());
      if (apiVersion == ApiVersion.V1 && defaultWebhook().id() != null) {
        problem("webhookId does not work with API v1, which lists all webhooks: leave it out");
      }
      ProviderHttp http = connect("Authorization", "Bearer ", ErrorAnswer.class);
      return new VoisoClient(http, Generation.of(apiVersion, http), defaultWebhook());
    }
  }
}
