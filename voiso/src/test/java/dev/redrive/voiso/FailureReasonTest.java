package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailureCause;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureReasonTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP 503, 503",
    "HTTP/1.1 502 Bad Gateway, 502",
    "500 Internal Server Error, 500",
    "404, 404",
    "Received status code 404, 404",
    "status: 410, 410",
    "Server responded with 401, 401",
    "Unexpected response (429), 429",
    "http_status=500, 500",
  })
  void statusIsReadFromTheReasonWhenItNamesOne(String reason, int status) {
    assertThat(FailureReason.httpStatus(reason)).isEqualTo(status);
    assertThat(cause(reason)).isEqualTo(FailureCause.ofHttpStatus(status));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection timeout",
        "Timeout after 500 ms",
        "Error: timed out after 500ms",
        "Connection to 10.0.0.4:443 refused",
        "connect to http://host:443 failed",
        "Net::OpenTimeout",
        "SSL certificate expired",
        "Failed to resolve host",
        "getaddrinfo: Name or service not known, DNS",
      })
  void noStatusIsInventedWhenTheEndpointDidNotAnswer(String reason) {
    assertThat(FailureReason.httpStatus(reason)).isNull();
    assertThat(cause(reason)).isEqualTo(FailureCause.NO_RESPONSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Delivery failed", "Exceeded 5 attempts", "Payload of 500 items"})
  void causeIsUnknownWhenTheReasonTellsNone(String reason) {
    assertThat(FailureReason.httpStatus(reason)).isNull();
    assertThat(cause(reason)).isEqualTo(FailureCause.UNKNOWN);
  }

  @Test
  void causeIsUnknownAndNotNoResponseWhenThereIsNoReason() {
    assertThat(cause(null)).isEqualTo(FailureCause.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 1_000_000})
  void longReasonIsReadAtOnceAndTellsItsCauseStill(int length) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String part :
              List.of("error status code was ", " status", "<", " ", "5", "a(", "-")) {
            String page = part.repeat(length / part.length());
            assertThat(FailureReason.httpStatus(page)).isNull();
            assertThat(cause("error" + page)).isEqualTo(FailureCause.UNKNOWN);
            assertThat(cause("HTTP 503 " + page)).isEqualTo(FailureCause.ofHttpStatus(503));
            assertThat(cause("Connection timeout: " + page)).isEqualTo(FailureCause.NO_RESPONSE);
          }
        });
  }

  private static FailureCause cause(String reason) {
    WebhookLog log =
        WebhookLog.builder(new DeliveryKey("voiso", "a", "1"), DeliveryStatus.FAILED)
            .httpStatus(FailureReason.httpStatus(reason))
            .error(reason)
            .build();
    return FailureReason.toFailedDelivery(log).cause();
  }
}
