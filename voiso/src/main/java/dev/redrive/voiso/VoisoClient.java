package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderHttp;
import dev.redrive.voiso.VoisoWire.ErrorAnswer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists and retriggers the webhook failures of one Voiso contact centre.
 *
 * <p>Voiso gives a delivery up, as <i>inactive</i>, after five failures in 24 hours; a retrigger
 * puts the same record back in the queue, and it leaves the list of failures unless it fails again
 * (Voiso's documentation). Voiso lists failures only, so that {@link #logs} is not supported, and
 * retriggers one in a request.
 *
 * <p>What became of a retrigger is read from the failure's record: {@code inactive} with a newer
 * last attempt means that it failed again, and a record that is gone, and stays so for {@link
 * Builder#settleTime}, that it was delivered. The latter is inferred; Voiso does not say what it
 * does with the record of a delivered failure. A record may also be gone because Voiso keeps it no
 * longer: a retrigger without an answer is then unknown.
 *
 * <p>Two contact centres of one cluster share a base URL: set {@link Builder#account} if keys of
 * both are used, since a failure that a key may not see looks like one that is gone.
 *
 * @see <a href="https://developers.voiso.com/reference-link/retriggerwebhookfailure">Voiso:
 *     retrigger webhook failure (v4)</a>
 * @see <a href="https://developers.voiso.com/reference/webhook-retrigger-description">Voiso:
 *     webhook retrigger (v1)</a>
 */
public final class VoisoClient implements WebhookRetryClient {
  static final String PROVIDER = "voiso";
  static final String DISPLAY_NAME = "Voiso";

  private final ProviderHttp http;
  private final ProviderTraits traits;
  private final VoisoListing listing;
  private final VoisoRetries retries;
  private final VoisoOutcomes outcomes;

  private VoisoClient(ProviderHttp http, Generation api, DefaultWebhook webhook) {
    this.http = http;
    this.traits = api.traits();
    this.listing = new VoisoListing(api, webhook);
    this.retries = new VoisoRetries(http, api);
    this.outcomes = new VoisoOutcomes(http, api);
  }

  /** A builder; {@code apiKey} and {@code baseUrl} must be set. */
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
   * Not supported: Voiso lists failures alone.
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
   * <p>Failures whose status this version does not know are listed too, with {@link
   * dev.redrive.DeliveryStatus#UNKNOWN}: Voiso refuses to retrigger what is not inactive, and
   * leaving them out would lose events in silence.
   *
   * <p>With {@link ApiVersion#V1} no more than the past 31 days can be asked for: an earlier {@code
   * since}, or none, means 31 days ago, less six hours for clocks that differ. A list of more than
   * 50 failures is read at least twice, because rows that leave meanwhile would hide others; after
   * ten times it ends as it is.
   *
   * @throws UnsupportedCapabilityException with {@link ApiVersion#V1}, if the query names a webhook
   *     or causes, which it does not tell
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
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

  /** The generations of Voiso's API. */
  public enum ApiVersion {
    /**
     * {@code /api/v4/tasks}, with a key of the scopes {@code tasks.webhooks.read} and {@code
     * .manage}.
     */
    V4,
    /**
     * {@code /api/webhooks/v1}, with the contact centre's key. It tells neither webhooks nor
     * causes, and how a retrigger ended only by the failure's absence from, or return to, the list.
     */
    V1
  }

  /** Builds a {@link VoisoClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private ApiVersion apiVersion = ApiVersion.V4;
    private @Nullable String webhookId;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, null);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** The generation of the API to speak; {@link ApiVersion#V4} by default. */
    public Builder apiVersion(ApiVersion apiVersion) {
      this.apiVersion = apiVersion;
      return this;
    }

    /**
     * The one webhook, a UUID, whose failures are listed where a query names none; without it those
     * of all. Not with {@link ApiVersion#V1}, which does not tell a failure's webhook.
     */
    public Builder webhookId(String webhookId) {
      this.webhookId = webhookId;
      return this;
    }

    /**
     * The client.
     *
     * @throws dev.redrive.InvalidConfigurationException with every problem of the settings
     */
    public VoisoClient build() {
      checkUuid("webhookId", webhookId);
      if (apiVersion == ApiVersion.V1 && webhookId != null) {
        problem("webhookId does not work with API v1, which lists all webhooks: leave it out");
      }
      ProviderHttp http = connect("Authorization", "Bearer ", ErrorAnswer.class);
      Generation api =
          switch (apiVersion) {
            case V4 -> new GenerationV4(http);
            case V1 -> new GenerationV1(http);
          };
      return new VoisoClient(http, api, new DefaultWebhook(webhookId));
    }
  }
}
