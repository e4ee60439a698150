package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoOddRowsTest {
  private final StubVoiso stub = new StubVoiso();

  @AfterEach
  void close() {
    stub.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{\"event\": \"call.ended\"}", "{\"id\": {}}", "\"gone\""})
  void absence_from_a_list_of_v1_with_an_unreadable_row_proves_no_delivery(String odd) {
    try (VoisoClient client = stub.v1()) {
      RetryResult result = retriggered(client);
      stub.next(200, failures(odd));
      stub.next(200, failures());
      stub.next(200, failures(odd));
      assertThat(outcome(client, result).status()).isEqualTo(RetryOutcome.Status.PENDING);

      // A row that comes in between is seen by the second pass only.
      stub.next(200, failures("{\"id\": \"000a\"}"));
      stub.next(200, failures());
      stub.next(200, failures(odd, "{\"id\": \"000a\"}"));
      RetryOutcome outcome = outcome(client, result);
      assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.PENDING);
      assertThat(outcome.reason()).contains("cannot be read");

      assertThat(outcome(client, result).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    }
  }

  @Test
  void v4_is_asked_for_whole_seconds_that_hold_the_bounds() {
    try (VoisoClient client = stub.v4()) {
      assertAskedFor(client, "created_at[gte]", "created_at[lt]");
    }
  }

  @Test
  void v1_is_asked_for_whole_seconds_that_hold_the_bounds() {
    try (VoisoClient client = stub.v1()) {
      assertAskedFor(client, "start_date", "end_date");
    }
  }

  private void assertAskedFor(VoisoClient client, String from, String to) {
    client
        .failures(
            DeliveryQuery.builder()
                .since(Instant.parse("2026-03-15T10:00:00.900Z"))
                .until(Instant.parse("2026-03-15T10:00:01.000000001Z"))
                .build())
        .forEach(failure -> {});
    client
        .failures(
            DeliveryQuery.builder()
                .since(Instant.parse("2026-03-15T10:00:00Z"))
                .until(Instant.parse("2026-03-15T10:00:01Z"))
                .build())
        .forEach(failure -> {});

    assertThat(stub.requests().get(0))
        .contains(from + "=2026-03-15T10:00:00Z&")
        .contains(to + "=2026-03-15T10:00:02Z&");
    assertThat(stub.requests())
        .last()
        .asString()
        .contains(from + "=2026-03-15T10:00:00Z&")
        .contains(to + "=2026-03-15T10:00:01Z&");
  }

  private RetryResult retriggered(VoisoClient client) {
    stub.withFailures(1);
    FailedDelivery failure = client.failures(DeliveryQuery.all()).first().orElseThrow();
    RetryResult result = client.retry(failure);
    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    stub.time.advance(Duration.ofHours(1));
    return result;
  }

  private static RetryOutcome outcome(VoisoClient client, RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }

  private static String failures(String... rows) {
    return "{\"failures\": [" + String.join(",", rows) + "]}";
  }
}
