package dev.redrive.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.NotFoundException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeKeycloak;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeycloakClientTest extends RealmFixture {
  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () -> KeycloakClient.builder().apiKey("k y").realm("a/b").webhookId("w").build())
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class, e -> assertThat(e.problems()).hasSize(4))
        .hasMessageContaining("apiKey")
        .hasMessageContaining("no base URL")
        .hasMessageContaining("realm")
        .hasMessageContaining("webhookId is not a UUID")
        .hasMessageNotContaining("k y");
  }

  @Test
  void theRealmIsPartOfTheAccount_andTheBaseUrlMayHaveAPath() {
    try (var shop =
        KeycloakClient.builder()
            .baseUrl("https://sso.example.com/auth")
            .realm("shop")
            .apiKey("k")
            .build()) {
      assertThat(shop.account()).isEqualTo("sso.example.com/shop");
      assertThat(shop.traits().provider()).isEqualTo("keycloak");
      assertThat(shop.traits().settleTime()).isEqualTo(Duration.ofMinutes(5));
      assertThat(shop.traits().mostOutcomeTime()).isEqualTo(Duration.ofMinutes(25));
      assertThat(shop.traits().listingDelay()).isEqualTo(Duration.ofMinutes(5));
    }
  }

  @Test
  void aTokenIsRequestedOnce_renewedBeforeItExpires_andWhenItIsRefused() {
    FailedDelivery failure = oneFailure();
    assertThat(fake.requestCount(Operation.TOKEN)).isEqualTo(1);

    time.advance(Duration.ofSeconds(49));
    assertThat(failures()).hasSize(1);
    assertThat(fake.requestCount(Operation.TOKEN)).isEqualTo(2);

    fake.revokeTokens();
    assertThat(client.retry(failure).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(fake.requestCount(Operation.TOKEN)).isEqualTo(3);
    assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
    assertThat(fake.endpoint().resends()).isEqualTo(1);
  }

  @Test
  void aWrongSecretIsToldAsKeycloakTellsIt() {
    try (var wrong = builder().clientId(FakeKeycloak.CLIENT_ID).apiKey("not-the-secret").build()) {
      assertThatThrownBy(() -> wrong.webhooks())
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("request token")
          .hasMessageContaining("Invalid client or Invalid client credentials")
          .hasMessageContaining("unauthorized_client")
          .hasMessageNotContaining("not-the-secret");
    }
  }

  @Test
  void aRealmThatDoesNotExistIsNotAnEmptyOne() {
    try (var other = builder().realm("nosuch").build()) {
      assertThatThrownBy(() -> other.failures(DeliveryQuery.all()).toList())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("Realm does not exist");
    }
  }

  @Test
  void webhooksAreTheRealms() {
    Webhook webhook = client.webhooks().get(0);

    assertThat(webhook.id()).isEqualTo(fake.webhookIds().get(0));
    assertThat(webhook.active()).isTrue();
    assertThat(webhook.eventTypes()).containsExactly("*");
    assertThat(webhook.endpoint()).startsWith("https://receiver.example.com/");
  }

  @Test
  void aSendSaysItsEventItsWebhookAndItsLatestAttempt() {
    WebhookLog log = oneFailure().latest();

    assertThat(log.lineage()).isEqualTo("send/" + log.key().id());
    assertThat(log.webhookId()).isIn(fake.webhookIds());
    assertThat(log.endpoint()).startsWith("https://receiver.example.com/");
    assertThat(log.eventId()).isEqualTo("f" + log.key().id().substring(1));
    assertThat(log.attemptNumber()).isEqualTo(8);
    assertThat(log.attemptedAt()).isEqualTo(log.createdAt()).isNotNull();
    assertThat(log.error()).startsWith("HTTP " + log.httpStatus());
    assertThat(log.providerStatus()).isEqualTo(String.valueOf(log.httpStatus()));
  }

  @Test
  void aDeletedWebhookLeavesTheOthersListed_butIsToldIfItWasNamed() {
    fake.failures(20);
    String gone = fake.webhookIds().get(0);
    int others =
        client
            .failures(DeliveryQuery.builder().webhookId(fake.webhookIds().get(1)).build())
            .toList()
            .size();
    String body = "{\"error\":\"no webhook with id " + gone + "\"}";
    fake.faults().on(Operation.LIST).inject(Fault.answer(404, "application/json", body));

    assertThat(failures()).hasSize(others);

    fake.faults().on(Operation.LIST).inject(Fault.answer(404, "application/json", body));
    assertThatThrownBy(
            () -> client.failures(DeliveryQuery.builder().webhookId(gone).build()).toList())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void a404ThatIsNotTheExtensionsHidesNothing() {
    fake.failures(20);
    fake.faults().on(Operation.LIST).inject(Fault.status(404));

    assertThatThrownBy(this::failures).isInstanceOf(NotFoundException.class);
  }

  @Test
  void aListEndsWhereTheRowsAreOlderThanWhatIsAskedFor() {
    fake.failures(500);
    long before = fake.requestCount(Operation.LIST);

    client.failures(DeliveryQuery.since(clock.instant().minus(Duration.ofMinutes(8)))).toList();

    // Two pages of each webhook: one of older rows is read to be sure.
    assertThat(fake.requestCount(Operation.LIST) - before).isLessThanOrEqualTo(2 * 4);
  }

  @Test
  void findAsksEachWebhook_andTheDefaultOneOnly() {
    FailedDelivery failure = oneFailure();
    String own = String.valueOf(failure.latest().webhookId());
    String other =
        fake.webhookIds().stream().filter(id -> !id.equals(own)).findFirst().orElseThrow();

    assertThat(client.find(failure.key().id()))
        .hasValueSatisfying(found -> assertThat(found.latest().webhookId()).isEqualTo(own));
    try (var limited = builder().webhookId(other).build()) {
      assertThat(limited.find(failure.key().id())).isEmpty();
    }
    assertThat(client.find("nosuch")).isEmpty();
  }

  @Test
  void aWebhookOfTheQueryMustBeAUuid() {
    assertThatThrownBy(
            () -> client.failures(DeliveryQuery.builder().webhookId("../x").build()).toList())
        .isInstanceOf(InvalidRequestException.class);
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void anEventWhoseEndpointCouldNotBeReachedHasNoRecord_andIsNotListed() {
    fake.endpoint().down();
    String id = fake.traffic(1).get(0);
    time.advance(OwnRetries.LONGEST_TRYING);

    assertThat(fake.recordedAttempts(id)).isZero();
    assertThat(fake.endpoint().attempts(id)).isEqualTo(1);
    assertThat(failuresWithThoseStillRetried()).isEmpty();
    assertThat(client.find(id)).isEmpty();
  }

  @Test
  void aResendWhoseEndpointCannotBeReachedLeavesNoTrace_soItsOutcomeIsUnknown() {
    FailedDelivery failure = oneFailure();
    fake.endpoint().down();
    RetryResult result = client.retry(failure);

    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(client.traits().settleTime());
    RetryOutcome late = outcome(result);

    assertThat(late.status()).isEqualTo(Status.UNKNOWN);
    assertThat(late.reason()).contains("could not be reached");
    assertThat(late.mayBeSentAgain()).isFalse();
  }

  @Test
  void aResendThatKeycloakDidNotGetMayBeSentAgainOnceThatIsSure() {
    FailedDelivery failure = oneFailure();
    fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
    RetryResult result = client.retry(failure);
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);

    time.advance(client.traits().settleTime());

    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void manyOutcomesAreReadByPages_fewOneByOne() {
    fake.failures(60);
    List<RetryResult> results = client.retryAll(failures());
    long before = fake.requestCount();

    assertThat(client.outcomes(results)).allMatch(outcome -> outcome.status() == Status.DELIVERED);

    assertThat(fake.requestCount() - before).isEqualTo(fake.webhookIds().size());
    assertThat(fake.requestCount(Operation.READ)).isZero();
    client.outcomes(results.subList(0, 2));
    assertThat(fake.requestCount(Operation.READ)).isEqualTo(2);
  }

  @Test
  void anAnswerToAResendThatIsNotKeycloaksIsUnknown() {
    List<RetryResult.Status> statuses = new ArrayList<>();
    for (FailedDelivery failure : failuresOf(3)) {
      fake.faults()
          .on(Operation.RETRY)
          .inject(
              Fault.answer(202, "text/plain", List.of("ok", "<html>", "[]").get(statuses.size())));
      statuses.add(client.retry(failure).status());
    }

    assertThat(statuses).hasSize(3).containsOnly(RetryResult.Status.UNKNOWN);
  }

  private List<FailedDelivery> failuresOf(int count) {
    fake.failures(count);
    return failures();
  }
}
