package dev.redrive.testkit;

import dev.redrive.testkit.KeycloakSends.Row;
import dev.redrive.testkit.KeycloakSends.Send;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A realm of Keycloak with the webhooks of the extension {@code keycloak-events} [src, 0.59]. A
 * delivery is named by the id of its send.
 *
 * <p>A send has one record, which each attempt that is answered overwrites. An attempt without an
 * answer is not recorded, nor repeated. After another answer than 2xx, the extension tries again by
 * itself for 15 min of the fake's clock, with pauses of 0.5 s to 3 min. A resend is an attempt with
 * such retries of its own; when it is made is up to {@link #settlesAfterReads} and {@link
 * #asyncDelay}. Seeded sends are 5 min older than elsewhere: until then the extension may try
 * again. A record that a test seeds with {@link Endpoint#NO_ANSWER} says 503, because there would
 * be none.
 *
 * <p>{@link #apiKey} is accepted as a token that does not expire, and at the token endpoint as the
 * secret of the client {@link #CLIENT_ID}, whose tokens last {@link Builder#tokenLifetime}.
 */
public final class FakeKeycloak extends FakeProvider {
  /** The name of the realm. */
  public static final String REALM = "shop";

  /** The id of the client whose secret is {@link #apiKey}. */
  public static final String CLIENT_ID = "redrive";

  /** So long ago was the last attempt, so that nobody expects another one. */
  private static final Duration OVER = Duration.ofMinutes(5);

  static final String TOKEN = "/protocol/openid-connect/token";

  private final KeycloakSends sends;
  private final Duration tokenLifetime;
  private final Map<String, Instant> tokens = new HashMap<>();

  private FakeKeycloak(Builder builder) {
    super(builder);
    this.sends = new KeycloakSends(ids("keycloak send"), endpoint());
    this.tokenLifetime = builder.tokenLifetime;
    Ids webhookIds = ids("keycloak webhook");
    subscribe(
        i ->
            new Subscription(
                webhookIds.uuid(i),
                "",
                "https://receiver.example.com/webhooks/keycloak/" + (i + 1),
                "*"));
    new KeycloakRoutes(this, sends).declare();
  }

  /** Starts a fake with the default settings. */
  public static FakeKeycloak start() {
    return builder().start();
  }

  /** Returns the settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Ends all tokens, as a restart with other keys does. */
  public void revokeTokens() {
    synchronized (lock) {
      tokens.clear();
    }
  }

  /**
   * Returns how many attempts the record of a send shows, and 0 if it has none.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int recordedAttempts(String id) {
    synchronized (lock) {
      if (sends.find(id) == null) {
        throw new IllegalArgumentException("no delivery " + id + " at this fake");
      }
      settleDue();
      Row row = sends.recorded(id);
      return row == null ? 0 : row.retries();
    }
  }

  @Override
  protected boolean authorized(Call call) {
    if (call.operation() == Operation.TOKEN) {
      return ("Basic " + base64(CLIENT_ID + ":" + apiKey())).equals(call.header("Authorization"));
    }
    return call.hasBearer(apiKey())
        || tokens.entrySet().stream()
            .anyMatch(token -> call.hasBearer(token.getKey()) && token.getValue().isAfter(now()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected Answer unauthorized(Call call) {
    return call.operation() == Operation.TOKEN
        ? Answer.of(
            401,
            Json.object()
                .put("error", "unauthorized_client")
                .put("error_description", "Invalid client or Invalid client credentials"))
        : error(401, "HTTP 401 Unauthorized");
  }

  /** Issues a token that says when it was issued, as Keycloak's do. */
  Answer issueToken() {
    String claims =
        Json.object()
            .put("exp", now().plus(tokenLifetime).getEpochSecond())
            .put("iat", now().getEpochSecond())
            .put("jti", ids("keycloak token").uuid(tokens.size()))
            .text();
    String token =
        "e30."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2lnbmF0dXJl";
    tokens.put(token, now().plus(tokenLifetime));
    return Answer.ok(
        Json.object()
            .put("access_token", token)
            .put("expires_in", tokenLifetime.toSeconds())
            .put("token_type", "Bearer"));
  }

  @Override
  protected Answer error(int httpStatus, String text) {
    return Answer.of(httpStatus, Json.object().put("error", text));
  }

  @Override
  protected Set<String> enumFields() {
    return Set.of("status");
  }

  @Override
  protected Set<String> timeFields() {
    return Set.of("sent_at");
  }

  @Override
  protected List<String> seed(Instant at, int httpStatus, Draws draws, int most) {
    Subscription webhook = subscriptions().any(draws);
    int recorded = httpStatus == Endpoint.NO_ANSWER ? 503 : httpStatus;
    Instant ended = at.minus(OVER);
    return List.of(sends.seed(webhook, KeycloakSends.anyType(draws), ended, recorded).id());
  }

  @Override
  protected String deliverNow(Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    return sends.deliver(webhook, KeycloakSends.anyType(draws), now()).id();
  }

  @Override
  protected String seedStillTrying(Instant at, Draws draws) {
    Subscription webhook = subscriptions().any(draws);
    return sends.seedTrying(webhook, KeycloakSends.anyType(draws), at).id();
  }

  @Override
  protected void makeDueAttempts() {
    sends.makeDue(now());
  }

  @Override
  protected void repeatFailures() {
    sends.hastenAll(now());
  }

  @Override
  protected void tryAgain(String id) {
    sends.hasten(Objects.requireNonNull(sends.find(id)), now());
  }

  @Override
  protected List<ReceivedEvent> events(String id) {
    @Nullable Send send = sends.find(id);
    return send == null ? List.of() : List.of(send.event);
  }

  /** The settings of a {@link FakeKeycloak}. */
  public static final class Builder extends FakeProvider.Builder<Builder> {
    private Duration tokenLifetime = Duration.ofSeconds(60);

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /** How long a token is valid; 60 s by default, as in Keycloak's realm {@code master}. */
    public Builder tokenLifetime(Duration lifetime) {
      this.tokenLifetime = lifetime;
      return this;
    }

    /** Starts the fake. */
    public FakeKeycloak start() {
      FakeKeycloak fake = new FakeKeycloak(this);
      fake.open();
      return fake;
    }
  }
}
