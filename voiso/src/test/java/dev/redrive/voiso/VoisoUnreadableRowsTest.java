package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoUnreadableRowsTest {
  private final StubVoiso stub = new StubVoiso();

  @AfterEach
  void close() {
    stub.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{\"event\": \"call.ended\"}", "{\"id\": {}}", "\"gone\""})
  void absenceFromAListOfV1WithAnUnreadableRowProvesNoDelivery(String odd) {
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
