package dev.redrive.keycloak;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Token;
import dev.redrive.keycloak.KeycloakWire.ErrorAnswer;
import dev.redrive.keycloak.KeycloakWire.IssuedToken;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Client for the failed webhook deliveries of one realm of a Keycloak server with the extension
 * {@code io.phasetwo.keycloak:keycloak-events}, whose option {@code store-webhook-events} must be
 * on. The id of a delivery is the id of its send, a UUID; the receiver gets it as {@code uid}.
 *
 * <p>What to know about the extension, by its source (0.59):
 *
 * <ul>
 *   <li>A send has one record, which each attempt that gets an answer overwrites. <em>An attempt at
 *       an endpoint that cannot be reached leaves no record</em>, and the extension does not repeat
 *       it: an event whose only attempt ended so is not listed, by nobody. It is among Keycloak's
 *       own events.
 *   <li>After an attempt that was answered with a failure, the extension tries again by itself for
 *       up to 15 min. Until it certainly does not, the delivery is {@linkplain
 *       FailedDelivery#providerIsRetrying() still being retried}, and the outcome of a resend is
 *       {@link RetryOutcome.Status#PENDING}. Keycloak forgets these retries when it is restarted.
 *   <li>An accepted resend (202) is sent a moment later, whatever the status of the send: also if
 *       it was delivered. If its record shows no new attempt, the outcome is {@link
 *       RetryOutcome.Status#UNKNOWN}.
 *   <li>Records are deleted with Keycloak's own events, whose expiration is a setting of the realm.
 * </ul>
 *
 * @see <a href="https://github.com/p2-inc/keycloak-events">Phase Two: keycloak-events</a>
 */
public final class KeycloakClient extends ProviderClient {
  static final String PROVIDER = "keycloak";
  static final String DISPLAY_NAME = "Keycloak";

  private final KeycloakListing listing;
  private final KeycloakRetries retries;
  private final KeycloakOutcomes outcomes;

  private KeycloakClient(ProviderHttp http, ServerClock clock, DefaultWebhook webhook) {
    super(http, traits(http));
    var api = http.create(KeycloakApi.class);
    var mapper = new KeycloakMapper(http, clock);
    var reader = new SendReader(http, api, mapper, clock, webhook);
    this.listing = new KeycloakListing(http, reader, mapper, webhook);
    this.retries = new KeycloakRetries(http, api, reader);
    this.outcomes = new KeycloakOutcomes(http, reader, mapper);
  }

  /** Returns a builder; {@code apiKey}, {@code baseUrl} and {@code realm} must be set. */
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
        .pageSize(KeycloakApi.PAGE_SIZE)
        .outcomeTime(Duration.ZERO, OwnRetries.LONGEST_TRYING)
        .listingDelay(OwnRetries.LONGEST_PAUSE)
        .build();
  }

  @Override
  public List<Webhook> webhooks() {
    return listing.webhooks();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The sends of one webhook after the other, the latest attempt first. The time of a send is
   * that of its latest attempt.
   */
  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return listing.logs(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Keycloak cannot list failures alone: all sends are read, back to the query's {@code since}.
   * An event whose endpoint could not be reached at all has no record, and is not listed.
   */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return listing.failures(query);
  }

  /** {@inheritDoc} Without {@link Builder#webhookId}, each webhook is asked for it. */
  @Override
  public Optional<FailedDelivery> find(String id) {
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

  /** Builds a {@link KeycloakClient}. */
  public static final class Builder extends ClientBuilder<Builder> {
    private static final Duration LEAST_LIFETIME = Duration.ofSeconds(60);

    private @Nullable String realm;
    private @Nullable String clientId;

    private Builder() {
      super(PROVIDER, DISPLAY_NAME, null);
      settleTime(Duration.ofMinutes(5));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The default is 5 min: the extension sends at once, but waits for the endpoint's answer
     * without a limit, and records the attempt only then.
     */
    @Override
    public Builder settleTime(Duration settleTime) {
      return super.settleTime(settleTime);
    }

    /** The name of the realm whose webhooks to use. */
    public Builder realm(String realm) {
      this.realm = realm;
      return this;
    }

    /**
     * The id of a client of the realm that has a service account with the roles {@code view-events}
     * and {@code manage-events} of {@code realm-management}. {@link #apiKey} is its secret then,
     * and the client requests its own tokens, which last a minute or a few, and renews them.
     * Without it, {@code apiKey} is a token.
     */
    public Builder clientId(@Nullable String clientId) {
      this.clientId = clientId;
      return this;
    }

    /**
     * Returns the client. Makes no request.
     *
     * @throws dev.redrive.InvalidConfigurationException if a setting is missing or invalid
     */
    public KeycloakClient build() {
      checkUuid("webhookId", defaultWebhook().id());
      if (realm == null || realm.isBlank() || realm.contains("/")) {
        problem("no realm: set realm, the name of one realm");
      } else {
        place("realms/" + realm, realm);
      }
      var clock = new ServerClock();
      ProviderHttp http =
          clientId == null
              ? connect("Authorization", "Bearer ", ErrorAnswer.class)
              : connect(clientId, requesting -> token(requesting, clock), ErrorAnswer.class);
      return new KeycloakClient(http, clock, defaultWebhook());
    }

    private static Token token(ProviderHttp http, ServerClock clock) {
      IssuedToken issued = http.create(KeycloakApi.class).requestToken("client_credentials").get();
      clock.issued(issued.text(), http.now());
      return new Token(
          issued.text(),
          issued.expiresIn() == null ? LEAST_LIFETIME : Duration.ofSeconds(issued.expiresIn()));
    }
  }
}
