package dev.redrive.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GithubClientTest extends GithubFixture {
  private static final KeyPair KEYS = keys();
  private static final int PKCS8_START = 26;
  private static final String SECONDARY =
      "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes.\"}";

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String name, byte[] der) {
    return "-----BEGIN "
        + name
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + name
        + "-----\n";
  }

  /** As GitHub hands it out: the key without what PKCS#8 has before it. */
  private static String pkcs1() {
    byte[] pkcs8 = KEYS.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_START, pkcs8.length));
  }

  private void useApp() {
    use(FakeGithub.builder().app("Iv1.abc", KEYS.getPublic()));
    client.close();
    client = connect(settings -> settings.owner("app:Iv1.abc").apiKey(pkcs1()));
  }

  @Test
  void everyRequest_namesTheVersionOfTheApi() {
    failures();

    assertThat(fake.requests())
        .isNotEmpty()
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("accept", "application/vnd.github+json,application/json;q=0.9")
                    .containsEntry("x-github-api-version", "2022-11-28"));
  }

  @Test
  void anOrganization_isListedAndRetried() {
    List<String> ids = fake.failures(20);
    try (GithubClient organization = connect(settings -> settings.owner("OctoCat"))) {
      List<FailedDelivery> failed = organization.failures(dev.redrive.DeliveryQuery.all()).toList();

      assertThat(failed)
          .extracting(failure -> failure.key().id())
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(organization.account()).endsWith("/orgs/octocat");
      assertThat(organization.retryAll(failed))
          .extracting(RetryResult::status)
          .containsOnly(RetryResult.Status.ACCEPTED);
    }
  }

  @Test
  void anApp_isListedAndRetried_withTokensThatItSigns() {
    useApp();
    fake.delivery().status(500).add();
    fake.delivery().webhook(fake.webhookIds().get(1)).add();

    List<FailedDelivery> failed = failures();

    assertThat(failedIds()).singleElement().asString().matches("app/\\d+");
    assertThat(client.account()).endsWith("/app/Iv1.abc");
    RetryResult result = client.retry(failed.get(0));
    assertThat(client.outcomes(List.of(result)))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.DELIVERED);
    assertThat(client.webhooks())
        .singleElement()
        .satisfies(hook -> assertThat(hook.endpoint()).startsWith("https://receiver"));
    assertThat(client.find(failed.get(0).key().id())).isPresent();
  }

  @Test
  void aToken_isReplacedBeforeItExpires() {
    useApp();
    for (int i = 0; i < 5; i++) {
      failures();
      time.advance(Duration.ofSeconds(570));
    }

    assertThat(fake.requests()).extracting(RecordedRequest::status).containsOnly(200);
  }

  @Test
  void aToken_thatIsRefused_isReplacedOnce() {
    useApp();
    failures();
    time.advance(Duration.ofMinutes(1));
    fake.faults().on(Operation.LIST).inject(Fault.status(401));
    long before = fake.requestCount(Operation.LIST);

    failures();

    assertThat(fake.requestCount(Operation.LIST) - before).isEqualTo(2);
    fake.faults().on(Operation.LIST).always().inject(Fault.status(401));
    assertThatThrownBy(this::failures).isInstanceOf(AuthenticationException.class);
  }

  @Test
  void aKeyOrTokenOfAnApp_isTaken() {
    use(FakeGithub.builder().app("Iv1.abc", KEYS.getPublic()));
    String pkcs8 = pem("PRIVATE KEY", KEYS.getPrivate().getEncoded());
    String token = new AppToken("Iv1.abc", PrivateKeyPem.parse(pkcs8)).at(time.now()).text();

    for (String key : List.of(pkcs8, pkcs1(), token)) {
      try (WebhookRetryClient app =
          connect(settings -> settings.owner("app:Iv1.abc").apiKey(key))) {
        assertThat(app.webhooks()).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"
      })
  void aKeyThatIsNone_isRefusedWithoutShowingIt(String pem) {
    var refused =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () -> connect(settings -> settings.owner("app:Iv1.abc").apiKey(pem)));

    assertThat(refused.problems())
        .containsExactly(
            "apiKey is not the RSA private key of a GitHub App: use its whole PEM file");
  }

  @ParameterizedTest
  @CsvSource({
    "Octo-Cat/Hello.World_1, /repos/octo-cat/hello.world_1",
    "octo_org, /orgs/octo_org",
    "app:123456, /app/123456"
  })
  void anOwner_isPartOfTheAccount(String owner, String account) {
    try (GithubClient of = connect(settings -> settings.owner(owner))) {
      assertThat(of.account()).isEqualTo(fake.baseUrl().replace("http://", "") + account);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "a/..", "a/.", "/b", "a/", "a b", "app:", "app:a/b", "a?b"})
  void anOwnerThatIsNone_isRefused(String owner) {
    assertThatThrownBy(() -> connect(settings -> settings.owner(owner)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("owner is not OWNER/NAME");
  }

  @ParameterizedTest
  @CsvSource({"octocat/site, x", "octocat, app", "app:1, 17"})
  void aWebhookIdThatTheOwnerCannotHave_isRefused(String owner, String id) {
    assertThatThrownBy(() -> connect(settings -> settings.owner(owner).webhookId(id)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("webhookId is not a number");
  }

  @Test
  void anEnterpriseServer_hasItsApiBelowAPath() {
    try (GithubClient unlimited = connect(GithubClient.Builder::withoutRateLimits)) {
      assertThat(unlimited.traits().limits()).isEmpty();
      assertThat(client.traits().limits()).hasSize(1);
    }
    try (GithubClient enterprise =
        connect(settings -> settings.baseUrl(fake.baseUrl() + "/api/v3"))) {
      assertThat(enterprise.traits().retention()).isEqualTo(Duration.ofDays(7));
      assertThat(client.traits().retention()).isEqualTo(Duration.ofDays(3));
      assertThatThrownBy(enterprise::webhooks).isInstanceOf(dev.redrive.NotFoundException.class);
    }
    assertThat(fake.requests())
        .extracting(RecordedRequest::path)
        .containsExactly("/api/v3/repos/octocat/hello-world/hooks");
  }

  @Test
  void aPrimaryLimit_isWaitedFor_ifItEndsSoon() {
    use(FakeGithub.builder().webhooks(1).primaryLimit(2, Duration.ofSeconds(20)));

    for (int i = 0; i < 3; i++) {
      assertThat(failures()).isEmpty();
    }

    assertThat(time.slept()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(50));
  }

  @Test
  void aPrimaryLimit_thatLasts_sendsNothingMore_andTellsHowLong() {
    fake.failures(20);
    List<FailedDelivery> failed = failures();
    String reset = Long.toString(NOW.plus(Duration.ofMinutes(40)).getEpochSecond());
    fake.faults()
        .on(Operation.RETRY)
        .always()
        .inject(
            Fault.status(403)
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", reset));

    List<RetryResult> results = client.retryAll(failed);

    assertThat(results).extracting(RetryResult::status).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(results.get(0).error())
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofMinutes(40)));
    assertThat(fake.requestCount(Operation.RETRY)).isLessThanOrEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void aSecondaryLimit_isWaitedFor(int status) {
    fake.delivery().add();
    FailedDelivery failed = failures().get(0);
    fake.faults()
        .on(Operation.RETRY)
        .inject(Fault.answer(status, "application/json", SECONDARY).retryAfter("7"));

    assertThat(client.retry(failed).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(time.slept()).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void aSecondaryLimit_thatDoesNotTellHowLong_lastsAMinute(int status) {
    fake.faults().on(Operation.LIST).inject(Fault.answer(status, "application/json", SECONDARY));

    assertThatThrownBy(this::failures)
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofMinutes(1)));
  }

  @Test
  void a403_thatIsNoLimit_isARefusedKey() {
    fake.faults().on(Operation.WEBHOOKS).inject(Fault.status(403));

    assertThatThrownBy(this::failures).isInstanceOf(AuthenticationException.class);
  }

  @Test
  void anyFailedDelivery_isRetried_butNotOneWhoseEventWasDelivered() {
    String failed = fake.delivery().status(500).add();
    String delivered = fake.delivery().status(500).add();
    fake.delivery().redeliveryOf(delivered).status(200).at(NOW).add();

    List<RetryResult> results =
        client.retryAll(
            List.of(
                FailedDelivery.of(client.key(failed), null),
                FailedDelivery.of(client.key(delivered), null)));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(RetryResult.Status.ACCEPTED, RetryResult.Status.REJECTED);
    assertThat(fake.endpoint().resends()).isEqualTo(1);
  }
}
