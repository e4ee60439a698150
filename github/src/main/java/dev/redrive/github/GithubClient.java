package dev.redrive.github;

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
import dev.redrive.github.GithubWire.ErrorAnswer;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Client for the failed webhook deliveries of one repository, organization or GitHub App. The id of
 * a delivery is {@code hook/delivery}, two numbers; of a GitHub App, {@code app/delivery}.
 *
 * <p>What to know about the provider's API:
 *
 * <ul>
 *   <li>GitHub never sends a failed delivery again by itself, and lists it for three days (an
 *       Enterprise Server for seven).
 *   <li>A redelivery is a new delivery with the event's GUID; the old one stays as it is. All
 *       webhooks that an event goes to share its GUID, so a {@linkplain WebhookLog#lineage()
 *       lineage} is the GUID and the webhook.
 *   <li>GitHub's filter {@code status=failure} leaves out deliveries without a response and
 *       redirects, and does not tell whether a later delivery succeeded. So {@link #failures} reads
 *       the whole list, back to {@link DeliveryQuery#since()}: set it for a busy webhook.
 *   <li>A list has no payloads.
 *   <li>GitHub does not document how soon it redelivers: {@code settleTime} is 5 min by default.
 * </ul>
 *
 * <p>For GitHub Enterprise Server, {@code baseUrl} is {@code https://HOST/api/v3}.
 *
 * @see <a
 *     href="https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries">GitHub</a>
 */
public final class GithubClient extends ProviderClient {
  static final String PROVIDER = "github";
  static final String DISPLAY_NAME = "GitHub";

  private final GithubListing listing;
  private final GithubRetries retries;
  private final GithubOutcomes outcomes;

  private GithubClient(
      ProviderHttp http, Owner owner, DefaultWebhook webhook, List<RateLimit> limits) {
    super(http, traits(http, limits));
    var api = http.create(GithubApi.class);
    var hooks = new Hooks(http, api, owner, webhook);
    var mapper = new GithubMapper(http);
    this.listing = new GithubListing(http, api, hooks, mapper);
    this.retries = new GithubRetries(http, api, listing);
    this.outcomes = new GithubOutcomes(http, hooks, mapper);
  }

  /** Returns a builder; {@code apiKey} and {@link Builder#owner} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  private static ProviderTraits traits(ProviderHttp http, List<RateLimit> limits) {
    return http.traits()
        .capabilities(
            Capability.WEBHOOKS,
            Capability.LOGS,
            Capability.CAUSES,
            Capability.WEBHOOK_FILTER,
            Capability.FIND)
        .pageSize(GithubApi.PAGE_SIZE)
        .retention(GithubApi.retention(http.baseUrl()))
        .limits(limits.toArray(RateLimit[]::new))
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
   * <p>An event with a delivery that succeeded is not listed, however late that was. Of other
   * events, each failed delivery is listed. A failed redelivery comes after the event's first
   * delivery was read, because a delivery between them may have succeeded.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  @Override
  public Optional<FailedDelivery> find(String id) {
    return Optional.ofNullable(listing.find(id));
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return retries.retryAll(deliveries);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The new delivery is found in the webhook's list by the event's GUID. If any delivery of the
   * event succeeded, the outcome is {@link RetryOutcome.Status#DELIVERED}, even if somebody else
   * requested that delivery.
   */
  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    outcomes.outcomes(results, reader);
  }

  /** Builds a {@link GithubClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private @Nullable String owner;
    private @Nullable String key;
    private List<RateLimit> limits = List.of(GithubApi.SECONDARY_LIMIT);

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, "https://api.github.com");
      settleTime(Duration.ofMinutes(5));
    }

    /**
     * Whose webhooks: {@code OWNER/NAME} of a repository, the name of an organization, or {@code
     * app:CLIENT_ID} of a GitHub App.
     */
    public Builder owner(String owner) {
      this.owner = owner;
      return this;
    }

    /**
     * A personal access token, or that of an app's installation. For the webhook of a GitHub App,
     * its private key as PEM, with which the client signs tokens of ten minutes, or such a token.
     */
    @Override
    public Builder apiKey(String apiKey) {
      this.key = apiKey;
      return super.apiKey(apiKey);
    }

    /** For a GitHub Enterprise Server that limits no requests, which is its default. */
    public Builder withoutRateLimits() {
      this.limits = List.of();
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public GithubClient build() {
      Owner whose = Owner.parse(owner);
      if (whose.equals(Owner.NONE)) {
        problem("owner is not OWNER/NAME of a repository, an organization or app:CLIENT_ID");
      }
      if (!whose.mayHave(defaultWebhook().id())) {
        problem("webhookId is not a number: copy it from a listing");
      }
      place(whose.place(), whose.name());
      header("Accept", "application/vnd.github+json,application/json;q=0.9");
      header("X-GitHub-Api-Version", "2022-11-28");
      if (whose.appId() != null && key != null && PrivateKeyPem.isPem(key)) {
        var signing = PrivateKeyPem.parse(key);
        if (signing == null) {
          problem("apiKey is not the RSA private key of a GitHub App: use its whole PEM file");
          super.apiKey("none");
        } else {
          tokens(new AppToken(whose.appId(), signing)::at);
        }
      }
      ProviderHttp http = connect("Authorization", "Bearer ", ErrorAnswer.class);
      return new GithubClient(http, whose, defaultWebhook(), limits);
    }
  }
}
