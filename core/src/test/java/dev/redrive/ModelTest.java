package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final DeliveryKey KEY = new DeliveryKey("test", "account", "1");

  @ParameterizedTest
  @CsvSource({
    "0,NO_RESPONSE",
    "-1,NO_RESPONSE",
    "99,NO_RESPONSE",
    "100,UNKNOWN",
    "200,UNKNOWN",
    "301,REDIRECTED",
    "308,REDIRECTED",
    "400,CLIENT_ERROR",
    "401,UNAUTHORIZED",
    "403,UNAUTHORIZED",
    "404,NOT_FOUND",
    "405,NOT_FOUND",
    "407,UNAUTHORIZED",
    "408,CLIENT_ERROR",
    "410,GONE",
    "422,CLIENT_ERROR",
    "429,RATE_LIMITED",
    "500,SERVER_ERROR",
    "503,SERVER_ERROR",
    "599,SERVER_ERROR",
    "600,UNKNOWN",
    "2147483647,UNKNOWN"
  })
  void cause_followsFromTheEndpointsStatus(int status, FailureCause cause) {
    assertThat(FailureCause.ofHttpStatus(status)).isEqualTo(cause);
  }

  @ParameterizedTest
  @NullSource
  void cause_whenTheEndpointGaveNoStatus_isNoResponse(Integer status) {
    assertThat(FailureCause.ofHttpStatus(status)).isEqualTo(FailureCause.NO_RESPONSE);
  }

  @ParameterizedTest
  @EnumSource
  void cause_hasOneSentenceOfAdvice(FailureCause cause) {
    assertThat(cause.advice()).endsWith(".").hasSizeBetween(20, 120);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED,,DELIVERED",
    "FAILED,,FAILED_AGAIN",
    "FAILED,2026-03-01T13:00:00Z,PENDING",
    "PENDING,,PENDING",
    "UNKNOWN,,UNKNOWN"
  })
  void outcome_isWhatTheNewLogTells(
      DeliveryStatus status, Instant nextRetryAt, RetryOutcome.Status expected) {
    WebhookLog log =
        WebhookLog.builder(KEY, status)
            .providerStatus("odd\u001b[1m")
            .nextRetryAt(nextRetryAt)
            .build();
    var result = RetryResult.accepted(FailedDelivery.of(log), "1", NOON);

    RetryOutcome outcome = RetryOutcome.of(result, log);

    assertThat(outcome.status()).isEqualTo(expected);
    assertThat(outcome.log()).isEqualTo(log);
    assertThat(outcome.key()).isEqualTo(KEY);
    if (status == DeliveryStatus.UNKNOWN) {
      assertThat(outcome.reason())
          .isEqualTo("this version does not know the provider's status: odd [1m");
    } else {
      assertThat(outcome.reason()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"ACCEPTED,true", "UNKNOWN,true", "REJECTED,false", "NOT_SENT,false"})
  void needsOutcome_whenItMayHaveGoneOut(RetryResult.Status status, boolean needs) {
    var delivery = FailedDelivery.of(WebhookLog.builder(KEY, DeliveryStatus.FAILED).build());

    assertThat(new RetryResult(delivery, status, null, null, null, NOON).needsOutcome())
        .isEqualTo(needs);
  }

  @Test
  void resultsAndOutcomes_showNoUncleanedText() {
    var delivery = FailedDelivery.of(WebhookLog.builder(KEY, DeliveryStatus.FAILED).build());
    var result =
        new RetryResult(
            delivery, RetryResult.Status.UNKNOWN, "n\u001b[2J\r\n", "why\u0007\n", null, NOON);

    assertThat(result).hasToString("RetryResult[test:account:1, UNKNOWN, log n [2J, why]");
    assertThat(RetryOutcome.of(result, RetryOutcome.Status.PENDING, "not\u001b yet"))
        .hasToString("RetryOutcome[test:account:1, PENDING, not yet]");
  }

  @Test
  void exception_whenItWasSerialized_stillTellsTheCall() throws Exception {
    var call = new FailedCall("Test", "list logs", 503, "E1", "busy", "req-1");
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ProviderUnavailableException(call, null));
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var read = (ProviderUnavailableException) in.readObject();
      assertThat(read.call()).isEqualTo(call);
      assertThat(read.summary())
          .isEqualTo("Test: list logs failed with HTTP 503, code E1: busy (request req-1)");
    }
  }

  @Test
  void advice_whereARetryMayHaveBeenDone_saysToAskOutcomesFirst() {
    var call = FailedCall.withoutAnswer("Test", "retry log", "lost");

    assertThat(
            List.of(
                new NetworkException(call, null),
                new ProviderUnavailableException(call, null),
                new OperationInterruptedException("Test", "retry log")))
        .extracting(RedriveException::advice)
        .allMatch(
            advice ->
                advice.endsWith(
                    "A retry may have gone through: read its outcome before you repeat it."));
  }

  @Test
  void log_whenNothingElseIsSet_namesItselfByItsKey() {
    WebhookLog log = WebhookLog.builder(KEY, DeliveryStatus.FAILED).build();

    assertThat(log.logId()).isEqualTo("1");
    assertThat(log.lineage()).isEqualTo("1");
    assertThat(log.providerStatus()).isEqualTo("FAILED");
    assertThat(log.json()).isSameAs(JsonText.NONE);
    assertThat(log).hasToString("WebhookLog[test:account:1, FAILED]");
  }

  @Test
  void log_saysWhatItIsAndNothingSecret() {
    WebhookLog log =
        WebhookLog.builder(KEY, DeliveryStatus.FAILED)
            .logId("log 9")
            .event("e", "call.ended")
            .httpStatus(503)
            .createdAt(NOON)
            .build();

    assertThat(log)
        .hasToString(
            "WebhookLog[test:account:1, log log 9, call.ended, FAILED, HTTP 503,"
                + " 2026-03-01T12:00:00Z]");
  }

  /** One kept row must not hold its whole page. */
  @Test
  void jsonText_holdsItsOwnBytesAlone() throws Exception {
    byte[] page = new byte[1_000_000];

    JsonText slice = JsonText.slice(page, 6, 13);

    java.lang.reflect.Field bytes = JsonText.class.getDeclaredField("utf8");
    bytes.setAccessible(true);
    assertThat((byte[]) bytes.get(slice)).hasSize(7);
  }

  @Test
  void jsonText_slicesBytesAndComparesByContent() {
    byte[] bytes = "äöü{\"a\":1}ß".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    JsonText slice = JsonText.slice(bytes, 6, 13);

    assertThat(slice.text()).isEqualTo("{\"a\":1}");
    assertThat(slice)
        .isEqualTo(JsonText.of("{\"a\":1}"))
        .hasSameHashCodeAs(JsonText.of("{\"a\":1}"));
    assertThat(slice).isNotEqualTo(JsonText.of("{\"a\":2}")).isNotEqualTo(JsonText.NONE);
    assertThat(JsonText.NONE.text()).isEmpty();
    for (int[] bad : new int[][] {{-1, 1}, {2, 1}, {0, 100}}) {
      assertThatThrownBy(() -> JsonText.slice(bytes, bad[0], bad[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "null,null",
        "https://x.example/hook,https://x.example/hook",
        "https://user:pw@x.example:8443/hook?token=1#f,https://x.example:8443/hook",
        "https://my_host/hook?token=1,https://my_host/hook",
        "https://user:pw@my_host/hook,https://my_host/hook",
        "not a url ?token=1,not a url",
        "x.example/hook?token=1,x.example/hook",
        "'https://x.example/a b?to\nken=1',https://x.example/a b"
      })
  void endpoint_isShownWithoutWhatMayBeAToken(String url, String shown) {
    assertThat(ProviderText.endpoint(url)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "'  a  b  ','a b'",
    "'',''",
    "'\u202e\u200b\ufeff',''",
    "'a\u00a0b','a b'",
    "'\ud800x','x'",
    "'é😀','é😀'"
  })
  void clean_foldsWhatCannotBeSeen(String text, String clean) {
    assertThat(ProviderText.clean(text)).isEqualTo(clean);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 199, 200})
  void clean_cutsToSoManyCharacters(int most) {
    assertThat(ProviderText.clean("x".repeat(most), most)).isEqualTo("x".repeat(most));
    assertThat(ProviderText.clean("x".repeat(most + 1), most)).isEqualTo("x".repeat(most) + "…");
  }

  @Test
  void traits_whenACapabilityIsMissing_failByName() {
    var traits =
        ProviderTraits.builder("test", "Test Provider").capabilities(Capability.LOGS).build();

    traits.require(Capability.LOGS);
    assertThatThrownBy(() -> traits.require(Capability.WEBHOOKS))
        .isInstanceOfSatisfying(
            UnsupportedCapabilityException.class,
            e -> assertThat(e.capability()).isEqualTo(Capability.WEBHOOKS))
        .hasMessage(
            "Test Provider: listing webhooks failed: the provider's API does not support it."
                + " Check traits().capabilities() first.");
    assertThat(traits.batchSize()).isEqualTo(1);
    assertThat(traits.visibleFailures()).isNull();
  }

  @Test
  void rateLimit_whenItAllowsNothing_isRefused() {
    assertThat(new RateLimit(RateLimit.Scope.ALL, 1, Duration.ofMillis(1)).requests()).isEqualTo(1);
    for (var bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThatThrownBy(() -> new RateLimit(RateLimit.Scope.ALL, 1, bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new RateLimit(RateLimit.Scope.ALL, 0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void webhook_copiesItsEventTypes() {
    var webhook = new Webhook("w", null, null, null, null, Set.of("a"));

    assertThat(webhook).hasToString("Webhook[w]");
    assertThatThrownBy(() -> webhook.eventTypes().add("b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void systemTime_goesOnAndSleepsNotAtAllForZero() throws InterruptedException {
    TimeSource time = TimeSource.system();
    long start = time.nanoTime();

    time.sleep(Duration.ZERO);
    time.sleep(Duration.ofSeconds(-5));
    time.sleep(Duration.ofMillis(2));

    assertThat(time.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
    assertThat(time.now()).isAfter(Instant.parse("2024-01-01T00:00:00Z"));
  }
}
