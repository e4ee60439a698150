package dev.redrive.baanx;

import static dev.redrive.baanx.Json.WEBHOOK_A;
import static dev.redrive.baanx.Json.WEBHOOK_B;
import static dev.redrive.baanx.Json.attempt;
import static dev.redrive.baanx.Json.attemptId;
import static dev.redrive.baanx.Json.business;
import static dev.redrive.baanx.Json.event;
import static dev.redrive.baanx.Json.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.JsonText;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaanxClientTest {
  private static final String EVENT = record(1);

  private final StubBaanx baanx = new StubBaanx();

  @AfterEach
  void close() {
    baanx.close();
  }

  @Test
  void requests_byDefault_carryTheTokenAndNeitherOptionalHeader() {
    baanx.answer("GET /v1/webhooks", "[]");
    try (BaanxClient client = baanx.client()) {
      client.webhooks();
    }

    Headers headers = baanx.requests().get(0).getHeaders();
    assertThat(headers.get("Authorization")).isEqualTo("Bearer " + StubBaanx.KEY);
    assertThat(headers.names()).doesNotContain("x-client-key", "x-us-env");
  }

  @Test
  void requests_whenClientKeyAndEnvironmentAreSet_carryThem() {
    baanx.answer("GET /v1/webhooks", "[]");
    try (BaanxClient client = baanx.builder().clientKey("client-key").usEnvironment(true).build()) {
      client.webhooks();
    }

    Headers headers = baanx.requests().get(0).getHeaders();
    assertThat(headers.get("x-client-key")).isEqualTo("client-key");
    assertThat(headers.get("x-us-env")).isEqualTo("true");
  }

  @Test
  void build_whenTheClientKeyIsCleared_thenSendsItNoMore() {
    baanx.answer("GET /v1/webhooks", "[]");
    BaanxClient.Builder builder = baanx.builder().clientKey("client-key");
    builder.build().close();
    try (BaanxClient client = builder.clientKey(null).build()) {
      client.webhooks();
    }

    assertThat(baanx.requests().get(0).getHeaders().get("x-client-key")).isNull();
  }

  @Test
  void build_whenSettingsCannotWork_thenTellsAllOfThemAndNoValue() {
    assertThatThrownBy(
            () ->
                BaanxClient.builder()
                    .baseUrl("http://api.baanx.com")
                    .webhookId("not-a-uuid")
                    .clientKey("two\nlines")
                    .build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContainingAll(
            "no API key",
            "plain http",
            "webhookId is not a UUID",
            "x-client-key contains white space")
        .hasMessageNotContainingAny("not-a-uuid", "two");
  }

  @Test
  void build_withAKeyAlone_thenTalksToBaanxsOwnHost() {
    try (BaanxClient client = BaanxClient.builder().apiKey("token").build()) {
      assertThat(client.account()).isEqualTo("api.baanx.com");
    }
  }

  @Test
  void traits_tellWhatBaanxCanDo() {
    try (BaanxClient client = baanx.builder().concurrency(3).build()) {
      ProviderTraits traits = client.traits();

      assertThat(traits.provider()).isEqualTo("baanx");
      assertThat(traits.capabilities())
          .containsExactlyInAnyOrder(
              Capability.WEBHOOKS,
              Capability.LOGS,
              Capability.CAUSES,
              Capability.WEBHOOK_FILTER,
              Capability.UNIQUE_IDS,
              Capability.FIND);
      assertThat(traits.batchSize()).isEqualTo(1);
      assertThat(traits.pageSize()).isEqualTo(100);
      assertThat(traits.visibleFailures()).isEqualTo(100);
      assertThat(traits.retention()).isEqualTo(Duration.ofDays(7));
      assertThat(traits.concurrentRetries()).isEqualTo(3);
    }
    assertThat(baanx.asked()).isEmpty();
  }

  @Test
  void webhooks_whenListed_thenTellNameEndpointTypesAndWhetherActive() {
    baanx.answer(
        "GET /v1/webhooks",
        """
        [{"id":"%s","tenant":"partner","name":"KYC","url":"https://api.partner.com/kyc",
        "apiKey":"whk_****5678","eventTypes":["kyc.status.changed"],"isActive":true,
        "metadata":{"environment":"production"}},{"id":"%s","isActive":false}]"""
            .formatted(WEBHOOK_A, WEBHOOK_B));
    try (BaanxClient client = baanx.client()) {
      assertThat(client.webhooks())
          .containsExactly(
              new Webhook(
                  WEBHOOK_A,
                  "KYC",
                  "https://api.partner.com/kyc",
                  true,
                  null,
                  Set.of("kyc.status.changed")),
              new Webhook(WEBHOOK_B, null, null, false, null, Set.of()));
    }
  }

  @Test
  void webhooks_whenTheAnswerIsNoListOfThem_thenIsMalformed() {
    try (BaanxClient client = baanx.client()) {
      for (String answer : List.of("[null]", "{}", "[{\"name\":\"no id\"}]")) {
        baanx.answer("GET /v1/webhooks", answer);

        assertThatThrownBy(client::webhooks)
            .as(answer)
            .isInstanceOf(MalformedResponseException.class)
            .hasMessageContaining("list webhooks");
      }
    }
  }

  @Test
  void eventStatus_whenRead_thenTellsBothIdsApart() {
    baanx.answer("GET /v1/webhooks/events/" + EVENT + "/status", event(EVENT, "processing"));
    try (BaanxClient client = baanx.client()) {
      assertThat(client.eventStatus(EVENT))
          .isEqualTo(
              new BaanxEvent(
                  EVENT,
                  business(EVENT),
                  "kyc.status.changed",
                  BaanxEvent.Status.PROCESSING,
                  "processing",
                  Instant.parse("2025-12-29T10:00:00Z"),
                  null));
    }
  }

  @Test
  void eventStatus_whenTheStatusIsAnUnknownWord_thenKeepsIt() {
    baanx.answer("GET /v1/webhooks/events/" + EVENT + "/status", event(EVENT, "parked"));
    try (BaanxClient client = baanx.client()) {
      assertThat(client.eventStatus(EVENT))
          .returns(BaanxEvent.Status.UNKNOWN, BaanxEvent::status)
          .returns("parked", BaanxEvent::providerStatus);
    }
  }

  @Test
  void eventLogs_whenRead_thenHaveKeysThatCanBeRetried() {
    baanx.eventLog(
        EVENT,
        attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed"),
        attempt(2, EVENT, WEBHOOK_B, 1, 1, "success"));
    try (BaanxClient client = baanx.client()) {
      assertThat(client.eventLogs(EVENT))
          .extracting(log -> log.key().id(), WebhookLog::logId, WebhookLog::status)
          .containsExactly(
              tuple(EVENT + "/" + WEBHOOK_A, attemptId(1), DeliveryStatus.FAILED),
              tuple(EVENT + "/" + WEBHOOK_B, attemptId(2), DeliveryStatus.SUCCEEDED));
    }
  }

  @Test
  void eventReads_whenTheIdIsNoUuidOrUnknown_thenSaySo() {
    try (BaanxClient client = baanx.client()) {
      assertThatThrownBy(() -> client.eventStatus("evt 1"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("event id is not a UUID");
      assertThatThrownBy(() -> client.eventLogs(".."))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("event id is not a UUID");
      assertThat(baanx.asked()).isEmpty();
      assertThatThrownBy(() -> client.eventStatus(EVENT))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("read event status");
    }
  }

  @Test
  void businessEventId_whenTheLogDoesNotTell_thenIsNull() {
    var key = new DeliveryKey("baanx", "test", EVENT + "/" + WEBHOOK_A);
    WebhookLog rebuilt = WebhookLog.builder(key, DeliveryStatus.FAILED).build();

    assertThat(BaanxClient.businessEventId(rebuilt)).isNull();
    assertThat(
            BaanxClient.businessEventId(
                WebhookLog.builder(key, DeliveryStatus.FAILED).json(JsonText.of("[{")).build()))
        .isNull();
  }
}
